"""What remedies share: reading a target, comparing, writing, finishing and reverting."""
