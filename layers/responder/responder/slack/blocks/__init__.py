"""Reports as Slack blocks."""
