"""What people on call do from a terminal: acknowledge, approve, reject, revert."""
