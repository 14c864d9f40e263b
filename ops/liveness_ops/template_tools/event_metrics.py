"""The alarms of our own template as their events tell of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from liveness_ops.template_tools.event_stub import Watched
from liveness_ops.template_tools.load import resources
from liveness_ops.template_tools.resolve import defaults, resolve

_COMPARED = {
    "GreaterThanThreshold": "greater than",
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "LessThanThreshold": "less than",
}


def alarms_of(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By name, with every parameter's default: the alarms that watch the service, not ourselves."""
    found = resources(dict(template), "AWS::CloudWatch::Alarm").values()
    named = (resolve(each, defaults(template)) for each in found)
    return {
        each["AlarmName"]: each for each in named if not each["AlarmName"].startswith("LivenessResponder-")
    }


def watched(alarm: Mapping[str, Any], bad: float, good: float) -> Watched:
    """What one of them watches; it is judged by one datapoint."""
    plain = alarm.get("MetricName", "")
    metrics = () if plain else tuple(_queries(alarm["Metrics"]))
    periods = [int(each["metricStat"]["period"]) for each in metrics if "metricStat" in each]
    dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions", ())}
    return Watched(
        namespace=alarm.get("Namespace", ""),
        metric=plain,
        statistic=alarm.get("Statistic", ""),
        threshold=float(alarm["Threshold"]),
        bad=(bad,),
        good=(good,),
        comparison=_COMPARED[alarm["ComparisonOperator"]],
        function=dimensions.get("FunctionName", ""),
        period=periods[0] if periods else int(alarm["Period"]),
        metrics=metrics,
    )


def _queries(metrics: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in metrics:
        shown = {"returnData": each.get("ReturnData", True)}
        if "Expression" in each:
            label = {"label": each["Label"]} if "Label" in each else {}
            yield {"id": each["Id"], "expression": each["Expression"], **label, **shown}
        else:
            yield {"id": each["Id"], "metricStat": _stat(each["MetricStat"]), **shown}


def _stat(stat: Mapping[str, Any]) -> dict[str, Any]:
    metric = stat["Metric"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
    named = {"dimensions": dimensions, "name": metric["MetricName"], "namespace": metric["Namespace"]}
    return {"metric": named, "period": int(stat["Period"]), "stat": stat["Stat"]}
