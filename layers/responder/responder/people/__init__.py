"""What people decide: by Slack's buttons (`slack/inbound`) and by the signed requests of the console.

Every rule stands here once. A door only finds out who is there, and how that person is answered.
"""
