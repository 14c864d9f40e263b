"""What people press in Slack: checked, put on record, and sent to the alarm's own function as a command.

Anybody on the Internet can call its URL; only what Slack has signed for our workspace counts. It holds no
remediation right.
"""

from responder.shell.slack import door
from responder.shell.slack.action_needs import NEEDS

handler = door.handle
needs = NEEDS
