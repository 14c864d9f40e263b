"""One module per rhythm of the scheduled checks: its checks, in the order in which they are told."""
