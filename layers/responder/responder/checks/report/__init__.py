"""A check's report: page, mail, Slack and JSON."""
