"""What a caller may send as a session id or an employee id, and the lines that are then in the log."""

import json
from collections.abc import Callable, Iterator
from random import Random

import pytest

from responder.evidence.classify import KNOWN, SERVICE_ERROR, Follows, KnownLine, LogFormat

# How many words are tried.
COUNTS = [200, pytest.param(4_000, marks=pytest.mark.long)]

type Form = Callable[[str, str], str]
AT = "2026-02-04T10:25:00.123Z"
REQUEST = "8f5cbd1c-63a1-4d57-9c64-0f0a2f5a1b01"
DENIED = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
INTERNAL = (
    "An error occurred (InternalServerError) when calling the GetFaceLivenessSessionResults operation: x"
)
IMPORT = "Runtime.ImportModuleError"
ERRORS = tuple(
    f"{service}{known.begins.replace('METRIC', 'SuccessCount')}"
    for known in KNOWN
    if known.follows is Follows.ERROR
    for service in ("", SERVICE_ERROR)
)
PLATFORM = (
    f"{AT} {REQUEST} Task timed out after 10.01 seconds",
    f"RequestId: {REQUEST} Error: Task timed out after 15.00 seconds",
    f"RequestId: {REQUEST} Error: Runtime exited with error: signal: killed\nRuntime.ExitError",
    "[ERROR] Runtime.ImportModuleError: Unable to import module 'handler': No module named 'x'",
    f"REPORT RequestId: {REQUEST}\tDuration: 10000.00 ms\tStatus: timeout\n",
    json.dumps({"type": "platform.report", "record": {"requestId": REQUEST, "status": "timeout"}}),
    json.dumps({"errorType": "Runtime.ImportModuleError", "errorMessage": "x", "requestId": REQUEST}),
)
BREAKS = (
    "",
    "\n",
    "\r\n",
    "\t",
    "\r",
    "\0",
    "\x0b",
    "\x1b[2K",
    "\u2028",
    "\u0085",
    '"',
    '"}\n',
    "\\n",
    "%",
    " ",
)


def text(level: str, said: str) -> str:
    """A line of the function's logger in Lambda's text format."""
    return f"[{level}]\t{AT}\t{REQUEST}\t{said}\n"


def in_json(level: str, said: str, **extra: str) -> str:
    """The same in JSON, where `extra` is next to the message."""
    line = {"timestamp": AT, "level": level, "message": said, "logger": "root", "requestId": REQUEST}
    return json.dumps({**line, **extra})


def words(count: int, seed: int = 20260204) -> Iterator[str]:
    """Strings made of the lines that count, in every form, behind and before every kind of break."""
    dice = Random(seed)  # the same strings in every run
    errors = [begins + error for begins in (*ERRORS, "") for error in (DENIED, INTERNAL)]
    forged = [*errors, *PLATFORM, *(text("ERROR", each) for each in errors)]
    forged += [in_json("ERROR", each) for each in errors]
    for _ in range(count):
        parts = dice.choices(forged, k=dice.randint(1, 3))
        yield "".join(part for each in parts for part in (dice.choice(BREAKS), each)) + dice.choice(BREAKS)


def lines(sent: str) -> Iterator[tuple[KnownLine, str]]:
    """Every kind of line that can hold it, in both formats: (kind, line)."""
    for known in KNOWN:
        begins = known.begins.replace("METRIC", "SuccessCount")
        for said in _holding(known, begins, sent):
            yield known, text(known.level, said)
            yield known, in_json(known.level, said, session_id=sent, employee_id=sent)


def printed(sent: str) -> Iterator[tuple[str, LogFormat]]:
    """Every line that the service leaves if it prints a body as it is, and the function's log format. What
    imitates the logger's line of that format in every field looks like that line, and is not among them."""
    record = {"requestId": REQUEST, "status": "error", "errorType": "Runtime.ImportModuleError"}
    figures = "Duration: 1.00 ms\tBilled Duration: 2 ms\tMemory Size: 256 MB\tMax Memory Used: 91 MB"
    for form in LogFormat:
        yield json.dumps({"time": AT, "type": "platform.report", "record": record, "body": sent}), form
        yield json.dumps({"type": "platform.report", "record": record}), form
        yield f"REPORT RequestId: {REQUEST}\t{figures}\tStatus: error\tError Type: {IMPORT}", form
        yield f"[ERROR] {IMPORT}: {sent}", form
        yield f"[ERROR] ClientError: {DENIED}{sent}", form
        for error in (DENIED, INTERNAL):
            said = f"{SERVICE_ERROR}Failed to get liveness session result: {error}{sent}"
            yield json.dumps({"level": "ERROR", "requestId": REQUEST, "message": said}), form
            yield json.dumps({"level": "ERROR", "errorType": "ClientError", "errorMessage": error}), form
    said = f"Failed to create liveness session: {DENIED}{sent}"
    yield text("ERROR", said), LogFormat.JSON
    yield in_json("ERROR", said), LogFormat.TEXT
    platform = {"time": AT, "type": "platform.report", "record": record}
    yield json.dumps(platform), LogFormat.TEXT


def behind_any_error(sent: str) -> Iterator[str]:
    """The text of an exception that quotes a caller, behind the words that any exception follows."""
    for begins in (SERVICE_ERROR, "Unexpected error: "):
        for error in (DENIED, INTERNAL):
            yield f"{begins}{error}{sent}"
            yield f"{begins}{error}{sent}\nTraceback (most recent call last):\nClientError: {error}"


def _holding(known: KnownLine, begins: str, sent: str) -> Iterator[str]:
    if known.follows is Follows.CALLER:
        yield begins + sent
    if known.follows is Follows.ERROR:
        refused = f"An error occurred (ValidationException) when calling the GetItem operation: {sent}"
        for service in ("", SERVICE_ERROR):
            yield f"{service}{begins}{refused}"
            yield f"{service}{begins}'utf-8' codec cannot encode {sent}"
