"""What AWS/Lambda counted for both liveness functions, and whether the metrics that they send arrive."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import timedelta

from responder.core.context import Context
from responder.core.deployed_alarm import DeployedAlarm, deployed, describe_all
from responder.core.errors import AwsError
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction, scope_of
from responder.core.permissions import ANY, Permission
from responder.core.series import Series
from responder.core.text import text
from responder.evidence import metrics
from responder.evidence.faults import FailureTally
from responder.evidence.lost_metrics import ENOUGH, SENT, Answered, LostMetrics, blind, lost

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

    def needs(self) -> tuple[Permission, ...]:
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

    def findings(self, fact: Traffic, context: Context) -> tuple[Finding, ...]:
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
        recent, hour = (_sums(traffic, context, minutes) for minutes in (15, 60))
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


def _sums(traffic: FunctionTraffic, context: Context, minutes: int) -> dict[str, int]:
    start = context.ago(minutes=minutes)
    series = {"invocations": traffic.invocations, "errors": traffic.errors, "throttles": traffic.throttles}
    return {name: round(each.since(start).total) for name, each in series.items()}


def _traffic(found: Mapping[str, Series], function: str) -> FunctionTraffic:
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
