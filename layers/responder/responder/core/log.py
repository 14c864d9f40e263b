"""The log: JSON lines of codes and identifiers; never free text of an event or of AWS."""

from functools import cache

from aws_lambda_powertools import Logger


@cache
def log() -> Logger:
    """Made at first use, so that importing this module has no effect."""
    return Logger(service="liveness-responder", log_uncaught_exceptions=False)
