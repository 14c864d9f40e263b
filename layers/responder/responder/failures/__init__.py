"""What happens when a function of this stack failed: the event is kept, and on-call is told what to do by hand."""
