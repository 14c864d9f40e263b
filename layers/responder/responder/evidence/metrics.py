"""CloudWatch figures in one GetMetricData, for all evidence that is based on metrics."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.deployed_alarm import Dimensions
from responder.core.errors import Denied, Unreachable
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission, Permissions
from responder.core.plain_data import Data, Json
from responder.core.series import Series, SeriesByName
from responder.core.text import Strings, Values
from responder.evidence.base import Look, or_none

NEEDS = (Permission("cloudwatch:GetMetricData", ANY),)
MINUTE = 60
HOUR = 3600
_PARTIAL, _UNUSABLE = "PartialData", "UnusableAnswer"
_FAILED = {"Forbidden": Denied, "InternalError": Unreachable}


class MetricLook(Look):
    """A look that reads nothing but metrics."""

    def needs(self) -> Permissions:
        """Reading them."""
        return NEEDS


@frozen
class Metric:
    """One statistic of one metric. `dimensions` are (name, value)."""

    namespace: str
    name: str
    stat: str
    dimensions: Dimensions = ()
    period: int = MINUTE


@frozen
class Spread:
    """One statistic set over a window; None where there was no datapoint, or it was not asked for."""

    samples: int
    average: float | None
    minimum: float | None = None
    maximum: float | None = None
    p99: float | None = None
    p90: float | None = None

    def shown(self, *statistics: str) -> Values:
        """The average, the maximum, these and the samples, as values of a sentence."""
        named = ("average", "maximum", *statistics)
        return {**{name: or_none(getattr(self, name)) for name in named}, "samples": self.samples}


_STATISTICS = {"average": "Average", "minimum": "Minimum", "maximum": "Maximum", "samples": "SampleCount"}


def of_spread(key: str, metric: Metric, *percentiles: str) -> dict[str, Metric]:
    """The series that `spread` reads, under this key."""
    statistics = {**_STATISTICS, **{name: name for name in percentiles}}
    return {f"{key} {name}": replace(metric, stat=stat) for name, stat in statistics.items()}


def spread(found: SeriesByName, key: str, per: float = 1.0) -> Spread:
    """The statistics of one metric. `per`: how many of its units make the one that is wanted."""
    samples = found[f"{key} samples"]

    def of(name: str, value: Callable[[Series], float | None]) -> float | None:
        series = found.get(f"{key} {name}")
        worth = None if series is None else value(series)
        return None if worth is None else worth / per

    return Spread(
        round(samples.total),
        of("average", lambda series: weighted(series, samples)),
        of("minimum", lambda series: min(series.values, default=None)),
        of("maximum", lambda series: series.peak),
        of("p99", lambda series: series.peak),
        of("p90", lambda series: weighted(series, samples)),
    )


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
        # Where they are missing nothing is known; a result without values means "none".
        if "MetricDataResults" not in page:
            raise Unreachable("cloudwatch", "GetMetricData", _UNUSABLE)
        for result in page["MetricDataResults"]:
            _refuse_gaps(result)
            statuses[result["Id"]] = result.get("StatusCode", "Complete")
            if result["Id"] in keys:
                times = (at.astimezone(UTC) for at in result.get("Timestamps", ()))
                values = map(float, result.get("Values", ()))
                points[keys[result["Id"]]].update(zip(times, values, strict=False))
    # A partial page is normal, but a partial result is too little to judge by.
    if _PARTIAL in statuses.values():
        raise Unreachable("cloudwatch", "GetMetricData", _PARTIAL)
    return {key: Series(tuple(sorted(found.items()))) for key, found in points.items()}


def graph(
    context: Context,
    *series: Strings,
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


def _query(identity: str, metric: Metric) -> Json:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    named = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {
        "Id": identity,
        "MetricStat": {"Metric": named, "Period": metric.period, "Stat": metric.stat},
        "ReturnData": True,
    }


def _refuse_gaps(result: Data) -> None:
    # An answer that lacks a metric looks like "no errors".
    status = result.get("StatusCode", "Complete")
    if status in _FAILED:
        raise _FAILED[status]("cloudwatch", "GetMetricData", status)
    if len(result.get("Timestamps", ())) != len(result.get("Values", ())):
        raise Unreachable("cloudwatch", "GetMetricData", _UNUSABLE)
