"""The head row of an incident: what was last told, who follows it, and what the follow-up remembers.

The next incident takes over the alarm's pointer; this row stays."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from responder.aws.items import from_item, to_item, typed
from responder.decision import Decision, read
from responder.errors import Changed
from responder.gateway import Gateway
from responder.incidents import rows
from responder.incidents.incident import Incident
from responder.mode import Severity


@dataclass(frozen=True, slots=True)
class Head:
    """As stored.

    Attributes:
        first: time of the first datapoint that led to ALARM, where the event told it (UTC).
        told: when on-call was told first (UTC).
        slug: the playbook's short name; `<stack>-<slug>` is the function that takes commands.
        generation: which execution of the follow-up is in charge; an older one ends itself.
        next_look: by when it looks again (UTC); None before its first look.
        watch: what it remembers, as `responder.watch.memory` writes it.
    """

    incident: str
    alarm: str
    slug: str
    severity: Severity
    opened: datetime
    decision: Decision | None = None
    first: datetime | None = None
    told: datetime | None = None
    generation: int = 1
    next_look: datetime | None = None
    watch: Mapping[str, Any] = field(default_factory=dict)

    @property
    def execution(self) -> str:
        """The name of its follow-up: at most 57 + 7 characters of letters, digits, - and _."""
        return f"{self.incident}-g{self.generation}"


def load(aws: Gateway, table: str, incident: str) -> Head | None:
    """The head of an incident; None before its first response."""
    answer = aws.call("dynamodb", "get_item", TableName=table, Key=_key(incident), ConsistentRead=True)
    return _head(from_item(answer["Item"])) if answer.get("Item") else None


def decided(  # noqa: PLR0913  one value per part of the row
    aws: Gateway,
    table: str,
    incident: Incident,
    slug: str,
    severity: Severity,
    made: Decision,
    began: tuple[datetime, datetime],
) -> Head:
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
    return _head(from_item(answer["Attributes"]))


def remember(aws: Gateway, table: str, head: Head, watch: Mapping[str, Any], next_look: datetime) -> bool:
    """What the follow-up keeps between its looks; False where a later generation is in charge."""
    return _update(
        aws,
        table,
        head,
        "SET watch = :watch, next_look = :next",
        {":watch": json.dumps(watch, ensure_ascii=False, sort_keys=True), ":next": rows.stamp(next_look)},
    )


def next_generation(aws: Gateway, table: str, head: Head, until: datetime) -> bool:
    """Put another execution in charge, which has until `until` to look; False where somebody was first."""
    change = "SET generation = generation + :one, next_look = :next"
    return _update(aws, table, head, change, {":one": 1, ":next": rows.stamp(until)})


def _update(aws: Gateway, table: str, head: Head, change: str, values: Mapping[str, Any]) -> bool:
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


def _head(row: Mapping[str, Any]) -> Head:
    return Head(
        incident=row["incident"],
        alarm=row["alarm"],
        slug=row["slug"],
        severity=Severity(row["severity"]),
        opened=datetime.fromisoformat(row["opened"]),
        decision=read(json.loads(row["decision"])) if row.get("decision") else None,
        first=_time(row.get("first")),
        told=_time(row.get("told")),
        generation=row["generation"],
        next_look=_time(row.get("next_look")),
        watch=json.loads(row["watch"]) if row.get("watch") else {},
    )


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
