"""Open incidents without a follow-up, and changes that nothing reverts."""
