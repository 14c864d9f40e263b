"""The scheduled checks: all in parallel, each with its own timeout, then filed and reported."""
