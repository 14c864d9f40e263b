"""Lambda: functions, their updates, invocations, URLs and workers."""
