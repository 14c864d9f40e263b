"""The scheduled checks: all at once, each with its own time, then filed and reported."""
