"""The few figures that decide whether a remedy would help."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from responder.context import Context
from responder.series import Series

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric by its dimensions."""

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)


def sums(context: Context, metrics: Mapping[str, Metric], start: datetime) -> dict[str, Series]:
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


def _query(identity: str, metric: Metric) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions.items()]
    asked = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {"Id": identity, "MetricStat": {"Metric": asked, "Period": _MINUTE, "Stat": "Sum"}}
