"""CloudWatch figures in one GetMetricData: what every number-based look asks with."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import Denied, Unreachable
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission
from responder.core.series import Series
from responder.evidence.base import Look

NEEDS = (Permission("cloudwatch:GetMetricData", ANY),)
MINUTE = 60
HOUR = 3600
_PARTIAL = "PartialData"
_FAILED = {"Forbidden": Denied, "InternalError": Unreachable}


class MetricLook(Look):
    """A look that reads nothing but metrics."""

    def needs(self) -> tuple[Permission, ...]:
        """Reading them."""
        return NEEDS


@frozen
class Metric:
    """One statistic of one metric. `dimensions` are (name, value)."""

    namespace: str
    name: str
    stat: str
    dimensions: tuple[tuple[str, str], ...] = ()
    period: int = MINUTE


def of_function(name: str, stat: str, function: str, period: int = MINUTE) -> Metric:
    """A metric of AWS/Lambda."""
    return Metric("AWS/Lambda", name, stat, (("FunctionName", function),), period)


def window(now: datetime, **span: float) -> tuple[datetime, datetime]:
    """Whole minutes up to and with the running one: aligned requests are answered faster."""
    end = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return end - timedelta(**span), end


def read(context: Context, asked: Mapping[str, Metric], start: datetime, end: datetime) -> dict[str, Series]:
    """Every asked metric by its key; an empty series where there was no datapoint.

    Raises errors of `responder.core.errors`; `Unreachable` also where AWS gave a part and no way to the rest.
    """
    keys = {f"m{number}": key for number, key in enumerate(asked)}
    points: dict[str, dict[datetime, float]] = {key: {} for key in asked}
    pages = context.aws.pages(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=[_query(each, asked[key]) for each, key in keys.items()],
        StartTime=start,
        EndTime=end,
        ScanBy="TimestampAscending",
    )
    statuses: dict[str, str] = {}
    for page in pages:
        for result in page.get("MetricDataResults", ()):
            _refuse_gaps(result)
            statuses[result["Id"]] = result.get("StatusCode", "Complete")
            if result["Id"] in keys:
                points[keys[result["Id"]]].update(_points(result))
    # On the way a part is normal; at the end it is too little to judge by.
    if _PARTIAL in statuses.values():
        raise Unreachable("cloudwatch", "GetMetricData", _PARTIAL)
    return {key: Series(tuple(sorted(found.items()))) for key, found in points.items()}


def graph(
    context: Context,
    *series: tuple[str, ...],
    hours: int = 3,
    stat: str = "Sum",
    period: int = MINUTE,
) -> str:
    """The console page of these metrics: of each its namespace, its name, then dimensions."""
    span = window(context.now, hours=hours)
    return console_links.metrics(context.settings.region, series, span, stat, period)


def weighted(values: Series, samples: Series) -> float | None:
    """The mean of several periods, each counting as often as it has samples."""
    weights = dict(samples.points)
    total = sum(weights.get(at, 0.0) for at, _ in values.points)
    if not total:
        return values.values[-1] if values.values else None
    return sum(value * weights.get(at, 0.0) for at, value in values.points) / total


def lowest(values: Series) -> float | None:
    """The smallest value; None of nothing."""
    return min(values.values, default=None)


def seconds(milliseconds: float | None) -> float | None:
    """AWS measures in milliseconds what people discuss in seconds."""
    return None if milliseconds is None else milliseconds / 1000


def _query(identity: str, metric: Metric) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    named = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {
        "Id": identity,
        "MetricStat": {"Metric": named, "Period": metric.period, "Stat": metric.stat},
        "ReturnData": True,
    }


def _points(result: Mapping[str, Any]) -> Iterable[tuple[datetime, float]]:
    pairs = zip(result.get("Timestamps", ()), result.get("Values", ()), strict=False)
    return ((at.astimezone(UTC), float(value)) for at, value in pairs)


def _refuse_gaps(result: Mapping[str, Any]) -> None:
    # An answer that lacks a metric looks like "no errors".
    status = result.get("StatusCode", "Complete")
    if status in _FAILED:
        raise _FAILED[status]("cloudwatch", "GetMetricData", status)
