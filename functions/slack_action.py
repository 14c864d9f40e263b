"""What people press in Slack: checked, put on record, and sent to the alarm's own function as a command.

Its URL is public; only what Slack has signed for our workspace counts. It holds no
remediation right.
"""

from responder.slack.inbound import function_url

handler = function_url.handle
needs = function_url.NEEDS
