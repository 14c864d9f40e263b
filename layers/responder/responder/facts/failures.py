"""Failed requests, by class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from responder.cause import Cause
from responder.text import Text


class Fault(StrEnum):
    """Classes of failed requests. The first two are normal: a caller can cause them at will."""

    SESSION_ENDED = "session_ended"
    CALLER_INPUT = "caller_input"
    ACCESS_DENIED = "access_denied"
    THROTTLING = "throttling"
    QUOTA = "quota"
    INTERNAL = "internal"
    CONFIGURATION = "configuration"
    IMPORT_ERROR = "import_error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    UNEXPECTED = "unexpected"
    OTHER = "other"

    @property
    def cause(self) -> Cause:
        """The cause that it is where it leads. Raises KeyError for the normal ones, which are none."""
        return Cause[self.name]


NORMAL = frozenset({Fault.SESSION_ENDED, Fault.CALLER_INPUT})
CALLERS_CANNOT_CAUSE = frozenset(
    {Fault.ACCESS_DENIED, Fault.INTERNAL, Fault.IMPORT_ERROR, Fault.TIMEOUT, Fault.MEMORY}
)
ENDS_THE_INVOCATION = frozenset({Fault.IMPORT_ERROR, Fault.TIMEOUT, Fault.MEMORY})


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed request: `code` is AWS's error code or the class's name, `operation` the AWS
    operation that failed (empty where the log names none)."""

    function: str
    at: datetime
    fault: Fault
    code: str
    operation: str = ""


@dataclass(frozen=True, slots=True)
class FailureTally:
    """Failed requests, one per request id, from the logs of `functions`.

    `complete_since`: per function, the start of the time that was read completely (later than
    `since` where the look was capped). `unread`: functions whose log could not be read.
    """

    since: datetime
    failures: tuple[Failure, ...]
    complete_since: Mapping[str, datetime]
    lines: int
    unread: Mapping[str, Text] = field(default_factory=dict)

    def of(self, function: str, start: datetime, faults: Iterable[Fault]) -> tuple[Failure, ...]:
        """The failures of one function since `start` of the given classes."""
        wanted = frozenset(faults)
        return tuple(
            f for f in self.failures if f.function == function and f.at >= start and f.fault in wanted
        )

    @property
    def capped(self) -> bool:
        """Some log was longer than the look could read."""
        return any(start > self.since for start in self.complete_since.values())
