"""CloudWatch Logs: patterns, queries, metric filters."""
