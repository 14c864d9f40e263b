"""Whether every remedy would work now, and whether its messages arrive."""
