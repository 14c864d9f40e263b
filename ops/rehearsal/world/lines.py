"""Lambda's log lines of one request, in text and in JSON format. Pure."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from rehearsal.world.traffic import Line, Request
from responder.evidence.classify import LogFormat

_TRACE = 'Traceback (most recent call last):\n  File "/var/task/handler.py", line 88, in handler\n'

_EXITED = "Runtime.ExitError"


class Format(StrEnum):
    """Lambda's LogFormat."""

    TEXT = "text"
    JSON = "json"

    @property
    def setting(self) -> LogFormat:
        """As Lambda's configuration names it."""
        return LogFormat[self.name]


def lines(request: Request, form: Format) -> Iterator[tuple[datetime, str]]:
    """(time, line), in order."""
    end = request.at + timedelta(seconds=request.ending.duration)
    words = _text if form is Format.TEXT else _json
    yield from ((at, line) for at, line in words(request, request.at, end))


def _stamp(at: datetime) -> str:
    return f"{at.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _text(request: Request, at: datetime, end: datetime) -> Iterator[tuple[datetime, str]]:
    ending = request.ending
    yield at, f"START RequestId: {request.id} Version: $LATEST\n"
    for line in ending.lines:
        trace = f"\n{_TRACE}{line.error[0]}: {request.fill(line.error[1])}" if line.error else ""
        yield end, f"[{line.level}]\t{_stamp(end)}\t{request.id}\t{request.fill(line.message)}{trace}\n"
    if ending.error_type and ending.error_type != _EXITED:
        yield at, f"[ERROR] {ending.error_type}: {ending.error_text}\nTraceback (most recent call last):\n"
    elif ending.error_type:
        yield end, f"RequestId: {request.id} Error: {ending.error_text}\n{ending.error_type}\n"
    elif ending.status == "timeout":
        yield end, f"{_stamp(end)} {request.id} {ending.error_text}\n\n"
    yield end, f"END RequestId: {request.id}\n"
    yield end, _report(request)


def _report(request: Request) -> str:
    ending = request.ending
    milliseconds = ending.duration * 1000
    parts = [
        f"REPORT RequestId: {request.id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {milliseconds:.0f} ms",
        f"Memory Size: {request.size} MB",
        f"Max Memory Used: {ending.memory} MB",
    ]
    if ending.init is not None:
        parts.append(f"Init Duration: {ending.init * 1000:.2f} ms")
    if ending.status:
        parts.append(f"Status: {ending.status}")
    if ending.error_type:
        parts.append(f"Error Type: {ending.error_type}")
    return "\t".join(parts) + "\t\n"


def _json(request: Request, at: datetime, end: datetime) -> Iterator[tuple[datetime, str]]:
    ending = request.ending
    yield at, _platform("platform.start", at, {"requestId": request.id, "version": "$LATEST"})
    for line in ending.lines:
        yield end, json.dumps(_logged(request, line, end), ensure_ascii=False)
    if ending.error_type and ending.error_type != _EXITED:
        record = {"timestamp": _stamp(at), "level": "ERROR", "errorMessage": ending.error_text}
        yield at, json.dumps({**record, "errorType": ending.error_type, "requestId": "", "stackTrace": []})
    elif ending.error_type:
        yield end, f"RequestId: {request.id} Error: {ending.error_text}\n{ending.error_type}\n"
    elif ending.status == "timeout":
        yield end, f"{_stamp(end)} {request.id} {ending.error_text}\n\n"
    yield end, _platform("platform.report", end, _measured(request))


def _logged(request: Request, line: Line, at: datetime) -> dict[str, Any]:
    record = {
        "timestamp": _stamp(at),
        "level": line.level,
        "message": request.fill(line.message),
        "logger": "root",
        "requestId": request.id,
        **{
            name: request.fill(value) if isinstance(value, str) else value
            for name, value in line.extra.items()
        },
    }
    if line.error:
        kind, text = line.error
        record |= {"errorType": kind, "errorMessage": request.fill(text), "stackTrace": [_TRACE]}
    return record


def _platform(kind: str, at: datetime, record: dict[str, Any]) -> str:
    return json.dumps({"time": _stamp(at), "type": kind, "record": record})


def _measured(request: Request) -> dict[str, Any]:
    ending = request.ending
    metrics: dict[str, Any] = {
        "durationMs": round(ending.duration * 1000, 2),
        "billedDurationMs": round(ending.duration * 1000),
        "memorySizeMB": request.size,
        "maxMemoryUsedMB": ending.memory,
    }
    if ending.init is not None:
        metrics["initDurationMs"] = round(ending.init * 1000, 2)
    record = {"requestId": request.id, "metrics": metrics, "status": ending.status or "success"}
    return {**record, **({"errorType": ending.error_type} if ending.error_type else {})}
