"""EventBridge, Scheduler, SNS and SQS: from a service to a function, a queue or a person."""
