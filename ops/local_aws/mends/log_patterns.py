"""FilterLogEvents with the patterns of unstructured logs, and with pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch_logs as logs

from . import seams
from .wire import Answer, error, ok

_TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_JSON = {"x-amz-target": "Logs_20140328.FilterLogEvents"}


class UnservedPatternError(ValueError):
    """A pattern of a kind that is not served here; AWS would understand it."""


def install() -> None:
    """Take the place of FilterLogEvents."""
    seams.need(logs, "_log_groups", "_log_events_lock", "_resolve_log_group_name")
    seams.swap(logs, "_compile_filter_pattern", "raw", matcher)
    seams.swap(logs, "_filter_log_events", "data", filter_events)


def matcher(raw: str) -> Callable[[str], bool]:
    """Terms are ANDed, ``?`` terms are ORed, ``-`` terms excluded; case matters."""
    pattern = (raw or "").strip()
    if pattern[:1] in ("{", "[", "%"):
        raise UnservedPatternError(f"pattern {pattern} is not served by the local AWS")
    found = [(sign, quoted.replace('\\"', '"') or bare) for sign, quoted, bare in _TERM.findall(pattern)]
    every = [term for sign, term in found if not sign]
    either = [term for sign, term in found if sign == "?"]
    none = [term for sign, term in found if sign == "-"]

    def matches(message: str) -> bool:
        if any(term in message for term in none) or not all(term in message for term in every):
            return False
        return not either or any(term in message for term in either)

    return matches


def filter_events(data: dict[str, Any]) -> Answer:
    """Answer FilterLogEvents: oldest first, ``limit`` events a page, nextToken goes on."""
    group = logs._log_groups.get(logs._resolve_log_group_name(data))
    if group is None:
        return error(_JSON, "ResourceNotFoundException", "The specified log group does not exist.")
    try:
        matches = matcher(data.get("filterPattern", ""))
    except UnservedPatternError as problem:
        return error(_JSON, "InvalidParameterException", str(problem))
    found = [event for event in _events(group, data) if matches(event["message"])]
    start, limit = int(data.get("nextToken") or 0), min(int(data.get("limit", 10000)), 10000)
    end = start + limit
    more = {"nextToken": str(end)} if end < len(found) else {}
    return ok({"events": found[start:end], "searchedLogStreams": [], **more})


def _events(group: dict[str, Any], data: dict[str, Any]) -> list[dict[str, Any]]:
    names = data.get("logStreamNames") or list(group["streams"])
    names = [name for name in names if name.startswith(data.get("logStreamNamePrefix", ""))]
    first, last = data.get("startTime", 0), data.get("endTime", float("inf"))
    with logs._log_events_lock:
        found = [
            {**event, "logStreamName": name}
            for name in names
            for event in group["streams"].get(name, {"events": []})["events"]
            if first <= event["timestamp"] <= last
        ]
    return sorted(found, key=lambda event: event["timestamp"])
