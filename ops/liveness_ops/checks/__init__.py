"""The scheduled checks by hand: the same code, the caller's credentials, the page in a file; and the findings
that people accept."""
