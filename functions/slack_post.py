"""Every message of the topic in Slack: one message per incident, edited as it goes, details in its thread.
Deployed only where there is a secret of Slack."""

from responder.slack.outbound import post

handler = post.handle
needs = post.NEEDS
