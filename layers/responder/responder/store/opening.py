"""Opening, joining and marking an incident: one conditional write where nothing is in the way."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from responder.aws.items import from_item, typed
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.context import Gateway
from responder.core.errors import Changed, Unreachable
from responder.followup_rules.memory import EarlierIncident
from responder.store import rows
from responder.store.incident import Incident, incident_id

_SET = (
    "SET incident = :id, slug = :slug, alarm = :alarm, opened = :at, #state = :state, state_at = :at, "
    "closed = :no REMOVE ok_since"
)
_FREE = (
    "attribute_not_exists(incident) OR (closed = :yes AND state_at < :at) OR "
    "(incident = :id AND state_at = :at AND #state = :state)"
)
_STATE = {"#state": "state"}
# That no data comes after OK (at night) ends no calm: only ALARM does.
_SINCE = {
    AlarmState.OK: ", ok_since = if_not_exists(ok_since, :at)",
    AlarmState.ALARM: " REMOVE ok_since",
    AlarmState.INSUFFICIENT_DATA: "",
}
_NEWER = "incident = :id AND (state_at < :at OR (state_at = :at AND #state = :state))"
_GOES_ON = " AND closed = :no"
# One partition for all alarms: what is open is found without a scan.
ALARMS = "ALARMS"


def start(aws: Gateway, table: str, event: AlarmEvent) -> Incident | None:
    """A new incident for this alarm, or None with the present one read by `current` in the way.

    The same event again finds its own incident: the write is the same, and harmless. Once a later
    state is known it is in the way, so that a late repeat never takes an incident back.
    """
    try:
        try:
            return _write(aws, table, event, _FREE, {":yes": True})
        except Unreachable:
            # It may have taken effect; the same write again is harmless, and without it nobody would follow.
            return _write(aws, table, event, _FREE, {":yes": True})
    except Changed:
        return None


def replace(
    aws: Gateway, table: str, event: AlarmEvent, old: Incident, left: EarlierIncident | None = None
) -> Incident:
    """A new incident after one that is over. Raises Changed where another response was first. `left`: what
    the old one leaves, where it was not closed before.

    An OK that overtook this ALARM stands on the old one; it is this one's end.
    """
    opened = _write(aws, table, event, "incident = :old", {":old": old.id}, left)
    if old.state is AlarmState.OK and old.state_at > event.at:
        mark(aws, table, dataclasses.replace(event, state=AlarmState.OK, at=old.state_at), opened.id)
    return opened


def current(aws: Gateway, table: str, slug: str) -> Incident | None:
    """The incident an alarm points to, open or not."""
    answer = aws.call("dynamodb", "get_item", TableName=table, Key=key(slug), ConsistentRead=True)
    return rows.incident(from_item(answer["Item"])) if answer.get("Item") else None


def mark(aws: Gateway, table: str, event: AlarmEvent, incident: str) -> bool:
    """Write the alarm's state on its incident; False where a later state is already there, or where an ALARM
    comes to one that is closed: nobody follows that any more."""
    update = "SET #state = :state, state_at = :at" + _SINCE[event.state]
    raised = event.state is AlarmState.ALARM
    values = {":state": event.state.value, ":at": rows.stamp(event.at), ":id": incident}
    try:
        aws.call(
            "dynamodb",
            "update_item",
            TableName=table,
            Key=key(event.slug),
            UpdateExpression=update,
            # The same state again is a repeat whose step may not be on record yet.
            ConditionExpression=_NEWER + (_GOES_ON if raised else ""),
            ExpressionAttributeNames=_STATE,
            ExpressionAttributeValues=_values({**values, ":no": False} if raised else values),
        )
    except Changed:
        return False
    return True


def rejoin(aws: Gateway, table: str, event: AlarmEvent, present: Incident) -> bool:
    """Write an ALARM on the incident that goes on; False where it was closed or replaced meanwhile."""
    if mark(aws, table, event, present.id):
        return True
    now = current(aws, table, event.slug)
    # Open still: a later state is known already, and stands.
    return now is not None and now.id == present.id and not now.closed


def _write(  # noqa: PLR0913  one value per part of the write
    aws: Gateway,
    table: str,
    event: AlarmEvent,
    condition: str,
    more: Mapping[str, Any],
    left: EarlierIncident | None = None,
) -> Incident:
    values = {
        ":id": incident_id(event),
        ":slug": event.slug,
        ":alarm": event.name,
        ":at": rows.stamp(event.at),
        ":state": event.state.value,
        ":no": False,
    }
    leaves = {":left": rows.pack(left)} if left is not None else {}
    answer = aws.call(
        "dynamodb",
        "update_item",
        TableName=table,
        Key=key(event.slug),
        UpdateExpression=_SET.replace(" REMOVE", ", earlier = :left REMOVE") if leaves else _SET,
        ConditionExpression=condition,
        ExpressionAttributeNames=_STATE,
        ExpressionAttributeValues=_values({**values, **more, **leaves}),
        ReturnValues="ALL_NEW",
    )
    return rows.incident(from_item(answer["Attributes"]))


def key(slug: str) -> dict[str, Any]:
    """The key of an alarm's pointer."""
    return {"pk": typed(ALARMS), "sk": typed(slug)}


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: typed(value) for name, value in values.items()}
