"""What people on call do from a terminal: acknowledge, approve, reject, take back."""
