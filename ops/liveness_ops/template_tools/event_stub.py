"""A CloudWatch alarm's state change, exactly as EventBridge delivers it; what an alarm of this stack
watches."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from liveness_ops.template_tools.load import defaults, resolve, resources
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json

ACCOUNT = "123456789012"
REGION = "ap-northeast-1"
AT = datetime(2026, 2, 4, 1, 25, 12, 345000, tzinfo=UTC)
PERIOD = 300
# By the name of the file in events/.
STATES = {"alarm": "ALARM", "ok": "OK", "insufficient": "INSUFFICIENT_DATA"}
_OPPOSITE = {"ALARM": "OK", "OK": "ALARM", "INSUFFICIENT_DATA": "OK"}

_COMPARED = {
    "GreaterThanThreshold": "greater than",
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "LessThanThreshold": "less than",
}


@frozen
class Watched:
    """What an alarm watches. `bad` and `good` are datapoints, newest first, as many as it needs.

    `metrics`: the queries of an alarm on metric math, as its event holds them; then it has no statistic.
    """

    namespace: str
    metric: str
    statistic: str
    threshold: float
    bad: tuple[float, ...]
    good: tuple[float, ...]
    comparison: str = "greater than"
    function: str = ""
    period: int = PERIOD
    metrics: tuple[Data, ...] = ()


def state_change(alarm: str, watched: Watched, state: str, at: datetime = AT) -> Json:
    """The whole event."""
    earlier = at - timedelta(hours=3, minutes=10)
    return {
        "version": "0",
        "id": _id(alarm, state, "event"),
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{alarm}"],
        "detail": {
            "alarmName": alarm,
            "state": _state(watched, state, _OPPOSITE[state], at),
            "previousState": _state(watched, _OPPOSITE[state], state, earlier),
            "configuration": {"metrics": list(watched.metrics) or [_metric(alarm, watched)]},
        },
    }


def stamp(at: datetime) -> str:
    """AWS writes the offset without a colon."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+0000"


def _id(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


def _metric(alarm: str, watched: Watched) -> Json:
    dimensions = {"FunctionName": watched.function} if watched.function else {}
    measured = _measured(watched.namespace, watched.metric, dimensions, watched.period, watched.statistic)
    return {"id": _id(alarm, "metric"), "metricStat": measured, "returnData": True}


def _measured(namespace: str, name: str, dimensions: Data, period: int, stat: str) -> Json:
    metric = {"dimensions": dimensions, "name": name, "namespace": namespace}
    return {"metric": metric, "period": period, "stat": stat}


def _state(watched: Watched, state: str, before: str, at: datetime) -> Json:
    values = {"ALARM": watched.bad, "OK": watched.good[:1], "INSUFFICIENT_DATA": ()}[state]
    last = at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
    points = [(last - timedelta(seconds=watched.period * n), value) for n, value in enumerate(values, 1)]
    data = {
        "version": "1.0",
        "queryDate": stamp(at - timedelta(milliseconds=4)),
        **({"startDate": stamp(points[-1][0])} if points else {}),
        **({} if watched.metrics else {"statistic": watched.statistic}),
        "period": watched.period,
        "recentDatapoints": list(reversed(values)),
        "threshold": watched.threshold,
        "evaluatedDatapoints": [{"timestamp": stamp(period), "value": value} for period, value in points],
    }
    reason = _reason(watched, state, before, points)
    # Compact, as AWS writes it.
    packed = json.dumps(data, separators=(",", ":"))
    return {"reason": reason, "reasonData": packed, "timestamp": stamp(at), "value": state}


def _reason(watched: Watched, state: str, before: str, points: list[tuple[datetime, float]]) -> str:
    count = len(points)
    if not count:
        return "Insufficient Data: 1 datapoint was unknown."
    shown = ", ".join(f"{value} ({period:%d/%m/%y %H:%M:%S})" for period, value in points)
    verb = ("was" if count == 1 else "were") + ("" if state == "ALARM" else " not")
    plural = "" if count == 1 else "s"
    return (
        f"Threshold Crossed: {count} out of the last {count} datapoints [{shown}] {verb} "
        f"{watched.comparison} the threshold ({watched.threshold}) "
        f"(minimum {count} datapoint{plural} for {before} -> {state} transition)."
    )


# --- alarms of the template ----------------------------------------------------------------------


def alarms_of(template: Data) -> dict[str, Json]:
    """The alarms that watch the service (not the responder), by name, with every parameter's default."""
    found = resources(template, "AWS::CloudWatch::Alarm").values()
    named = (resolve(each, defaults(template)) for each in found)
    return {
        each["AlarmName"]: each for each in named if not each["AlarmName"].startswith("LivenessResponder-")
    }


def watched(alarm: Data, bad: float, good: float) -> Watched:
    """What one of them watches; it is judged by one datapoint."""
    plain = alarm.get("MetricName", "")
    metrics = () if plain else tuple(_queries(alarm["Metrics"]))
    periods = [int(each["metricStat"]["period"]) for each in metrics if "metricStat" in each]
    return Watched(
        namespace=alarm.get("Namespace", ""),
        metric=plain,
        statistic=alarm.get("Statistic", ""),
        threshold=float(alarm["Threshold"]),
        bad=(bad,),
        good=(good,),
        comparison=_COMPARED[alarm["ComparisonOperator"]],
        function=_dimensions(alarm).get("FunctionName", ""),
        period=periods[0] if periods else int(alarm["Period"]),
        metrics=metrics,
    )


def _queries(metrics: list[Data]) -> Iterator[Json]:
    for each in metrics:
        shown = {"returnData": each.get("ReturnData", True)}
        if "Expression" in each:
            label = {"label": each["Label"]} if "Label" in each else {}
            yield {"id": each["Id"], "expression": each["Expression"], **label, **shown}
        else:
            yield {"id": each["Id"], "metricStat": _stat(each["MetricStat"]), **shown}


def _stat(stat: Data) -> Json:
    metric = stat["Metric"]
    named = (metric["Namespace"], metric["MetricName"], _dimensions(metric))
    return _measured(*named, int(stat["Period"]), stat["Stat"])


def _dimensions(of: Data) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in of.get("Dimensions", ())}
