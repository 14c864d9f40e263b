"""The scheduled checks by hand: the same code, the caller's credentials, the page in a file; and which findings
people accept."""
