"""What AWS/Lambda counted for both liveness functions."""

from collections.abc import Mapping
from datetime import timedelta

from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.series import Series
from responder.core.text import text
from responder.evidence import metrics

COUNTED = ("Invocations", "Errors", "Throttles")


@frozen
class FunctionTraffic:
    """AWS/Lambda figures of one function, one-minute sums over the last 3 h."""

    invocations: Series
    errors: Series
    throttles: Series


@frozen
class Traffic:
    """By function name."""

    functions: Mapping[str, FunctionTraffic]


@frozen
class Invocations(metrics.MetricLook):
    """Invocations, errors that escaped the handler, and throttles: one-minute sums over 3 h."""

    KEY, SUBJECT = "invocations", Subject.CONCURRENCY

    def look(self, context: Context) -> Traffic:
        """One request for all of them."""
        functions = context.settings.functions
        asked = {
            f"{function} {metric}": metrics.of_function(metric, "Sum", function)
            for function in functions
            for metric in COUNTED
        }
        found = metrics.read(context, asked, *metrics.window(context.now, hours=3))
        return Traffic(
            {name: FunctionTraffic(*(found[f"{name} {metric}"] for metric in COUNTED)) for name in functions}
        )

    def findings(self, fact: Traffic, context: Context) -> tuple[Finding, ...]:
        """One finding per function."""
        return tuple(self._one(name, traffic, context) for name, traffic in fact.functions.items())

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
