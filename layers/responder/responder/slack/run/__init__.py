"""Slack: messages out, buttons in."""
