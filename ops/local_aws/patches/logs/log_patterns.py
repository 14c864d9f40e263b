"""FilterLogEvents and filters on log groups, with AWS's patterns, limits and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch_logs as logs

from local_aws.patches import patching
from local_aws.patches.calls.wire import Answer, error, ok
from local_aws.patches.drill.lateness import line_arrived

from . import filter_patterns

REGEXES_IN_A_GROUP = 5

_OPERATION = "Logs_20140328."


def install() -> None:
    """Take the place of FilterLogEvents, and check every filter before it is created."""
    patching.need(logs, "_log_groups", "_log_events_lock", "_resolve_log_group_name", "_metric_filters")
    patching.swap(logs, "_compile_filter_pattern", "raw", matcher)
    patching.swap(logs, "_filter_log_events", "data", filter_events)
    _checked("PutMetricFilter", "_put_metric_filter")
    _checked("PutSubscriptionFilter", "_put_subscription_filter")


def matcher(raw: str) -> Callable[[str], bool]:
    """What ministack asks for where it sends events on."""
    return filter_patterns.read(raw).matches


def filter_events(data: dict[str, Any]) -> Answer:
    """Answer FilterLogEvents: oldest first, ``limit`` events a page, nextToken continues."""
    group = logs._log_groups.get(logs._resolve_log_group_name(data))
    if group is None:
        return _error(
            "FilterLogEvents", "ResourceNotFoundException", "The specified log group does not exist."
        )
    try:
        matches = matcher(data.get("filterPattern", ""))
    except filter_patterns.RefusedPatternError as problem:
        return _error("FilterLogEvents", "InvalidParameterException", str(problem))
    found = [event for event in _events(group, data) if matches(event["message"])]
    start, limit = int(data.get("nextToken") or 0), min(int(data.get("limit", 10000)), 10000)
    end = start + limit
    more = {"nextToken": str(end)} if end < len(found) else {}
    return ok({"events": found[start:end], "searchedLogStreams": [], **more})


def _checked(operation: str, target: str) -> None:
    put = getattr(logs, target)

    def checked(data: dict[str, Any]) -> Any:
        try:
            new = filter_patterns.read(data.get("filterPattern", ""))
        except filter_patterns.RefusedPatternError as problem:
            return _error(operation, "InvalidParameterException", str(problem))
        if new.regexes and _with_regexes(data) >= REGEXES_IN_A_GROUP:
            return _error(
                operation,
                "LimitExceededException",
                f"A log group takes {REGEXES_IN_A_GROUP} filter patterns with regular expressions.",
            )
        return put(data)

    patching.swap(logs, target, "data", checked)


def _with_regexes(data: dict[str, Any]) -> int:
    """Filters of the group with a regular expression, but for the one that is replaced."""
    group, name = data.get("logGroupName"), data.get("filterName")
    subscriptions = logs._log_groups.get(group, {}).get("subscriptionFilters", {}).values()
    metrics = [each for (owner, _), each in logs._metric_filters.items() if owner == group]
    return sum(
        each["filterName"] != name and filter_patterns.read(each["filterPattern"]).regexes > 0
        for each in (*subscriptions, *metrics)
    )


def _error(operation: str, code: str, said: str) -> Answer:
    return error({"x-amz-target": _OPERATION + operation}, code, said)


def _events(group: dict[str, Any], data: dict[str, Any]) -> list[dict[str, Any]]:
    names = data.get("logStreamNames") or list(group["streams"])
    names = [name for name in names if name.startswith(data.get("logStreamNamePrefix", ""))]
    first, last = data.get("startTime", 0), data.get("endTime", float("inf"))
    with logs._log_events_lock:
        found = [
            {**event, "logStreamName": name}
            for name in names
            for event in group["streams"].get(name, {"events": []})["events"]
            if first <= event["timestamp"] <= last and line_arrived(event["timestamp"])
        ]
    return sorted(found, key=lambda event: event["timestamp"])
