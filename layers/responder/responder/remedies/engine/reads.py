"""The few figures that decide whether a remedy would help, and what Auto Scaling would change back."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from responder.core.context import Context
from responder.core.frozen import frozen
from responder.core.series import Series

_MINUTE = 60
_SCALING = ("ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity")


@frozen
class MinuteSum:
    """One-minute sums of one metric, by its dimensions."""

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)


def sums(context: Context, metrics: Mapping[str, MinuteSum], start: datetime) -> dict[str, Series]:
    """One-minute sums since `start`, by the caller's own names; one look."""
    ids = {f"m{number}": key for number, key in enumerate(metrics)}
    queries = [_query(identity, metrics[key]) for identity, key in ids.items()]
    found: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
    for page in context.aws.pages(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=queries,
        StartTime=start.replace(second=0, microsecond=0),
        EndTime=context.now,
    ):
        for result in page["MetricDataResults"]:
            found[ids[result["Id"]]] += zip(result["Timestamps"], result["Values"], strict=True)
    return {key: Series(tuple(sorted(found[key]))) for key in metrics}


def scaled(context: Context, namespace: str) -> list[dict[str, Any]]:
    """Scalable targets of one service, as far as a snapshot needs them."""
    pages = context.aws.pages(
        "application-autoscaling", "describe_scalable_targets", ServiceNamespace=namespace
    )
    found = (each for page in pages for each in page["ScalableTargets"])
    return [{key: each[key] for key in _SCALING if key in each} for each in found]


def _query(identity: str, metric: MinuteSum) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions.items()]
    asked = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {"Id": identity, "MetricStat": {"Metric": asked, "Period": _MINUTE, "Stat": "Sum"}}
