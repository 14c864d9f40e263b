"""What people decide: by Slack's buttons (`slack/inbound`) and by the signed requests of the console.

Every rule is here once. The console and Slack only find out who the person is, and how to answer.
"""
