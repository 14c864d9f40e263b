"""One module per rhythm of the scheduled checks: its checks, in the order of the report."""
