"""Every message of the topic in Slack: one message per incident, edited as it goes, details in its thread.
Deployed only where there is a secret of Slack."""

from responder.shell.slack import post
from responder.shell.slack.post_needs import NEEDS

handler = post.handle
needs = NEEDS
