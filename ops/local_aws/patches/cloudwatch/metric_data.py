"""GetMetricData over the stored values: many queries, dimensions, percentiles, pages, order."""

from __future__ import annotations

import math
from typing import Any

from ministack.services import cloudwatch

from local_aws.patches import patching
from local_aws.patches.calls.wire import Answer, error, ok

from .expressions import evaluate
from .series import buckets, valid

_JSON = {"x-amz-target": "GraniteServiceVersion20100801.GetMetricData"}


def install() -> None:
    """Take the place of GetMetricData; `series` knows how long points are kept."""
    patching.swap(cloudwatch, "_evict_old_metrics", "", lambda: None)
    patching.wrap(
        cloudwatch,
        "_get_metric_data",
        "params cbor_data is_cbor is_json",
        lambda before, params, data, is_cbor, is_json=False: (
            get(data) if is_json else before(params, data, is_cbor)
        ),
    )


def get(data: dict[str, Any]) -> Answer:
    """Answer GetMetricData."""
    queries = data.get("MetricDataQueries", [])
    if problem := _problem(queries):
        return error(_JSON, "ValidationError", problem)
    start, end = (cloudwatch._parse_ts(data.get(name)) for name in ("StartTime", "EndTime"))
    newest_first = data.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    series = compute(queries, start, end)
    shown = [query for query in queries if query.get("ReturnData", True)]
    return ok({"MetricDataResults": [_result(each, series, newest_first) for each in shown]})


def compute(queries: list[dict[str, Any]], start: float, end: float) -> dict[str, dict[int, float]]:
    """Every query's values by period; expressions may name queries in any order."""
    series = {each["Id"]: buckets(each["MetricStat"], start, end) for each in queries if "MetricStat" in each}
    # FILL fills every period that is asked for (User Guide, "Using metric math": where metrics are late, "the
    # latest data point … always be the FILL value").
    period = min((int(each["MetricStat"]["Period"]) for each in queries if "MetricStat" in each), default=60)
    series[""] = dict.fromkeys(range(int(start // 60 * 60), math.ceil(end), period), 0.0)
    waiting = [each for each in queries if "Expression" in each]
    while waiting:
        for each in list(waiting):
            found = evaluate(each["Expression"], series, {other["Id"] for other in waiting})
            if found is not None:
                series[each["Id"]] = found
                waiting.remove(each)
    return series


def _problem(queries: list[dict[str, Any]]) -> str:
    if not 0 < len(queries) <= 500:
        return "The collection MetricDataQueries must have between 1 and 500 members."
    ids = [query.get("Id", "") for query in queries]
    if len(set(ids)) != len(ids):
        return "The values for parameter id in MetricDataQueries are not unique."
    for query in queries:
        stat = query.get("MetricStat", {}).get("Stat", "Sum")
        if not valid(stat):
            return f"Unknown statistic {stat}."
    return ""


def _result(query: dict[str, Any], series: dict[str, dict[int, float]], newest_first: bool) -> dict[str, Any]:
    values = series[query["Id"]]
    times = sorted(values, reverse=newest_first)
    name = query.get("MetricStat", {}).get("Metric", {}).get("MetricName", query["Id"])
    return {
        "Id": query["Id"],
        "Label": query.get("Label") or name,
        "Timestamps": times,
        "Values": [values[when] for when in times],
        "StatusCode": "Complete",
    }
