"""Metrics of the service that stopped arriving although it answers requests: the alarms on them cannot fire.

Pure. A request that the service answers leaves at least one of the metrics below, whatever the answer is; one
that is killed, or is refused for what the caller sent, leaves none.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from responder.core.deployed_alarm import DeployedAlarm
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.series import Series
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence.base import stamp
from responder.evidence.faults import NORMAL, FailedRequest, FailureTally, Fault

# The metrics that each function sends for every request that it answers.
SENT: Mapping[LivenessFunction, tuple[str, ...]] = {
    LivenessFunction.CREATE: ("SessionCreated", "SessionCreationError"),
    LivenessFunction.RESULT: (
        "SuccessCount",
        "FailureCount",
        "VerificationError",
        "SessionNotFound",
        "SessionExpired",
    ),
}
_BESIDE = {
    LivenessFunction.CREATE: ("SessionCreationTime",),
    LivenessFunction.RESULT: ("ConfidenceScore", "VerificationTime", "SessionCount"),
}
# CloudWatch shows a datapoint one to two minutes after its minute.
_DELIVERY = timedelta(minutes=3)
# Fewer answered requests may all be of a kind that leaves no metric.
ENOUGH = 5
_WORD = re.compile(r"\w+")


def delivered(now: datetime) -> datetime:
    """The end of the newest minute of which every metric has had the time to arrive."""
    return (now - _DELIVERY).replace(second=0, microsecond=0)


@frozen
class LostMetrics:
    """What no longer arrives from one function.

    Attributes:
        since: end of the last period with a datapoint; None where the time that was read has none.
        read_since: from when on metrics were read.
        requests: that it got since then, and `failed` of them.
        unsent: metrics since then that could not be sent, by the log; `code`: why the last of them was not.
        logged: the log was read; else `failed` is Lambda's own count, which has none that was answered.
        proved: by the log, enough of the requests were no refusals, which leave no metric.
    """

    function: str
    since: datetime | None
    read_since: datetime
    requests: int
    failed: int
    unsent: int = 0
    code: str = ""
    logged: bool = True
    proved: bool = True

    @property
    def begin(self) -> Text:
        """The beginning of the loss, in words."""
        if self.since is None:
            return text("evidence.lost.before", at=stamp(self.read_since))
        return text("evidence.lost.since", at=stamp(self.since))

    def said(self, alarms: tuple[str, ...], among: int) -> Text:
        """The loss in one sentence. `alarms` get no data; `among`: how many there are, 0 where they were not
        read."""
        if not alarms:
            return text("evidence.lost", function=self.function, begin=self.begin)
        every = {"count": len(alarms), "all": among}
        return text("evidence.lost.blind", function=self.function, begin=self.begin, **every)

    def details(self, alarms: tuple[str, ...]) -> tuple[Text, ...]:
        """Which alarms get no data, whether users are affected, and why metrics are not sent."""
        key = "evidence.lost.users" if self.failed else "evidence.lost.no_users"
        key = key if self.failed or self.logged else "evidence.lost.users_unknown"
        named = (text("evidence.lost.alarms", names=", ".join(alarms)),) if alarms else ()
        why = (text("evidence.lost.unsent", count=self.unsent, code=self.code),) if self.unsent else ()
        doubt = () if self.proved else (text("evidence.lost.unproved"),)
        return (*named, text(key, failed=self.failed, requests=self.requests), *why, *doubt)


@frozen
class Answered:
    """One function's requests and what arrived of its metrics, in periods of the same length."""

    function: str
    invocations: Series
    errors: Series
    arrived: Series


def lost(
    of: Answered,
    tally: FailureTally | None,
    span: tuple[datetime, datetime],
    period: timedelta = timedelta(minutes=1),
    enough: int = ENOUGH,
) -> LostMetrics | None:
    """What is lost; None where a metric arrives, or fewer than `enough` requests were answered.

    `tally`: failed requests by the log, where it could be read. `span`: the time that was read, up to now.
    """
    start, now = span
    last = max((at for at, value in of.arrived.points if value), default=None)
    since = None if last is None else last + period
    begin, end = since or start, delivered(now)
    mine = [each for each in tally.failures if each.function == of.function] if tally else []
    mine = [each for each in mine if begin <= each.at < end]
    unsent = [each for each in tally.unsent if each.function == of.function] if tally else []
    unsent = [each for each in unsent if begin <= each.at]
    if _owed(of, mine, begin, end) < enough and not unsent:
        return None
    died = round(of.errors.between(begin, end).total)
    failed = max(died, sum(each.fault not in NORMAL for each in mine))
    code = unsent[-1].code if unsent else ""
    complete = tally.complete_since.get(of.function) if tally else None
    logged = complete is not None and complete <= begin
    read = complete is not None and _owed(of, mine, max(begin, complete), end) >= enough
    requests = max(round(of.invocations.between(begin, end).total), failed)
    proved = bool(unsent) or read
    return LostMetrics(of.function, since, start, requests, failed, len(unsent), code, logged, proved)


def _owed(of: Answered, failures: Iterable[FailedRequest], begin: datetime, end: datetime) -> int:
    """Requests that should have left a metric: all but those that were killed or refused."""
    asked, died = (round(each.between(begin, end).total) for each in (of.invocations, of.errors))
    return asked - died - sum(each.fault is Fault.CALLER_INPUT and each.at >= begin for each in failures)


def blind(alarms: Iterable[DeployedAlarm], function: LivenessFunction, settings: Settings) -> tuple[str, ...]:
    """The alarms that get no data where this function's metrics are lost, by name."""
    sent = {*SENT[function], *_BESIDE[function]}
    return tuple(sorted(each.name for each in alarms if sent & _of_service(each, settings.namespace)))


def _of_service(alarm: DeployedAlarm, namespace: str) -> set[str]:
    """The service's metrics that it watches."""
    watch = alarm.watch
    if watch.namespace == namespace:
        return {watch.metric}
    after = (each.partition(f" {namespace}/")[2] for each in watch.queries)
    return {found[0] for each in after if (found := _WORD.match(each))}
