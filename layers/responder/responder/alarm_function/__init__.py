"""What an alarm's Lambda function does with what it receives: a state change of its alarm, or a command."""
