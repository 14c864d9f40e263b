"""What CloudWatch tells of an alarm, read tolerantly: any field may be absent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

# A number in an expression is one of the owner's parameters (samples, faults).
_NUMBER = re.compile(r"(?<![A-Za-z0-9_])\d+(\.\d+)?")
# The index's name is a parameter that only the template knows.
_ANY_VALUE = "GlobalSecondaryIndexName"


@dataclass(frozen=True, slots=True)
class Watch:
    """What an alarm watches and when it goes off.

    Attributes:
        period: seconds; 0 for metric math, whose queries have their own.
        threshold: None where it is a parameter, or a band.
        queries: metric math as `id=…`, numbers as `#`, sorted; empty for a plain metric.
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


@dataclass(frozen=True, slots=True)
class Deployed:
    """One alarm as it stands. `since`: when it came into its state (UTC), None where AWS does not tell.

    `actions`: what it does by itself when it goes off; `raw`: AWS's answer, so that a command keeps the rest.
    """

    name: str
    arn: str
    state: str
    since: datetime | None
    watch: Watch
    enabled: bool = True
    actions: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def deployed(row: Mapping[str, Any]) -> Deployed:
    """One row of DescribeAlarms, of a metric alarm or a composite one."""
    since = row.get("StateTransitionedTimestamp") or row.get("StateUpdatedTimestamp")
    return Deployed(
        name=str(row.get("AlarmName", "")),
        arn=str(row.get("AlarmArn", "")),
        state=str(row.get("StateValue", "")),
        since=since.astimezone(UTC) if isinstance(since, datetime) else None,
        watch=watch(row),
        enabled=row.get("ActionsEnabled") is not False,
        actions=tuple(row.get("AlarmActions") or ()),
        raw=row,
    )


def watch(row: Mapping[str, Any]) -> Watch:
    """What it watches; one metric written as metric math is a plain metric."""
    queries = row.get("Metrics") or []
    single = queries[0].get("MetricStat") if len(queries) == 1 else None
    plain = _unpacked(single) if single else row
    evaluated = int(row.get("EvaluationPeriods") or 0)
    threshold = row.get("Threshold")
    return Watch(
        comparison=str(row.get("ComparisonOperator", "")),
        threshold=None if threshold is None else float(threshold),
        namespace=str(plain.get("Namespace", "")),
        metric=str(plain.get("MetricName", "")),
        dimensions=_dimensions(plain),
        statistic=str(plain.get("Statistic") or plain.get("ExtendedStatistic") or ""),
        period=int(plain.get("Period") or 0),
        evaluated=evaluated,
        datapoints=int(row.get("DatapointsToAlarm") or evaluated),
        missing=str(row.get("TreatMissingData") or "missing"),
        queries=() if single else tuple(sorted(_query(each) for each in queries)),
    )


def _unpacked(stat: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**stat.get("Metric", {}), "Statistic": stat.get("Stat"), "Period": stat.get("Period")}


def _dimensions(metric: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    given = metric.get("Dimensions") or []
    return tuple(sorted((str(each.get("Name", "")), str(each.get("Value", ""))) for each in given))


def _query(query: Mapping[str, Any]) -> str:
    if "MetricStat" not in query:
        return f"{query.get('Id')}={_NUMBER.sub('#', str(query.get('Expression', '')))}"
    stat = query["MetricStat"]
    metric = stat.get("Metric", {})
    parts = (name if name == _ANY_VALUE else f"{name}={value}" for name, value in _dimensions(metric))
    what = (f"{metric.get('Namespace')}/{metric.get('MetricName')}", *parts)
    return f"{query.get('Id')}={stat.get('Stat')} {' '.join(what)}"
