"""Following one incident: look, do what is due, report."""
