"""Past alarms through today's decision: what the responder would have done, read only."""
