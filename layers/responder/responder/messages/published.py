"""What was published to our topic, in the event that SNS hands to a function."""

import json
from collections.abc import Mapping
from typing import Any

from responder.core.errors import BadEvent


def published(event: Any) -> Mapping[str, Any]:
    """The JSON of the message; empty where that is no object. Raises BadEvent where there is no message."""
    try:
        (record,) = event["Records"]
        found = json.loads(record["Sns"]["Message"])
    except (KeyError, RecursionError, TypeError, ValueError):
        raise BadEvent("Records") from None
    return found if isinstance(found, Mapping) else {}


def of_schema(event: Any, schema: str) -> Mapping[str, Any] | None:
    """The message of this schema; None where the event is anything else."""
    try:
        found = published(event)
    except BadEvent:
        return None
    return found if found.get("schema") == schema and isinstance(found.get("id"), str) else None
