"""The lines that the code of the two liveness functions is known to write. Pure.

One table for all that reads them: the count of failed requests, the look at denied calls, and the metric
filters of template.yaml (a test holds them equal). A line means something only by how it begins: what
follows can be a caller's own words.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from responder.core.liveness_function import LivenessFunction
from responder.evidence.facts import Fault

BOTH = tuple(LivenessFunction)
ERRORS = frozenset({"ERROR", "CRITICAL"})
# The handler puts this before what the service raised.
SERVICE_ERROR = "Liveness service error: "


class Follows(StrEnum):
    """What the code writes behind the beginning."""

    NOTHING = "nothing"
    CALLER = "caller"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A kind of line. `METRIC` in its beginning stands for the name of a metric.

    `fault` and `code` are what the line means; without a code, the text of the error that follows says
    it better where it can. `fails` is False where the request goes on. `of`: the functions that write it.
    """

    begins: str
    level: str
    follows: Follows
    fault: Fault
    code: str = ""
    fails: bool = True
    of: tuple[LivenessFunction, ...] = BOTH

    def rest(self, said: str) -> str | None:
        """What follows the beginning; None where the line does not begin so."""
        found = re.match(re.escape(self.begins).replace("METRIC", r"\w{1,60}"), said)
        return said[found.end() :] if found else None


def _failed(to: str, *of: LivenessFunction, fails: bool = True) -> KnownLine:
    return KnownLine(f"Failed to {to}: ", "ERROR", Follows.ERROR, Fault.OTHER, fails=fails, of=of or BOTH)


def _ended(begins: str, code: str) -> KnownLine:
    return KnownLine(
        begins, "WARNING", Follows.CALLER, Fault.SESSION_ENDED, code, of=(LivenessFunction.RESULT,)
    )


def _input(begins: str, level: str, follows: Follows, of: LivenessFunction) -> KnownLine:
    return KnownLine(begins, level, follows, Fault.CALLER_INPUT, "InvalidRequest", of=(of,))


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
    KnownLine("Failed to send metric METRIC: ", "WARNING", Follows.ERROR, Fault.OTHER, fails=False),
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
