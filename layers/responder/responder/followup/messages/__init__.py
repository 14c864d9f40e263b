"""The messages of the follow-up."""
