"""What a drill sets, reads and restores, and its time."""
