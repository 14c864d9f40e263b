"""AWS as a response saw it then: a `Gateway` that reads as of a given time and can write nothing."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any

from liveness_ops.backtest.configuration import OPERATIONS, Configuration
from liveness_ops.backtest.history import History
from liveness_ops.backtest.unknown import NotRecordedError, Unknown, not_recorded
from liveness_ops.backtest.writes import PAGE, SECOND
from liveness_ops.listing import listed
from responder.core.alarm_event import AlarmState
from responder.core.context import Gateway
from responder.core.deployed_alarm import LISTS, describe_all
from responder.core.errors import AwsError, Missing, NotSubscribed, Rejected
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.reasons import ExplainedReason
from responder.core.switches import name_of

# How long CloudWatch keeps datapoints of a minute; older ones are there of five minutes (GetMetricData).
MINUTES_KEPT = timedelta(days=15)
_FIVE, _MINUTE = 300, 60
_MUTING = ("PutAlarmMuteRule", "DeleteAlarmMuteRule")
_MOST_NAMED = 200


@frozen
class Present:
    """What is read once of a whole back-test. `now`: when it began (UTC)."""

    aws: Gateway
    now: datetime
    history: History
    configuration: Configuration
    alarms: Mapping[str, Data]


def alarms_now(aws: Gateway) -> dict[str, Data]:
    """Every alarm of the Region by its name. Raises our errors."""
    return {each["AlarmName"]: each for each in describe_all(aws)}


class PastGateway(Gateway):
    """A `Gateway` as of `at`. It keeps what was read, so that the same questions asked once more need no
    request; `fetched` counts those that did.

    Attributes:
        unknown: what of then is not on record, each once.
        coarse: datapoints of a minute are no longer kept: figures are of five minutes.
    """

    def __init__(self, present: Present, at: datetime) -> None:
        self._present, self._at = present, at
        self._once = present.configuration.once
        self.unknown: dict[str, ExplainedReason[Unknown]] = {}
        self.coarse = False
        self.fetched = 0
        self._kept: dict[str, Future[Json]] = {}
        self._lock = Lock()

    def note(self, unknown: ExplainedReason[Unknown]) -> None:
        """This is not on record."""
        with self._lock:
            self.unknown[repr((unknown.kind, sorted(unknown.values.items())))] = unknown

    def call(self, service: str, operation: str, /, **asked: Any) -> Json:
        """As of a `Gateway`. Raises Rejected for what is no known read."""
        with self._failing(service, operation):
            if operation in OPERATIONS:
                return self._present.configuration.answer(service, operation, asked, self._at)
            if operation == "lookup_events":
                return self._lookup(service, asked)
            if (read := _READS.get(operation)) is not None:
                return read(self, asked)
        raise Rejected(service, operation, "ReadOnly")

    @contextmanager
    def _failing(self, service: str, operation: str) -> Iterator[None]:
        """A read that fails today does not show what it answered then. What does not exist and what the
        account has not subscribed to are answers."""
        try:
            yield
            return
        except (Missing, NotSubscribed):
            raise
        except NotRecordedError as error:
            why, service = error.reason, service.partition("@")[0]
        except AwsError as error:
            why = Unknown.UNREAD(call=str(error))
        self.note(why)
        raise not_recorded(service, operation) from None

    # --- CloudTrail

    def _lookup(self, service: str, asked: Data) -> Json:
        (wanted,) = asked["LookupAttributes"]
        if wanted["AttributeKey"] != "ReadOnly":
            return self._named(service, wanted["AttributeValue"])
        writes = self._present.configuration.writes.get(service)
        # A response would have read further back than what is there.
        if writes is None or (writes.unread and writes.since > asked["StartTime"]):
            raise NotRecordedError(Unknown.TRAIL_UNREAD(call=writes.unread if writes else service))
        return writes.lookup(asked["StartTime"], self._at, asked.get("NextToken", ""))

    def _named(self, service: str, name: str) -> Json:
        """Events of one name, of the last 90 days, which CloudTrail keeps: the newest page of then."""

        def ask() -> tuple[list[Json], bool]:
            given: Json = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}]}
            found: list[Json] = []
            while len(found) < _MOST_NAMED:
                page = self._present.aws.call(service, "lookup_events", **given)
                found += page.get("Events", ())
                if not page.get("NextToken"):
                    return found, True
                given["NextToken"] = page["NextToken"]
            return found, False

        events, whole = self._once(f"{service} {name}", ask)
        earlier = [each for each in events if each["EventTime"] <= self._at][:PAGE]
        if not whole and len(earlier) < PAGE:
            # Too many have come since to read on to them.
            raise NotRecordedError(Unknown.TRAIL_UNREAD(call=f"LookupEvents {name}"))
        return {"Events": earlier}

    # --- alarms

    def _alarm(self, asked: Data) -> Json:
        (name,) = asked["AlarmNames"]
        row = self._present.alarms.get(name)
        if row is None:
            raise NotRecordedError(Unknown.ALARM_GONE(alarm=name))
        history = self._present.history
        kind = "LogAlarm" if "ScheduledQueryConfiguration" in row else "MetricAlarm"
        kind = "CompositeAlarm" if "AlarmRule" in row else kind
        if kind in history.unread:
            # Whether its actions were disabled then may not have been read.
            raise NotRecordedError(Unknown.UNREAD(call=history.unread[kind]))
        state = history.state_at(name, self._at)
        if (changed := history.redefined(name, self._at)) is not None:
            self.note(Unknown.ALARM_CHANGED(alarm=name, at=f"{changed:%Y-%m-%dT%H:%M:%SZ}"))
        kept = {
            key: each for key, each in row.items() if not key.startswith(("State", "ActionsSupp", "Eval"))
        }
        then = {
            **kept,
            "StateValue": state or row["StateValue"],
            "ActionsEnabled": history.original(name, "actionsEnabled", self._at, row.get("ActionsEnabled")),
        }
        return {LISTS[kind]: [then | self._suppression(row)]}

    def _suppression(self, row: Data) -> Json:
        """A composite alarm is silent while its suppressor is in ALARM, and while it waits for that."""
        if "ActionsSuppressor" not in row:
            return {}
        state = self._present.history.state_at(name_of(row["ActionsSuppressor"]), self._at)
        if state is None:
            self.note(Unknown.SUPPRESSOR(name=name_of(row["ActionsSuppressor"])))
        phase = "Alarm" if state is AlarmState.ALARM else "WaitPeriod"
        silent = state is AlarmState.ALARM or bool(row.get("ActionsSuppressorWaitPeriod"))
        by = {"ActionsSuppressedBy": phase} if silent else {}
        return {"ActionsSuppressor": row["ActionsSuppressor"], **by}

    def _muted(self, asked: Data) -> Json:
        """CloudWatch shows when a rule mutes, not when it did: with a rule for the alarm it is not known."""
        of = ("cloudwatch", "list_alarm_mute_rules", "AlarmMuteRuleSummaries")
        rows = listed(self._present.aws, *of, AlarmName=asked["AlarmName"])
        muting = self._once(f"muted {asked['AlarmName']}", partial(list, rows))
        rules = [name_of(each.get("AlarmMuteRuleArn")) for each in muting]
        trails = self._present.configuration.writes.values()
        since = [e for each in trails for e in each.known if e.at > self._at - SECOND and e.name in _MUTING]
        made = [each.asked.get("name", each.asked.get("alarmMuteRuleName", "?")) for each in since]
        if names := rules or made:
            raise NotRecordedError(Unknown.MUTE_RULES(names=", ".join(sorted(set(names)))))
        return {"AlarmMuteRuleSummaries": []}

    # --- figures and log lines

    def _metrics(self, asked: Data) -> Json:
        start, end, queries = asked["StartTime"], asked["EndTime"], asked["MetricDataQueries"]
        old = start < self._present.now - MINUTES_KEPT
        period = _FIVE if old else _MINUTE
        # Only minutes that were over: the running one holds what came after.
        end = min(end, datetime.fromtimestamp(self._at.timestamp() // period * period, UTC))
        self.coarse |= old
        wanted = [_widened(each, period) for each in queries]
        if end <= start:
            return {"MetricDataResults": [{"Id": e["Id"], "Timestamps": [], "Values": []} for e in queries]}
        given = {**asked, "StartTime": start, "EndTime": end, "MetricDataQueries": wanted}
        widened = {w["Id"] for q, w in zip(queries, wanted, strict=True) if w is not q}
        page = self._read("cloudwatch", "get_metric_data", given)
        return {**page, "MetricDataResults": [_dated(e, widened) for e in page["MetricDataResults"]]}

    def _lines(self, asked: Data) -> Json:
        """Lines that had arrived by then."""
        self._complete(asked["logGroupName"], datetime.fromtimestamp(asked["startTime"] / 1000, UTC))
        latest = int(self._at.timestamp() * 1000)
        given = {**asked, "endTime": min(asked["endTime"], latest)}
        page = self._read("logs", "filter_log_events", given)
        arrived = [e for e in page.get("events", ()) if int(e.get("ingestionTime") or 0) <= latest]
        return {**page, "events": arrived}

    def _complete(self, group: str, start: datetime) -> None:
        """Raises AwsError where the lines of that time are not kept."""

        def ask() -> Json | None:
            found = listed(
                self._present.aws, "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=group
            )
            return next((each for each in found if each.get("logGroupName") == group), None)

        found = self._once(f"group {group}", ask)
        if found is None:
            raise NotRecordedError(Unknown.LOGS_GONE(group=group))
        days = found.get("retentionInDays")
        if days is not None and start < self._present.now - timedelta(days=days):
            raise NotRecordedError(Unknown.LOGS_EXPIRED(group=group, days=days))
        made = found.get("creationTime")
        if made is not None and datetime.fromtimestamp(made / 1000, UTC) > self._at:
            raise NotRecordedError(Unknown.LOGS_NEWER(group=group))

    # --- what has its own times

    def _health(self, asked: Data) -> Json:
        (status,) = asked["filter"]["eventStatusCodes"]
        begin = self._present.history.since - timedelta(days=1)

        def ask() -> list[Json]:
            wanted = {key: value for key, value in asked["filter"].items() if key != "endTimes"}
            found: list[Json] = []
            for given in (
                {"eventStatusCodes": ["open"]},
                {"eventStatusCodes": ["closed"], "endTimes": [{"from": begin}]},
            ):
                asking = {**wanted, **given}
                found += listed(self._present.aws, "health", "describe_events", "events", filter=asking)
            return found

        events = [e for e in self._once("health", ask) if e.get("startTime", self._at) <= self._at]
        ended = [e for e in events if e.get("endTime") and e["endTime"] <= self._at]
        since = next((e["from"] for e in asked["filter"].get("endTimes", ())), begin)
        closed = [e for e in ended if e["endTime"] >= since]
        return {"events": [e for e in events if e not in ended] if status == "open" else closed}

    def _stack(self, asked: Data) -> Json:
        of = ("cloudformation", "describe_stack_events", "StackEvents")
        rows = listed(self._present.aws, *of, **asked)
        events = self._once(f"stack {asked['StackName']}", partial(list, rows))
        return {"StackEvents": [each for each in events if each["Timestamp"] <= self._at]}

    def _read(self, service: str, operation: str, asked: Data) -> Json:
        key = f"{service} {operation} {sorted(asked.items(), key=lambda each: each[0])!r}"
        with self._lock:
            known = self._kept.get(key)
            future = known or self._kept.setdefault(key, Future())
            self.fetched += known is None
        if known is None:
            try:
                future.set_result(self._present.aws.call(service, operation, **asked))
            except BaseException as error:
                future.set_exception(error)
        return future.result()


_READS: Mapping[str, Callable[[PastGateway, Data], Json]] = {
    "describe_alarms": PastGateway._alarm,
    "describe_events": PastGateway._health,
    "describe_stack_events": PastGateway._stack,
    "filter_log_events": PastGateway._lines,
    "get_metric_data": PastGateway._metrics,
    "list_alarm_mute_rules": PastGateway._muted,
}


def _widened(query: Data, period: int) -> Data:
    stat = query.get("MetricStat")
    if not stat or stat["Period"] >= period:
        return query
    return {**query, "MetricStat": {**stat, "Period": period}}


def _dated(result: Data, widened: set[str]) -> Data:
    """A figure of five minutes counts as one of their last: to every window that reaches into them, so that a
    rate is too low rather than too high."""
    if result["Id"] not in widened:
        return result
    last = timedelta(seconds=_FIVE - _MINUTE)
    return {**result, "Timestamps": [each + last for each in result.get("Timestamps", ())]}
