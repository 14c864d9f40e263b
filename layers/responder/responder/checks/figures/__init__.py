"""The figures of the manual's daily list, and the health of each function."""
