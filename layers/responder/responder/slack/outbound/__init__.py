"""What is posted to Slack."""
