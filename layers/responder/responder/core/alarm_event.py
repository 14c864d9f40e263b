"""One state change of an alarm, read tolerantly from either shape AWS sends.

EventBridge puts it under `detail`; a direct alarm action under `alarmData`. First transitions have
no previous reasonData, metric math has no statistic, an anomaly band has no threshold, a composite and a log
alarm have no metrics: none of it is needed here (AWS: Alarm events and EventBridge; Using Amazon CloudWatch
alarms with Lambda).
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from responder.core.errors import BadEvent
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.refusals import Refusal
from responder.core.switches import Silence, name_of
from responder.core.text import text
from responder.core.timestamps import sound

SLUG_LENGTH = 40
# The responder's own field in addition to those of EventBridge, which no event from outside can have.
REDRIVEN = "redriven-by"
_NAME_LIMIT = 255
_SUPPRESSED = "actionsSuppressedBy"
_CONTRIBUTOR = "CloudWatch Alarm Contributor State Change"


class AlarmState(StrEnum):
    """The three states of a CloudWatch alarm."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@frozen
class AlarmEvent:
    """What a response needs of the event.

    Attributes:
        at: when the state changed (UTC); with `arn` and `state` it identifies the change.
        first: the first datapoint that was judged (UTC), where the event holds it.
        replayed: came from an EventBridge archive or once more from a queue, so it is about the past.
        redriven_by: the registered person who had it delivered again from the queue of failed messages;
            empty for every other event.
        silences: what kept the alarm from acting at that moment.
        released: the same state once more, as a composite alarm's actions are suppressed no more.
    """

    arn: str
    name: str
    state: AlarmState
    at: datetime
    account: str
    region: str
    replayed: bool = False
    first: datetime | None = None
    silences: tuple[Silence, ...] = ()
    released: bool = False
    redriven_by: str = ""

    @property
    def key(self) -> str:
        """The key of one state change, whatever delivered it, and however often."""
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
    arn = _arn(whole, name, direct)
    parts, before = arn.split(":"), change.get("previousState")
    released = bool(_part(before, _SUPPRESSED)) and not state.get(_SUPPRESSED)
    try:
        new_state = AlarmState(str(state.get("value")))
    except ValueError:
        raise BadEvent("state.value") from None
    return AlarmEvent(
        arn=arn,
        name=name,
        state=new_state,
        at=_time(state.get("timestamp")),
        account=parts[4],
        region=parts[3],
        replayed=bool(whole.get("replay-name")),
        first=_first_datapoint(state),
        silences=tuple(_silences(state, change)),
        released=released and _part(before, "value") == state.get("value"),
        redriven_by=_word(whole[REDRIVEN], REDRIVEN) if REDRIVEN in whole else "",
    )


def of_contributor(event: object) -> bool:
    """It is about one time series of an alarm on several; the alarm's own change is a separate event.

    A contributor that is OK does not change the alarm's own state, though the alarm's name is in the event
    (AWS: Alarm events and EventBridge, multi time series alarm).
    """
    named = (_part(_part(event, each), "alarmContributor") for each in ("detail", "alarmData"))
    return _part(event, "detail-type") == _CONTRIBUTOR or any(each is not None for each in named)


def _part(value: object, field: str) -> Any:
    return value.get(field) if isinstance(value, Mapping) else None


def _silences(state: Data, change: Data) -> Iterator[Silence]:
    """Of a composite alarm, that another one suppresses its actions. Muted whatever the event says of the
    rule: one that cannot be read counts as a rule."""
    if phase := state.get(_SUPPRESSED):
        suppressor = name_of(_part(change.get("configuration"), "actionsSuppressor"))
        yield Silence(Refusal.SUPPRESSED(name=suppressor, phase=name_of(phase)))
    if (detail := change.get("muteDetail")) is not None:
        try:
            until = _time(_part(detail, "muteWindowEnd"))
        except BadEvent:
            until = None
        end = f"{until:%Y-%m-%dT%H:%M:%SZ}" if until else text("guard.until_schedule")
        yield Silence(Refusal.MUTED_EVENT(name=name_of(_part(detail, "mutedByArn")), until=end), until)


def _first_datapoint(state: Data) -> datetime | None:
    """The first datapoint's time. It only dates the beginning, so an event without it is valid, too."""
    try:
        return _time(json.loads(state["reasonData"])["startDate"])
    except (BadEvent, KeyError, RecursionError, TypeError, ValueError):
        return None


def _mapping(value: object, field: str) -> Data:
    if not isinstance(value, Mapping):
        raise BadEvent(field)
    return value


def _word(value: object, field: str) -> str:
    if not isinstance(value, str) or not value or len(value) > _NAME_LIMIT or not value.isprintable():
        raise BadEvent(field)
    return value


def _arn(whole: Data, name: str, direct: bool) -> str:
    resources = whole.get("resources")
    listed = resources[0] if isinstance(resources, list) and resources else None
    value = whole.get("alarmArn") if direct else listed
    if not isinstance(value, str) or not re.fullmatch(
        r"arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.{1,255}", value
    ):
        raise BadEvent("alarm arn")
    if value.split(":", 6)[6] != name:
        raise BadEvent("alarm arn")
    return value


def _time(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise BadEvent("state.timestamp") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not sound(moment):
        raise BadEvent("state.timestamp")
    return moment.astimezone(UTC)
