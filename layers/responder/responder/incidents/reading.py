"""Everything that is on record about one incident."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from responder.asked import Asked
from responder.aws.items import from_item, typed
from responder.gateway import Gateway
from responder.incidents import rows


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the timeline. `kind` is what happened (`verdict`, `applying`, `told`, `state`, …),
    `data` the JSON that was put down with it."""

    at: datetime
    kind: str
    data: Any


def steps(aws: Gateway, table: str, incident: str) -> tuple[Step, ...]:
    """Oldest first."""
    return tuple(map(_step, _rows(aws, table, incident, "STEP#")))


def proposals(aws: Gateway, table: str, incident: str) -> tuple[Asked, ...]:
    """Each as it was last asked."""
    return tuple(map(rows.asked, _rows(aws, table, incident, "PROPOSAL#")))


def _rows(aws: Gateway, table: str, incident: str, prefix: str) -> Iterator[Mapping[str, Any]]:
    pages = aws.pages(
        "dynamodb",
        "query",
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues={":pk": typed(f"INCIDENT#{incident}"), ":sk": typed(prefix)},
        ConsistentRead=True,
    )
    for page in pages:
        yield from map(from_item, page.get("Items", []))


def _step(row: Mapping[str, Any]) -> Step:
    at = str(row["sk"]).split("#")[1]
    return Step(datetime.fromisoformat(at), str(row["kind"]), json.loads(row["data"]))
