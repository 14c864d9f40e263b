"""Requests and faults of the two liveness functions: what proves a recovery, or a step of the way back."""

from datetime import datetime, timedelta
from typing import Any

from responder.core.context import Context
from responder.followup_rules import TrafficSince
from responder.incident_report.period import period_for

_MINUTE = 60
_MOST_POINTS = 1_000
_FAULTS = ("VerificationError", "SessionCreationError")


def traffic(context: Context, since: datetime) -> TrafficSince:
    """Since a moment, in whole minutes. A request that died and one that said so are both faults; one that
    did both counts as one. Raises our errors where CloudWatch cannot be asked."""
    start = since.replace(second=0, microsecond=0)
    end = context.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    answer = context.aws.pages(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=_queries(context, _period(start, end)),
        StartTime=start,
        EndTime=end,
    )
    sums: dict[str, float] = {}
    for page in answer:
        for result in page["MetricDataResults"]:
            sums[result["Id"]] = sums.get(result["Id"], 0.0) + sum(result["Values"])
    requests = sums.get("r0", 0.0) + sums.get("r1", 0.0)
    died, said = sums.get("e0", 0.0) + sums.get("e1", 0.0), sums.get("f0", 0.0) + sums.get("f1", 0.0)
    return TrafficSince(int(requests), int(max(died, said)))


def _period(start: datetime, end: datetime) -> int:
    """Whole minutes, as few as the number of points allows and as many as CloudWatch keeps at that age."""
    points = (end - start).total_seconds() / _MINUTE
    return period_for(_MINUTE * max(1, int(-(-points // _MOST_POINTS))), end - start)


def _queries(context: Context, period: int) -> list[dict[str, Any]]:
    settings = context.settings
    asked = []
    for number, name in enumerate(settings.functions):
        dimensions = [{"Name": "FunctionName", "Value": name}]
        asked.append(_query(f"r{number}", "AWS/Lambda", "Invocations", dimensions, period))
        asked.append(_query(f"e{number}", "AWS/Lambda", "Errors", dimensions, period))
    for number, name in enumerate(_FAULTS):
        asked.append(_query(f"f{number}", settings.namespace, name, [], period))
    return asked


def _query(
    name: str, namespace: str, metric: str, dimensions: list[dict[str, str]], period: int
) -> dict[str, Any]:
    stat = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": stat, "Period": period, "Stat": "Sum"}}
