"""The messages that the follow-up sends by itself."""
