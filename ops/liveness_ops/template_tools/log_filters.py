r"""The patterns of the template's metric filters, made from the table of known log lines. Pure.

AWS's limits (Filter pattern syntax): five patterns with regular expressions for each log group, of all owners
together; no groups, no spaces, and `|` only between whole expressions. Not every page of AWS lists the colon
among the symbols, so it is written as `\x3A`.
"""

from collections.abc import Iterable, Iterator

from responder.core.liveness_function import LivenessFunction
from responder.evidence.classify import KNOWN, SERVICE_ERROR, Follows
from responder.evidence.faults import Fault

DENIED = "An error occurred (AccessDenied"
TIMED_OUT = "Task timed out after "


def denied_in_text(function: LivenessFunction) -> str:
    """AWS denied a call: one line of each request, and each metric or audit log that was lost."""
    return _any(rf"^\[{level}\]\s\S+\s\S+\s{said}" for level, said in _denied(function))


def denied_in_json(function: LivenessFunction) -> str:
    """The same where the function logs JSON."""
    return f"{{ $.message = {_any(f'^{said}' for _, said in _denied(function))} }}"


def timed_out_in_text() -> str:
    """Lambda's own line, in its two forms."""
    said = _regex(TIMED_OUT)
    return _any((rf"^20\S+Z\s\S+\s{said}", rf"^{_regex('RequestId: ')}\S+{_regex(' Error: ')}{said}"))


def timed_out_in_json() -> str:
    """Lambda's own report."""
    return '{ $.type = "platform.report" && $.record.status = "timeout" }'


def _denied(function: LivenessFunction) -> Iterator[tuple[str, str]]:
    """Level and expression of each line; of a failed request the handler's, which repeats the service's."""
    for known in KNOWN:
        if known.follows is Follows.ERROR and function in known.of:
            again = SERVICE_ERROR if known.fails and known.fault is Fault.OTHER else ""
            yield known.level, _regex(again + known.begins + DENIED)


def _regex(said: str) -> str:
    return said.replace("METRIC", r"\w+").replace(" ", r"\s").replace("(", r"\x28").replace(":", r"\x3A")


def _any(expressions: Iterable[str]) -> str:
    return f"%{'|'.join(expressions)}%"
