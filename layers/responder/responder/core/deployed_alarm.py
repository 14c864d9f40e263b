"""What CloudWatch tells of an alarm, read tolerantly: any field may be absent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

# Before the one query whose result is compared with the threshold.
RETURNED = "ReturnData "
# The index's name is a parameter that only the template knows.
_ANY_VALUE = "GlobalSecondaryIndexName"


@dataclass(frozen=True, slots=True)
class WatchedMetric:
    """What an alarm watches and when it goes off.

    Attributes:
        period: seconds; 0 for metric math whose metrics have several.
        threshold: None where it is a parameter, or a band.
        queries: metric math as `id=…`, the watched one after `ReturnData`, sorted; empty for a plain metric.
        unit: datapoints with another one do not count; empty: all count.
    """

    comparison: str
    threshold: float | None
    namespace: str = ""
    metric: str = ""
    dimensions: tuple[tuple[str, str], ...] = ()
    statistic: str = ""
    period: int = 0
    evaluated: int = 1
    datapoints: int = 1
    missing: str = "notBreaching"
    queries: tuple[str, ...] = ()
    unit: str = ""

    @property
    def measures(self) -> bool:
        """A metric or metric math; a composite alarm, or one on PromQL, does not."""
        return bool(self.metric or self.queries)

    @property
    def watched(self) -> str:
        """Id of the query that is compared with the threshold; "" for a plain metric."""
        found = (each for each in self.queries if each.startswith(RETURNED))
        return next(found, "").removeprefix(RETURNED).partition("=")[0]


@dataclass(frozen=True, slots=True)
class DeployedAlarm:
    """One alarm as it stands. `since`: when it came into its state (UTC), None where AWS does not tell.

    `actions`: what it does by itself when it goes off; `trouble`: how CloudWatch fails to evaluate it, in its
    word; `raw`: AWS's answer, so that a command keeps the rest.
    """

    name: str
    arn: str
    state: str
    since: datetime | None
    watch: WatchedMetric
    enabled: bool = True
    actions: tuple[str, ...] = ()
    trouble: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def deployed(row: Mapping[str, Any]) -> DeployedAlarm:
    """One row of DescribeAlarms, of a metric alarm or a composite one."""
    since = row.get("StateTransitionedTimestamp") or row.get("StateUpdatedTimestamp")
    return DeployedAlarm(
        name=str(row.get("AlarmName", "")),
        arn=str(row.get("AlarmArn", "")),
        state=str(row.get("StateValue", "")),
        since=since.astimezone(UTC) if isinstance(since, datetime) else None,
        watch=watch(row),
        enabled=row.get("ActionsEnabled") is not False,
        actions=tuple(row.get("AlarmActions") or ()),
        trouble=str(row.get("EvaluationState") or ""),
        raw=row,
    )


def watch(row: Mapping[str, Any]) -> WatchedMetric:
    """What it watches; one metric written as metric math is a plain metric."""
    queries = row.get("Metrics") or []
    single = queries[0].get("MetricStat") if len(queries) == 1 else None
    plain = _unpacked(single) if single else row
    evaluated = int(row.get("EvaluationPeriods") or 0)
    threshold = row.get("Threshold")
    return WatchedMetric(
        comparison=str(row.get("ComparisonOperator", "")),
        threshold=None if threshold is None else float(threshold),
        namespace=str(plain.get("Namespace", "")),
        metric=str(plain.get("MetricName", "")),
        dimensions=_dimensions(plain),
        statistic=str(plain.get("Statistic") or plain.get("ExtendedStatistic") or ""),
        period=int(plain.get("Period") or _period(queries)),
        evaluated=evaluated,
        datapoints=int(row.get("DatapointsToAlarm") or evaluated),
        missing=str(row.get("TreatMissingData") or "missing"),
        queries=() if single else tuple(sorted(_query(each) for each in queries)),
        unit=str(plain.get("Unit") or ""),
    )


def _unpacked(stat: Mapping[str, Any]) -> Mapping[str, Any]:
    named = {"Statistic": stat.get("Stat"), "Period": stat.get("Period"), "Unit": stat.get("Unit")}
    return {**stat.get("Metric", {}), **named}


def _period(queries: Sequence[Mapping[str, Any]]) -> int:
    periods = {int(each["MetricStat"].get("Period") or 0) for each in queries if "MetricStat" in each}
    return periods.pop() if len(periods) == 1 else 0


def _dimensions(metric: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    given = metric.get("Dimensions") or []
    return tuple(sorted((str(each.get("Name", "")), str(each.get("Value", ""))) for each in given))


def _query(query: Mapping[str, Any]) -> str:
    # AWS's own default is that a query is the watched one.
    name = f"{'' if query.get('ReturnData') is False else RETURNED}{query.get('Id')}"
    if "MetricStat" not in query:
        return f"{name}={query.get('Expression', '')}"
    stat = query["MetricStat"]
    metric = stat.get("Metric", {})
    parts = (key if key == _ANY_VALUE else f"{key}={value}" for key, value in _dimensions(metric))
    unit = (f"({stat['Unit']})",) if stat.get("Unit") else ()
    what = (f"{metric.get('Namespace')}/{metric.get('MetricName')}", *parts, *unit)
    return f"{name}={stat.get('Stat')} {' '.join(what)}"
