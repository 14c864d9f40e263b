"""When a function of this stack failed: its event is stored, and on-call gets the manual's steps."""
