"""The scheduled checks, run manually: the same code, the caller's credentials, the page in a file; and the
findings that people accept."""
