"""Lambda's REPORT lines, text and JSON. Pure; never raises."""

import json
import re
from collections.abc import Iterable
from typing import Any

from responder.core.frozen import frozen

_START = re.compile(r"REPORT RequestId: (?P<id>[\w-]+)\s")
_FIGURES = {
    "duration": re.compile(r"(?<!Billed )(?<!Init )(?<!Restore )Duration: ([\d.]+) ms"),
    "init": re.compile(r"Init Duration: ([\d.]+) ms"),
    "size": re.compile(r"Memory Size: (\d+) MB"),
    "used": re.compile(r"Max Memory Used: (\d+) MB"),
}
_STATUS = re.compile(r"\bStatus: ([a-z]+)")
# How Lambda says that it, and not the function, ended a run (Telemetry API reference, Status).
_KILLED = frozenset({"timeout", "error"})
_KEYS = {
    "duration": "durationMs",
    "init": "initDurationMs",
    "size": "memorySizeMB",
    "used": "maxMemoryUsedMB",
}


@frozen
class LambdaReport:
    """One invocation: seconds and MB. `init` is None for a warm start.

    `status` is Lambda's word for how it ended; empty where the line has none.
    """

    request: str
    duration: float
    init: float | None
    size: int | None
    used: int | None
    status: str = ""

    @property
    def killed(self) -> bool:
        """It was cut short, so its figures do not say how long it would have taken."""
        return self.status in _KILLED


def parse(message: str) -> LambdaReport | None:
    """The report; None where the line is none."""
    stripped = message.strip()
    return _json(stripped) if stripped.startswith("{") else _text(stripped)


def distinct(reports: Iterable[LambdaReport]) -> tuple[LambdaReport, ...]:
    """One per request, in order."""
    return tuple({report.request: report for report in reports}.values())


def _text(message: str) -> LambdaReport | None:
    start = _START.match(message)
    if not start:
        return None
    found = {key: pattern.search(message) for key, pattern in _FIGURES.items()}
    figures = {key: _number(match.group(1)) if match else None for key, match in found.items()}
    status = _STATUS.search(message)
    return _report(start["id"], figures, status.group(1) if status else "")


def _json(message: str) -> LambdaReport | None:
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or fields.get("type") != "platform.report":
        return None
    record = fields.get("record")
    figures = record.get("metrics") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(figures, dict):
        return None
    read = {key: _number(figures.get(name)) for key, name in _KEYS.items()}
    return _report(str(record.get("requestId", "")), read, str(record.get("status", "")))


def _report(request: str, figures: dict[str, float | None], status: str) -> LambdaReport | None:
    duration, init, size, used = (figures[key] for key in _KEYS)
    if duration is None:
        return None
    return LambdaReport(
        request,
        duration / 1000,
        None if init is None else init / 1000,
        None if size is None else round(size),
        None if used is None else round(used),
        status,
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number < 1e12 else None
