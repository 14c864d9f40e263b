"""CloudWatch: alarms of every type, their history and events, metrics."""
