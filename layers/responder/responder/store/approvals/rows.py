"""The rows as they are stored."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.aws.items import partition
from responder.core.context import Gateway

ACK = "ACK#"
CLOSE = "CLOSE#"
# The writer's clock may be a little ahead of ours.
SKEW = timedelta(minutes=2)

type DecisionRow = Mapping[str, Any]
type DecisionRows = tuple[DecisionRow, ...]


def rows(aws: Gateway, table: str, pk: str) -> DecisionRows:
    """Every row about a proposal (its id), of acknowledgements (`ACK#<incident>`), or of requests to close an
    incident (`CLOSE#<incident>`).

    Raises our errors when the table cannot be read.
    """
    return tuple(partition(aws, table, pk))


def written(row: DecisionRow) -> datetime | None:
    """When a row says it was written; None where it does not say it with a time zone."""
    try:
        moment = datetime.fromisoformat(str(row.get("at")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
