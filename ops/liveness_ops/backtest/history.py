"""Past changes of alarms as CloudWatch keeps them, read for each type of alarm separately.

Without AlarmTypes AWS answers for metric alarms only; it keeps items for 30 days, also of alarms that are
deleted (API reference, DescribeAlarmHistory).
"""

import json
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any

from liveness_ops.listing import listed
from responder.core.alarm_event import AlarmEvent, AlarmState, parse
from responder.core.context import Gateway
from responder.core.deployed_alarm import TYPES
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json

# Further ahead than two clocks differ.
_AHEAD = timedelta(minutes=5)
_MOST = 100
# Fields of an alarm that do not affect when it fires.
_BESIDE = {
    "actionsEnabled",
    "alarmActions",
    "alarmConfigurationUpdatedTimestamp",
    "alarmDescription",
    "insufficientDataActions",
    "okActions",
}
_SUMMARY = re.compile(r"Alarm updated from (\w+) to (\w+)")


@frozen
class StateItem:
    """One change of state. `told`: AWS's data of the new state, `{}` where it cannot be read."""

    alarm: str
    type: str
    at: datetime
    old: AlarmState
    new: AlarmState
    told: Data = field(default_factory=dict)


@frozen
class AlarmUpdate:
    """The alarm itself was changed. `original`: the old values of what was changed, as AWS names it."""

    alarm: str
    at: datetime
    original: Data


@frozen
class History:
    """What was read, oldest first.

    Attributes:
        oldest: time of the oldest item found, of whichever alarm (UTC); None without any.
        unread: by type of alarm, the call that failed and its code.
        broken: items that cannot be read; `ahead`: items that are of a time to come.
    """

    since: datetime
    until: datetime
    states: tuple[StateItem, ...] = ()
    updates: tuple[AlarmUpdate, ...] = ()
    oldest: datetime | None = None
    unread: Mapping[str, str] = field(default_factory=dict)
    broken: int = 0
    ahead: int = 0

    @property
    def not_kept(self) -> int:
        """Whole days at the beginning of the period of which no item of any alarm is there."""
        return ((self.oldest or self.until) - self.since).days

    @cached_property
    def _of(self) -> Mapping[str, Sequence[StateItem]]:
        """The changes of each alarm."""
        found: dict[str, list[StateItem]] = defaultdict(list)
        for each in self.states:
            found[each.alarm].append(each)
        return found

    def ended(self, item: StateItem) -> datetime | None:
        """When the alarm was OK again after this change; None where it never was."""
        mine = self._of[item.alarm]
        later = islice(mine, bisect(mine, item.at, key=attrgetter("at")), None)
        return next((each.at for each in later if each.new is AlarmState.OK), None)

    def state_at(self, alarm: str, at: datetime) -> AlarmState | None:
        """The alarm's state at that time; None where no earlier change is kept."""
        mine = self._of.get(alarm, ())
        earlier = bisect(mine, at, key=attrgetter("at"))
        return mine[earlier - 1].new if earlier else None

    def original(self, alarm: str, name: str, at: datetime, current: Any) -> Any:
        """A value of the alarm at that time: the one that the next change replaced, otherwise the current
        one."""
        later = (each for each in self.updates if each.alarm == alarm and each.at > at)
        return next((each.original[name] for each in later if name in each.original), current)

    def redefined(self, alarm: str, at: datetime) -> datetime | None:
        """When its definition was changed first after that; None where it was not. What AWS has cut off may
        have been of the definition."""
        later = (each for each in self.updates if each.alarm == alarm and each.at > at)
        return next((each.at for each in later if not each.original or each.original.keys() - _BESIDE), None)


def read(aws: Gateway, since: datetime, until: datetime, alarms: Sequence[str] = ()) -> History:
    """The history of these alarms, or of all. A type that cannot be read is named and hides no other."""
    found: list[StateItem | AlarmUpdate | None] = []
    unread: dict[str, str] = {}
    times: list[datetime] = []
    for kind in TYPES:
        for asked in [{"AlarmName": each} for each in dict.fromkeys(alarms)] or [{}]:
            try:
                for item in _items(aws, kind, since, until, asked):
                    times.append(item["Timestamp"].astimezone(UTC))
                    found.append(_read(item, kind))
            except AwsError as error:
                unread[kind] = str(error)
    known = [each for each in found if each is not None and each.at <= until + _AHEAD]
    states = sorted((e for e in known if isinstance(e, StateItem)), key=lambda e: (e.at, e.alarm, e.new))
    updates = sorted((e for e in known if isinstance(e, AlarmUpdate)), key=lambda e: (e.at, e.alarm))
    return History(
        since,
        until,
        tuple(states),
        tuple(updates),
        min(times, default=None),
        unread,
        broken=found.count(None),
        ahead=sum(each > until + _AHEAD for each in times),
    )


def _items(aws: Gateway, kind: str, since: datetime, until: datetime, asked: Data) -> Iterator[Json]:
    for wanted in ("StateUpdate", "ConfigurationUpdate"):
        yield from listed(
            aws,
            "cloudwatch",
            "describe_alarm_history",
            "AlarmHistoryItems",
            AlarmTypes=[kind],
            HistoryItemType=wanted,
            StartDate=since,
            EndDate=until + timedelta(days=1),
            MaxRecords=_MOST,
            **asked,
        )


def _read(item: Data, kind: str) -> StateItem | AlarmUpdate | None:
    """None where it cannot be read."""
    at, alarm = item["Timestamp"].astimezone(UTC), item.get("AlarmName", "")
    data = _data(item)
    if item.get("HistoryItemType") == "ConfigurationUpdate":
        original = data.get("originalUpdatedFields")
        return AlarmUpdate(alarm, at, original if isinstance(original, Mapping) else {})
    words = _SUMMARY.search(item.get("HistorySummary", ""))
    said = words.groups() if words else ("", "")
    told = [_part(data, name) for name in ("oldState", "newState")]
    try:
        old, new = (AlarmState(each.get("stateValue") or word) for each, word in zip(told, said, strict=True))
    except ValueError:
        return None
    return StateItem(alarm, item.get("AlarmType") or kind, at, old, new, told[1])


def _data(item: Data) -> Data:
    """AWS cuts it at 4,095 letters, so it may be no JSON."""
    try:
        data = json.loads(item.get("HistoryData") or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, Mapping) else {}


def _part(data: Data, name: str) -> Data:
    part = data.get(name)
    return part if isinstance(part, Mapping) else {}


def event_of(item: StateItem, arn: str) -> AlarmEvent:
    """The event that EventBridge sent of this change, as far as the history has it.

    Raises BadEvent where the alarm's name or ARN is none.
    """
    reason = item.told.get("stateReasonData")
    told = json.dumps(reason) if isinstance(reason, Mapping) else reason
    state = {"value": item.new, "timestamp": item.at.isoformat(), "reasonData": told}
    found = parse({"resources": [arn], "detail": {"alarmName": item.alarm, "state": state}})
    return replace(found, at=item.at)
