"""Slack: what is posted, and which buttons are pressed. No other package imports slack_sdk."""
