"""What people decide, at both doors: Slack's buttons (`shell/slack`) and the signed requests of the console.

Every rule stands here once. A door only finds out who is there, and how that person is answered.
"""
