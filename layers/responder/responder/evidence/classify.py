"""What a log line says about its request: class, AWS code, operation. Pure.

Only lines that are known by their beginning have a meaning of their own, so that text sent by a caller
can never pose as a fault of the service. Any other ERROR line is an error without a code.
"""

import re
from dataclasses import dataclass, replace

from responder.evidence.codes import denial_reason, fault_of
from responder.evidence.error_texts import Error, error_of
from responder.evidence.facts import ENDS_THE_INVOCATION, NORMAL, UNAVAILABLE, Fault
from responder.evidence.facts.denied import DenyingPolicy
from responder.evidence.known_lines import ERRORS, find
from responder.evidence.lines import LogLine

AWS = re.compile(
    r"An error occurred \((?P<code>[\w.]{1,80})\) when calling the (?P<operation>\w{1,60}) operation"
)
_IMPORT = re.compile(
    r"Runtime\.(?:ImportModuleError|UserCodeSyntaxError|HandlerNotFound|MalformedHandlerName)\b"
)
_MEMORY = re.compile(r"Runtime\.OutOfMemory\b|OutOfMemory\b")
_KILLED = re.compile(r"Runtime exited with error: signal: killed\b")
_CLIENT_ERROR = "ClientError"
_TRACE = "\nTraceback (most recent call last):"
_CLASS = re.compile(r"(?:[A-Za-z_]\w{0,60}\.){0,8}[A-Za-z_]\w{0,80}")
_CONTINUED = re.compile(r"\s|Traceback \(most recent call last\)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """`code` is AWS's error code or the class's name; `fails` is False where the request goes on. The rest as
    in `Failure`."""

    fault: Fault
    code: str
    operation: str = ""
    fails: bool = True
    variable: str = ""
    service: str = ""
    reason: DenyingPolicy = DenyingPolicy.UNSAID

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


def classify(line: LogLine) -> Meaning | None:
    """The line's meaning; None where it tells of no error."""
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
        return replace(_caught(found[0].fault, found[1], line.exception), fails=False)
    if line.level not in ERRORS:
        return None
    if found is None:
        return Meaning(Fault.UNEXPECTED, "Exception")
    return _caught(found[0].fault, found[1], line.exception)


def _caught(otherwise: Fault, rest: str, name: str) -> Meaning:
    """What an exception that the code caught says of itself."""
    if found := AWS.match(rest):
        return _answered(found)
    text, _, trace = rest.partition(_TRACE)
    name = name or _raised(text, trace)
    if error := error_of(text, name):
        return _told(error)
    return Meaning(
        otherwise, name or ("Exception" if otherwise is Fault.UNEXPECTED else "LivenessServiceError")
    )


def _raised(text: str, trace: str) -> str:
    """The class that the end of a traceback names: `botocore.exceptions.ConnectTimeoutError: TEXT`."""
    last = trace.rstrip().removesuffix(f": {text}").rpartition("\n")[2]
    return last.rpartition(".")[2] if _CLASS.fullmatch(last) else ""


def _answered(found: re.Match[str]) -> Meaning:
    """What AWS answered a call."""
    code, operation = found["code"], found["operation"]
    fault = fault_of(code, operation)
    said = found.string[found.end() :].partition("\n")[0].rstrip()
    reason = denial_reason(said) if fault is Fault.ACCESS_DENIED else DenyingPolicy.UNSAID
    return Meaning(fault, code, operation, reason=reason)


def _told(error: Error) -> Meaning:
    return Meaning(error.fault, error.code, variable=error.variable, service=error.service)


def _runtime_error(error: str, said: str = "") -> Meaning:
    if _IMPORT.match(error):
        return Meaning(Fault.IMPORT_ERROR, error)
    if _MEMORY.match(error):
        return Meaning(Fault.MEMORY, error)
    # Of an AWS call that nothing catches, boto3's exception is a ClientError or named by the code.
    if (found := AWS.match(said)) and error in (_CLIENT_ERROR, found["code"]):
        return _answered(found)
    raised = error_of(said.partition(_TRACE)[0], error)
    return _told(raised) if raised else Meaning(Fault.UNEXPECTED, error[:80])


def _ended_by_platform(line: LogLine) -> Meaning:
    if line.status == "timeout":
        return Meaning(Fault.TIMEOUT, "Task.TimedOut")
    if _KILLED.match(line.said):
        return Meaning(Fault.MEMORY, "Runtime.ExitError")
    return _runtime_error(line.error or "Runtime.ExitError")
