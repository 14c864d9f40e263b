"""One state change of an alarm, read tolerantly from either shape AWS sends.

EventBridge puts it under `detail`; a direct alarm action under `alarmData`. First transitions have
no previous reasonData, metric math has no statistic, a composite has no metrics: none of it is
needed here (AWS: Alarm events and EventBridge; Using Amazon CloudWatch alarms with Lambda).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from responder.errors import BadEvent
from responder.moments import sound

SLUG_LENGTH = 40
_NAME_LIMIT = 255


class State(StrEnum):
    """The three states of a CloudWatch alarm."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """What a response needs of the event.

    Attributes:
        at: when the state changed (UTC); with `arn` and `state` it identifies the change.
        first: the first datapoint that was judged (UTC), where the event tells it.
        replayed: came from an EventBridge archive, so it tells of the past.
    """

    arn: str
    name: str
    state: State
    at: datetime
    account: str
    region: str
    replayed: bool = False
    first: datetime | None = None

    @property
    def key(self) -> str:
        """One state change, whatever delivered it, however often."""
        return f"{self.arn}|{self.state}|{self.at.isoformat()}"

    @property
    def slug(self) -> str:
        """What the incident ids of this alarm begin with."""
        return slug(self.name)


def slug(alarm: str) -> str:
    """An alarm's name in letters, digits and dashes, at most 40 characters (cut with a hash)."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", alarm).strip("-") or "alarm"
    if len(plain) <= SLUG_LENGTH and plain == alarm:
        return plain
    digest = hashlib.sha256(alarm.encode()).hexdigest()[:8]
    return f"{plain[: SLUG_LENGTH - 9].rstrip('-')}-{digest}"


def parse(event: object) -> AlarmEvent:
    """Read an alarm event.

    Raises:
        BadEvent: names the field that is missing or unreadable.
    """
    whole = _mapping(event, "event")
    direct = "alarmData" in whole
    change = _mapping(whole.get("alarmData" if direct else "detail"), "alarmData" if direct else "detail")
    state = _mapping(change.get("state"), "state")
    name = _word(change.get("alarmName"), "alarmName")
    arn = _arn(whole.get("alarmArn") if direct else _first(whole.get("resources")), name)
    parts = arn.split(":")
    return AlarmEvent(
        arn=arn,
        name=name,
        state=_state(state.get("value")),
        at=_time(state.get("timestamp")),
        account=parts[4],
        region=parts[3],
        replayed=bool(whole.get("replay-name")),
        first=_first_datapoint(state),
    )


def _first_datapoint(state: Mapping[str, Any]) -> datetime | None:
    """It only dates the beginning, so an event without it is as good."""
    try:
        told = json.loads(state["reasonData"])
        return _time(told["startDate"])
    except (BadEvent, KeyError, RecursionError, TypeError, ValueError):
        return None


def _mapping(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadEvent(field)
    return value


def _word(value: object, field: str) -> str:
    if not isinstance(value, str) or not value or len(value) > _NAME_LIMIT or not value.isprintable():
        raise BadEvent(field)
    return value


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None


def _arn(value: object, name: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(
        r"arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.{1,255}", value
    ):
        raise BadEvent("alarm arn")
    if value.split(":", 6)[6] != name:
        raise BadEvent("alarm arn")
    return value


def _state(value: object) -> State:
    try:
        return State(str(value))
    except ValueError:
        raise BadEvent("state.value") from None


def _time(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise BadEvent("state.timestamp") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not sound(moment):
        raise BadEvent("state.timestamp")
    return moment.astimezone(UTC)
