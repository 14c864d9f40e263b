"""What a log line says about its request: class, AWS code, operation. Pure.

Order matters: what a caller can cause is recognised first and from the beginning of the message, so
that text sent by a caller can never pose as a fault of the service.
"""

import re
from dataclasses import dataclass

from responder.evidence.codes import fault_of
from responder.evidence.lines import Line
from responder.facts import ENDS_THE_INVOCATION, NORMAL, Fault

_PREFIXES = r"(?:[A-Z][A-Za-z ]{0,60}: )*"
_ENDED = re.compile(rf"{_PREFIXES}Session (?:not found|expired)\b")
_INPUT = re.compile(rf"{_PREFIXES}(?:Missing|Invalid) (?:employee_id|session_id|request|JSON)\b")
_AWS = re.compile(
    rf"{_PREFIXES}An error occurred \((?P<code>[\w.]{{1,80}})\)"
    r" when calling the (?P<operation>\w{1,60}) operation"
)
_SERVICE = re.compile(r"Liveness service error\b|Failed to (?:create|get) liveness session")
_IMPORT = re.compile(
    r"Runtime\.(?:ImportModuleError|UserCodeSyntaxError|HandlerNotFound|MalformedHandlerName)\b"
)
_MEMORY = re.compile(r"Runtime\.OutOfMemory\b|OutOfMemory\b")
_KILLED = re.compile(r"Runtime exited with error: signal: killed\b")
_CONTINUED = re.compile(r"\s|Traceback \(most recent call last\)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """`code` is AWS's error code or the class's name."""

    fault: Fault
    code: str
    operation: str = ""

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


def classify(line: Line) -> Meaning | None:
    """The line's meaning; None where it tells of no failed request."""
    if line.platform:
        return _ended_by_platform(line)
    if _ENDED.match(line.said):
        return Meaning(
            Fault.SESSION_ENDED, "SessionExpired" if "expired" in line.said[:120] else "SessionNotFound"
        )
    if _INPUT.match(line.said):
        return Meaning(Fault.CALLER_INPUT, "InvalidRequest")
    if line.level not in ("ERROR", "CRITICAL") or _CONTINUED.match(line.said):
        return None
    return _runtime_error(line.error) if line.error else _logged_error(line.said)


def _logged_error(said: str) -> Meaning:
    if found := _AWS.match(said):
        return Meaning(fault_of(found["code"]), found["code"], found["operation"])
    if _SERVICE.match(said):
        return Meaning(Fault.OTHER, "LivenessServiceError")
    return Meaning(Fault.UNEXPECTED, "Exception")


def _runtime_error(error: str) -> Meaning:
    if _IMPORT.match(error):
        return Meaning(Fault.IMPORT_ERROR, error)
    if _MEMORY.match(error):
        return Meaning(Fault.MEMORY, error)
    return Meaning(Fault.UNEXPECTED, error[:80])


def _ended_by_platform(line: Line) -> Meaning:
    if line.status == "timeout":
        return Meaning(Fault.TIMEOUT, "Task.TimedOut")
    if _KILLED.match(line.said):
        return Meaning(Fault.MEMORY, "Runtime.ExitError")
    return _runtime_error(line.error or "Runtime.ExitError")
