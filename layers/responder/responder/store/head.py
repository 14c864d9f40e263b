"""The head row of an incident: what was last told, who follows it, and what the follow-up remembers.

The next incident takes over the alarm's pointer; this row stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from responder.aws.items import from_item, to_item, typed
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.core.last_decision import LastDecision
from responder.core.modes import Severity
from responder.followup_rules import FollowUpMemory
from responder.store import rows
from responder.store.head_row import IncidentHead, head_of
from responder.store.incident import Incident


def load(aws: Gateway, table: str, incident: str) -> IncidentHead | None:
    """The head of an incident; None before its first response."""
    answer = aws.call("dynamodb", "get_item", TableName=table, Key=_key(incident), ConsistentRead=True)
    return head_of(from_item(answer["Item"])) if answer.get("Item") else None


def decided(  # noqa: PLR0913  one value per part of the row
    aws: Gateway,
    table: str,
    incident: Incident,
    slug: str,
    severity: Severity,
    made: LastDecision,
    began: tuple[datetime, datetime],
) -> IncidentHead:
    """Put down what was told; the first time it makes the row. `began`: first datapoint, first message."""
    values = {
        ":incident": incident.id,
        ":alarm": incident.alarm,
        ":slug": slug,
        ":severity": severity.value,
        ":opened": rows.stamp(incident.opened),
        ":decision": rows.pack(made),
        ":one": 1,
        ":first": rows.stamp(began[0]),
        ":told": rows.stamp(began[1]),
        ":expires": int((incident.opened + rows.KEPT).timestamp()),
    }
    answer = aws.call(
        "dynamodb",
        "update_item",
        TableName=table,
        Key=_key(incident.id),
        UpdateExpression=(
            "SET incident = :incident, alarm = :alarm, slug = :slug, severity = :severity, opened = :opened, "
            "decision = :decision, expires = :expires, generation = if_not_exists(generation, :one), "
            "#first = if_not_exists(#first, :first), told = if_not_exists(told, :told)"
        ),
        ExpressionAttributeNames={"#first": "first"},
        ExpressionAttributeValues=to_item(values),
        ReturnValues="ALL_NEW",
    )
    return head_of(from_item(answer["Attributes"]))


def remember(
    aws: Gateway, table: str, head: IncidentHead, watch: FollowUpMemory, next_look: datetime
) -> bool:
    """What the follow-up keeps between its looks; False where a later generation is in charge."""
    return _update(
        aws,
        table,
        head,
        "SET watch = :watch, next_look = :next",
        {":watch": rows.pack(watch), ":next": rows.stamp(next_look)},
    )


def next_generation(aws: Gateway, table: str, head: IncidentHead, until: datetime) -> bool:
    """Put another execution in charge, which has until `until` to look; False where somebody was first."""
    change = "SET generation = generation + :one, next_look = :next"
    return _update(aws, table, head, change, {":one": 1, ":next": rows.stamp(until)})


def _update(aws: Gateway, table: str, head: IncidentHead, change: str, values: Mapping[str, Any]) -> bool:
    try:
        aws.call(
            "dynamodb",
            "update_item",
            TableName=table,
            Key=_key(head.incident),
            UpdateExpression=change,
            ConditionExpression="generation = :mine",
            ExpressionAttributeValues=to_item({**values, ":mine": head.generation}),
        )
    except Changed:
        return False
    return True


def _key(incident: str) -> dict[str, Any]:
    return {"pk": typed(f"INCIDENT#{incident}"), "sk": typed("HEAD")}
