"""One log line of a Lambda function, text or JSON, taken apart. Never raises.

Only the beginning of a line is trusted: further in, it can hold what a caller sent.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from responder.core.frozen import frozen

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_LEVELLED = re.compile(r"\[(?P<level>[A-Z]+)\]\t\S+Z\t(?P<id>[\w-]{0,64})\t(?P<said>.*)", re.DOTALL)
_RUNTIME = re.compile(r"\[(?P<level>ERROR)\] (?P<type>[A-Za-z_][\w.]*)(?:: (?P<said>.*))?", re.DOTALL)
_TIMED_OUT = re.compile(rf"\S+Z (?P<id>{_UUID}) (?P<said>Task timed out after .*)", re.DOTALL)
_EXITED = re.compile(rf"RequestId: (?P<id>{_UUID}) Error: (?P<said>.*)", re.DOTALL)
_REPORT = re.compile(rf"REPORT RequestId: (?P<id>{_UUID})\s(?P<said>.*)", re.DOTALL)
_STATUS = re.compile(r"\bStatus: (?P<status>[a-z]+)(?:\s+Error Type: (?P<type>[\w.]+))?")
_REQUEST_KEYS = ("requestId", "request_id", "aws_request_id", "function_request_id")
_LEVELS = {"WARN": "WARNING", "FATAL": "CRITICAL"}


@frozen
class LogLine:
    """`request` is "" where the line names none; `platform` lines are written by Lambda itself.

    `error` is the runtime's error type (`Runtime.ImportModuleError`); `status` how Lambda says the
    invocation ended (`timeout`, `error`); `exception` the class of what the code caught and logged, in JSON.
    """

    request: str
    level: str
    said: str
    error: str = ""
    status: str = ""
    platform: bool = False
    exception: str = ""


def parse(message: str) -> LogLine | None:
    """The line; None where it cannot be about a failed request."""
    stripped = message.rstrip()
    return _json(stripped) if stripped.startswith("{") else _text(stripped)


def _text(message: str) -> LogLine | None:
    if found := _LEVELLED.match(message):
        return LogLine(found["id"], _level(found["level"]), found["said"])
    if found := _TIMED_OUT.match(message):
        return LogLine(found["id"], "ERROR", found["said"], status="timeout", platform=True)
    if found := _EXITED.match(message):
        return _exited(found["id"], found["said"])
    if found := _RUNTIME.match(message):
        return LogLine("", "ERROR", found["said"] or "", error=found["type"])
    return _report(message)


def _exited(request: str, said: str) -> LogLine:
    first, _, rest = said.partition("\n")
    status = "timeout" if first.startswith("Task timed out after ") else "error"
    return LogLine(request, "ERROR", first, error=rest.strip(), status=status, platform=True)


def _report(message: str) -> LogLine | None:
    found = _REPORT.match(message)
    ended = _STATUS.search(found["said"]) if found else None
    if not found or not ended or ended["status"] == "success":
        return None
    return LogLine(found["id"], "ERROR", "", ended["type"] or "", ended["status"], platform=True)


def _json(message: str) -> LogLine | None:
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    record = fields.get("record")
    if _word(fields, "type").startswith("platform."):
        return _platform(record) if isinstance(record, dict) else None
    request = next((_word(fields, key) for key in _REQUEST_KEYS if _word(fields, key)), "")
    said = _word(fields, "message") or _word(fields, "errorMessage")
    # An exception that the code logged itself also has an errorType; only the runtime's has no message.
    logged, kind = "message" in fields, _word(fields, "errorType")
    level = _level(_word(fields, "level"))
    return LogLine(request, level, said, "" if logged else kind, exception=kind if logged else "")


def _platform(record: Mapping[str, Any]) -> LogLine | None:
    status = _word(record, "status")
    if status in ("", "success"):
        return None
    return LogLine(_word(record, "requestId"), "ERROR", "", _word(record, "errorType"), status, platform=True)


def _word(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def _level(level: str) -> str:
    return _LEVELS.get(level.upper(), level.upper())
