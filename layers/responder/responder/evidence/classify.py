"""One log line of a Lambda function, text or JSON, taken apart, and what it says about its request: class,
AWS code, operation. Pure; never raises.

Only the beginning of a line is trusted, and only lines that are known by it have a meaning: further in, a
line can hold what a caller sent, which can so never pose as a fault of the service. Any other ERROR line is
an error without a code.

A line is certain where the function's logger or Lambda wrote it, as far as its form shows: the function's log
format, the fields of that format, and before AWS's answer the words of the code that made the call. What is
printed raw, such as the body of a request, is counted and not certain, unless it imitates a whole line of the
logger in the function's own format.
"""

import json
import re
from dataclasses import replace
from enum import StrEnum
from functools import cache

from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.plain_data import Data
from responder.evidence.error_texts import Error, error_of
from responder.evidence.faults import (
    ENDS_THE_INVOCATION,
    NORMAL,
    UNAVAILABLE,
    DenyingPolicy,
    Fault,
    denial_reason,
    fault_of,
    no_caller_causes,
)

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_LEVELLED = re.compile(r"\[(?P<level>[A-Z]+)\]\t\S+Z\t(?P<id>[\w-]{0,64})\t(?P<said>.*)", re.DOTALL)
_RUNTIME = re.compile(r"\[(?P<level>ERROR)\] (?P<type>[A-Za-z_][\w.]*)(?:: (?P<said>.*))?", re.DOTALL)
_TIMED_OUT = re.compile(rf"\S+Z (?P<id>{_UUID}) (?P<said>Task timed out after .*)", re.DOTALL)
_EXITED = re.compile(rf"RequestId: (?P<id>{_UUID}) Error: (?P<said>.*)", re.DOTALL)
_REPORT = re.compile(rf"REPORT RequestId: (?P<id>{_UUID})\s(?P<said>.*)", re.DOTALL)
_STATUS = re.compile(r"\bStatus: (?P<status>[a-z]+)(?:\s+Error Type: (?P<type>[\w.]+))?")
_REQUEST_KEYS = ("requestId", "request_id", "aws_request_id", "function_request_id")
_LEVELS = {"WARN": "WARNING", "FATAL": "CRITICAL"}
# What each line in JSON format has (Lambda developer guide, "Log and monitor Python Lambda functions" and
# "Telemetry API Event schema reference"): the logger's may have more fields, Lambda's own have no others.
_LOGGED = frozenset({"timestamp", "level", "message", "logger", "requestId"})
_RAISED = frozenset({"timestamp", "level", "errorMessage", "errorType", "requestId"})
_PLATFORM = frozenset({"time", "type", "record"})


class LogFormat(StrEnum):
    """How a function writes its log (Lambda API, LoggingConfig.LogFormat)."""

    TEXT = "Text"
    JSON = "JSON"


@frozen
class LogLine:
    """`request` is "" where the line names none; `platform` lines are written by Lambda itself.

    `error` is the runtime's error type (`Runtime.ImportModuleError`); `status` how Lambda says the
    invocation ended (`timeout`, `error`); `exception` the class of what the code caught and logged, in JSON.
    `form`: the format to which the line belongs; None for a line that Lambda writes in both alike.
    `whole`: it has all fields of its format.
    """

    request: str
    level: str
    said: str
    error: str = ""
    status: str = ""
    platform: bool = False
    exception: str = ""
    form: LogFormat | None = LogFormat.TEXT
    whole: bool = True

    @property
    def escaped(self) -> bool:
        """It reports what ended the invocation; Lambda counts that among the function's `Errors`."""
        return self.platform or bool(self.error)


def parse(message: str) -> LogLine | None:
    """The line; None where it cannot be about a failed request."""
    stripped = message.rstrip()
    return _json(stripped) if stripped.startswith("{") else _text(stripped)


def _text(message: str) -> LogLine | None:
    if found := _LEVELLED.match(message):
        return LogLine(found["id"], _level(found["level"]), found["said"])
    if found := _TIMED_OUT.match(message):
        return LogLine(found["id"], "ERROR", found["said"], status="timeout", platform=True, form=None)
    if found := _EXITED.match(message):
        return _exited(found["id"], found["said"])
    if found := _RUNTIME.match(message):
        return LogLine("", "ERROR", found["said"] or "", error=found["type"])
    return _report(message)


def _exited(request: str, said: str) -> LogLine:
    first, _, rest = said.partition("\n")
    status = "timeout" if first.startswith("Task timed out after ") else "error"
    return LogLine(request, "ERROR", first, error=rest.strip(), status=status, platform=True, form=None)


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
    if fields.keys() == _PLATFORM and _word(fields, "type").startswith("platform."):
        return _platform(record) if isinstance(record, dict) else None
    request = next((_word(fields, key) for key in _REQUEST_KEYS if _word(fields, key)), "")
    said = _word(fields, "message") or _word(fields, "errorMessage")
    # An exception that the code logged itself also has an errorType; only the runtime's has no message.
    logged, kind = "message" in fields, _word(fields, "errorType")
    level = _level(_word(fields, "level"))
    return LogLine(
        request,
        level,
        said,
        error="" if logged else kind,
        exception=kind if logged else "",
        form=LogFormat.JSON,
        whole=fields.keys() >= (_LOGGED if logged else _RAISED),
    )


def _platform(record: Data) -> LogLine | None:
    status = _word(record, "status")
    if status in ("", "success"):
        return None
    return LogLine(
        _word(record, "requestId"),
        "ERROR",
        "",
        error=_word(record, "errorType"),
        status=status,
        platform=True,
        form=LogFormat.JSON,
    )


def _word(fields: Data, key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def _level(level: str) -> str:
    return _LEVELS.get(level.upper(), level.upper())


# The lines that the code of the two liveness functions is known to write. Pure.
#
# One table for all that reads them: the count of failed requests, the reading of denied calls, and the metric
# filters of template.yaml (a test holds them equal). Only the beginning of a line decides its meaning: what
# follows can be a caller's own words.

BOTH = tuple(LivenessFunction)
ERRORS = frozenset({"ERROR", "CRITICAL"})
# The handler puts this before what the service raised.
SERVICE_ERROR = "Liveness service error: "


class Follows(StrEnum):
    """What follows the beginning of the line."""

    NOTHING = "nothing"
    CALLER = "caller"
    ERROR = "error"


@frozen
class KnownLine:
    """A kind of line. `METRIC` in its beginning is replaced by the name of a metric.

    `fault` and `code` are what the line means; without a code, the text of the error that follows says
    it better where it can. `fails` is False where the request continues. `of`: the functions that write it.
    `of_call`: written only where a call of AWS failed, whose text follows.
    """

    begins: str
    level: str
    follows: Follows
    fault: Fault
    code: str = ""
    fails: bool = True
    of: tuple[LivenessFunction, ...] = BOTH
    of_call: bool = False

    def rest(self, said: str) -> str | None:
        """What follows the beginning; None where the line does not begin so."""
        found = _beginning(self.begins).match(said)
        return said[found.end() :] if found else None


@cache
def _beginning(begins: str) -> re.Pattern[str]:
    return re.compile(re.escape(begins).replace("METRIC", r"\w{1,60}"))


def _failed(to: str, *of: LivenessFunction, fails: bool = True) -> KnownLine:
    begins = f"Failed to {to}: "
    return KnownLine(begins, "ERROR", Follows.ERROR, Fault.OTHER, fails=fails, of=of or BOTH, of_call=True)


def _ended(begins: str, code: str) -> KnownLine:
    return KnownLine(
        begins, "WARNING", Follows.CALLER, Fault.SESSION_ENDED, code, of=(LivenessFunction.RESULT,)
    )


def _input(begins: str, level: str, follows: Follows, of: LivenessFunction) -> KnownLine:
    return KnownLine(begins, level, follows, Fault.CALLER_INPUT, "InvalidRequest", of=(of,))


_UNSENT = KnownLine("Failed to send metric METRIC: ", "WARNING", Follows.ERROR, Fault.OTHER, fails=False)
KNOWN = (
    _ended("Session not found: ", "SessionNotFound"),
    _ended("Session expired: ", "SessionExpired"),
    _input("Missing employee_id in request", "WARNING", Follows.NOTHING, LivenessFunction.CREATE),
    _input("Missing sessionId in path parameters", "WARNING", Follows.NOTHING, LivenessFunction.RESULT),
    _input("Invalid employee_id format: ", "WARNING", Follows.CALLER, LivenessFunction.CREATE),
    _input("Invalid JSON in request body: ", "ERROR", Follows.CALLER, LivenessFunction.CREATE),
    _failed("create liveness session", LivenessFunction.CREATE),
    _failed("get liveness session result", LivenessFunction.RESULT),
    _failed("store audit log", LivenessFunction.RESULT, fails=False),
    _UNSENT,
    KnownLine("Unexpected error: ", "ERROR", Follows.ERROR, Fault.UNEXPECTED),
)
_SERVICE = KnownLine(SERVICE_ERROR, "ERROR", Follows.ERROR, Fault.OTHER)


def find(said: str) -> tuple[KnownLine, str] | None:
    """The kind of line that this message is, and what follows its beginning; None for one not known."""
    raised = said.removeprefix(SERVICE_ERROR)
    for known in KNOWN:
        if (rest := known.rest(raised)) is not None:
            return known, rest
    return None if raised == said else (_SERVICE, raised)


AWS = re.compile(
    r"An error occurred \((?P<code>[\w.]{1,80})\) when calling the (?P<operation>\w{1,60}) operation"
)
IMPORT_ERRORS = tuple(
    f"Runtime.{each}"
    for each in ("ImportModuleError", "UserCodeSyntaxError", "HandlerNotFound", "MalformedHandlerName")
)
_IMPORT = re.compile(rf"(?:{'|'.join(map(re.escape, IMPORT_ERRORS))})\b")
_MEMORY = re.compile(r"Runtime\.OutOfMemory\b|OutOfMemory\b")
_KILLED = re.compile(r"Runtime exited with error: signal: killed\b")
_CLIENT_ERROR = "ClientError"
_TRACE = "\nTraceback (most recent call last):"
_CLASS = re.compile(r"(?:[A-Za-z_]\w{0,60}\.){0,8}[A-Za-z_]\w{0,80}")
_CONTINUED = re.compile(r"\s|Traceback \(most recent call last\)")


@frozen
class Meaning:
    """`code` is AWS's error code or the class's name; `fails` is False where the request continues; `unsent`:
    a metric could not be sent. The rest as in `FailedRequest`; `certain`: of this line alone."""

    fault: Fault
    code: str
    operation: str = ""
    fails: bool = True
    variable: str = ""
    service: str = ""
    reason: DenyingPolicy = DenyingPolicy.UNSAID
    unsent: bool = False
    certain: bool = True

    @property
    def of_load(self) -> bool:
        """AWS turned a call away because there were too many, or may have."""
        return self.fault.of_load or self.code in UNAVAILABLE

    @property
    def weight(self) -> tuple[int, int]:
        """How specific it is: what ended the invocation, then a named cause, then any fault, then normal."""
        if self.fault in ENDS_THE_INVOCATION:
            rank = 4
        elif self.fault in NORMAL:
            rank = 0
        else:
            rank = {Fault.OTHER: 1, Fault.UNEXPECTED: 2}.get(self.fault, 3)
        return rank, 1 if self.operation else 0

    @property
    def sure(self) -> bool:
        """As in `FailedRequest`."""
        return self.certain and no_caller_causes(self.fault, self.code, self.operation)


def classify(line: LogLine, form: LogFormat | None = None) -> Meaning | None:
    """The line's meaning; None where it reports no error. `form`: the function's log format, without which
    only those lines are certain that are the same in both."""
    meaning = _meaning_of(line)
    if meaning is None or (line.whole and line.form in (None, form)):
        return meaning
    return replace(meaning, certain=False)


def _meaning_of(line: LogLine) -> Meaning | None:
    if line.platform:
        return _ended_by_platform(line)
    found = find(line.said)
    if found and found[0].fault in NORMAL:
        return Meaning(found[0].fault, found[0].code)
    if _CONTINUED.match(line.said):
        return None
    if line.error:
        return _runtime_error(line.error, line.said)
    if found and not found[0].fails:
        caught = _caught(*found, line.exception)
        return replace(caught, fails=False, unsent=found[0] is _UNSENT)
    if line.level not in ERRORS:
        return None
    if found is None:
        return Meaning(Fault.UNEXPECTED, "Exception")
    return _caught(*found, line.exception)


def _caught(known: KnownLine, rest: str, name: str) -> Meaning:
    """What a caught exception's text shows. `name`: its class, as JSON shows it."""
    otherwise = known.fault
    if found := AWS.match(rest):
        # Behind words that any exception follows, the text of one that quotes a caller looks the same.
        certain = known.of_call or _raised_for(found, name)
        return replace(_answered(found), certain=certain)
    text, _, trace = rest.partition(_TRACE)
    name = name or _raised(text, trace)
    if error := error_of(text, name):
        return _meaning(error)
    return Meaning(
        otherwise, name or ("Exception" if otherwise is Fault.UNEXPECTED else "LivenessServiceError")
    )


def _raised(text: str, trace: str) -> str:
    """The class that the end of a traceback names: `botocore.exceptions.ConnectTimeoutError: TEXT`."""
    last = trace.rstrip().removesuffix(f": {text}").rpartition("\n")[2]
    return last.rpartition(".")[2] if _CLASS.fullmatch(last) else ""


def _raised_for(found: re.Match[str], name: str) -> bool:
    """boto3 raises an exception of this class for AWS's answer."""
    return name in (_CLIENT_ERROR, found["code"])


def _answered(found: re.Match[str]) -> Meaning:
    """What AWS answered a call."""
    code, operation = found["code"], found["operation"]
    fault = fault_of(code, operation)
    said = found.string[found.end() :].partition("\n")[0].rstrip()
    reason = denial_reason(said) if fault is Fault.ACCESS_DENIED else DenyingPolicy.UNSAID
    return Meaning(fault, code, operation, reason=reason)


def _meaning(error: Error) -> Meaning:
    return Meaning(error.fault, error.code, variable=error.variable, service=error.service)


def _runtime_error(error: str, said: str = "") -> Meaning:
    if _IMPORT.match(error):
        return Meaning(Fault.IMPORT_ERROR, error)
    if _MEMORY.match(error):
        return Meaning(Fault.MEMORY, error)
    # Of an AWS call that nothing catches, boto3's exception is a ClientError or named by the code.
    if (found := AWS.match(said)) and _raised_for(found, error):
        return _answered(found)
    raised = error_of(said.partition(_TRACE)[0], error)
    return _meaning(raised) if raised else Meaning(Fault.UNEXPECTED, error[:80])


def _ended_by_platform(line: LogLine) -> Meaning:
    if line.status == "timeout":
        return Meaning(Fault.TIMEOUT, "Task.TimedOut")
    if _KILLED.match(line.said):
        return Meaning(Fault.MEMORY, "Runtime.ExitError")
    return _runtime_error(line.error or "Runtime.ExitError")
