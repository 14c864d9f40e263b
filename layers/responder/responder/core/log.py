"""The log: JSON lines of codes and identifiers; never free text of an event or of AWS."""

import traceback
from functools import cache

from aws_lambda_powertools import Logger


@cache
def log() -> Logger:
    """Made at first use, so that importing this module has no effect."""
    return Logger(service="liveness-responder", log_uncaught_exceptions=False)


def defect(error: Exception) -> dict[str, str]:
    """An error of our own for the log: its kind and place. Never its text, which may hold anything."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "-"
    return {"kind": type(error).__name__, "at": where}
