"""What AWS/Lambda counted for both liveness functions, and whether the metrics that they send arrive.

The alarms on metrics that stopped arriving, although the service answers requests, cannot fire. A request
that the service answers leaves at least one of the metrics below, whatever the answer is; one that is killed,
or is refused for what the caller sent, leaves none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from responder.core.context import Context
from responder.core.deployed_alarm import DeployedAlarm, deployed, describe_all
from responder.core.errors import AwsError
from responder.core.finding import Finding, Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction, scope_of
from responder.core.permissions import ANY, Permission, Permissions
from responder.core.series import Series, SeriesByName
from responder.core.settings import Settings
from responder.core.text import Strings, Text, Texts, text
from responder.core.timestamps import stamp
from responder.evidence import metrics
from responder.evidence.faults import NORMAL, FailedRequest, FailureTally, Fault

# The metrics that each function sends for every request that it answers.
SENT: Mapping[LivenessFunction, Strings] = {
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

    def said(self, alarms: Strings, among: int) -> Text:
        """The loss in one sentence. `alarms` get no data; `among`: how many there are, 0 where they were not
        read."""
        if not alarms:
            return text("evidence.lost", function=self.function, begin=self.begin)
        every = {"count": len(alarms), "all": among}
        return text("evidence.lost.blind", function=self.function, begin=self.begin, **every)

    def details(self, alarms: Strings) -> Texts:
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


def blind(alarms: Iterable[DeployedAlarm], function: LivenessFunction, settings: Settings) -> Strings:
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


COUNTED = ("Invocations", "Errors", "Throttles")


@frozen
class FunctionTraffic:
    """AWS/Lambda figures of one function, one-minute sums over the last 3 h. `arrived`: datapoints of the
    metrics that the function itself sends; None where they were not asked for."""

    invocations: Series
    errors: Series
    throttles: Series
    arrived: Series | None = None


@frozen
class Traffic:
    """By function name. `alarms`: those that are deployed, read where metrics seem to be lost; `tally`: the
    failed requests by the log, where it was read."""

    functions: Mapping[str, FunctionTraffic]
    alarms: tuple[DeployedAlarm, ...] = field(default=(), repr=False)
    tally: FailureTally | None = field(default=None, repr=False)

    def lost(self, context: Context, enough: int = ENOUGH) -> tuple[LostMetrics, ...]:
        """The loss of each function whose metrics no longer arrive."""
        span = (metrics.window(context.now, hours=_HOURS)[0], context.now)
        every = ((name, each, each.arrived) for name, each in self.functions.items())
        found = (
            lost(Answered(name, each.invocations, each.errors, arrived), self.tally, span, enough=enough)
            for name, each, arrived in every
            if arrived is not None
        )
        return tuple(filter(None, found))


_HOURS = 3


@frozen
class Invocations(metrics.MetricLook):
    """Invocations, errors that escaped the handler, and throttles: one-minute sums over 3 h; and which alarms
    get no data because the service's own metrics do not arrive."""

    KEY, SUBJECT = "invocations", Subject.CONCURRENCY

    def needs(self) -> Permissions:
        """Reading metrics and, where some are lost, alarms."""
        return (*super().needs(), Permission("cloudwatch:DescribeAlarms", ANY))

    def look(self, context: Context) -> Traffic:
        """One request for all of them; another one for the alarms where metrics are lost."""
        settings = context.settings
        asked: dict[str, metrics.Metric] = {}
        for function in LivenessFunction:
            name = function.deployed_name(settings)
            asked |= {f"{name} {each}": metrics.of_function(each, "Sum", name) for each in COUNTED}
            own = (metrics.Metric(settings.namespace, each, "SampleCount") for each in SENT[function])
            asked |= {f"{name} own {each.name}": each for each in own}
        found = metrics.read(context, asked, *metrics.window(context.now, hours=_HOURS))
        traffic = Traffic({name: _traffic(found, name) for name in settings.functions})
        return replace(traffic, alarms=_alarms(context)) if traffic.lost(context, enough=1) else traffic

    def findings(self, fact: Traffic, context: Context) -> Findings:
        """One finding per function, and one for each whose metrics are lost."""
        counted = (self._one(name, traffic, context) for name, traffic in fact.functions.items())
        return (*counted, *self._lost(fact, context))

    def _lost(self, fact: Traffic, context: Context) -> Iterator[Finding]:
        for each in fact.lost(context):
            function = LivenessFunction(scope_of(each.function, context.settings))
            alarms = blind(fact.alarms, function, context.settings)
            numbers = {f"{each.function} blind alarms": float(len(alarms))}
            own = ((context.settings.namespace, name) for name in SENT[function])
            yield self.finding(
                Tone.AMBER,
                each.said(alarms, len(fact.alarms)),
                each.requests,
                each.details(alarms),
                numbers,
                metrics.graph(context, *own),
                over=timedelta(hours=_HOURS),
                subject=Subject.MONITORING,
            )

    def _one(self, function: str, traffic: FunctionTraffic, context: Context) -> Finding:
        series = {
            "invocations": traffic.invocations,
            "errors": traffic.errors,
            "throttles": traffic.throttles,
        }
        recent, hour = (
            {name: round(each.since(context.ago(minutes=minutes)).total) for name, each in series.items()}
            for minutes in (15, 60)
        )
        tone = Tone.AMBER if hour["throttles"] or hour["errors"] else Tone.INFO
        said = text(
            "evidence.invocations",
            function=function,
            **recent,
            **{f"hour_{name}": count for name, count in hour.items()},
        )
        throttled = (
            [text("evidence.invocations.throttled", count=hour["throttles"])] if hour["throttles"] else []
        )
        numbers = {f"{function} {name} 1h": count for name, count in hour.items()}
        link = metrics.graph(context, *(("AWS/Lambda", each, "FunctionName", function) for each in COUNTED))
        samples = hour["invocations"]
        return self.finding(tone, said, samples, throttled, numbers, link, over=timedelta(hours=1))


def _traffic(found: SeriesByName, function: str) -> FunctionTraffic:
    own = (series for name, series in found.items() if name.startswith(f"{function} own "))
    arrived = Series(tuple(sorted(point for series in own for point in series.points)))
    invocations, errors, throttles = (found[f"{function} {metric}"] for metric in COUNTED)
    return FunctionTraffic(invocations, errors, throttles, arrived)


def _alarms(context: Context) -> tuple[DeployedAlarm, ...]:
    """The service's and the responder's; none where they cannot be read, which hides no figure."""
    try:
        rows = list(describe_all(context.aws, AlarmNamePrefix=context.settings.alarm_prefix))
    except AwsError:
        return ()
    return tuple(deployed(row) for row in rows)
