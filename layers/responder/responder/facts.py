"""What the looks bring home: typed, without AWS, for pure decisions.

Every time is UTC. A fact that could not be had is absent (`Facts.of` gives None), never empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from responder.series import Series
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


@dataclass(frozen=True, slots=True)
class FunctionTraffic:
    """AWS/Lambda figures of one function, one-minute sums over the last 3 h."""

    invocations: Series
    errors: Series
    throttles: Series


@dataclass(frozen=True, slots=True)
class Traffic:
    """By function name."""

    functions: Mapping[str, FunctionTraffic]


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """FaceAuth/Liveness metrics, one-minute sums over the last 3 h (manual, カスタムメトリクス)."""

    success: Series
    failure: Series
    errors: Series
    created: Series
    creation_errors: Series
    not_found: Series
    expired: Series


@dataclass(frozen=True, slots=True)
class Scores:
    """ConfidenceScore over the last hour, and the same hour a week ago.

    `bands` counts scores: `zero` (0: no result, usually unfinished), `low` (0 to 50], `middle` (50 to 80],
    `near` (80 to threshold), `pass` (threshold and above). None where there was no datapoint.
    """

    samples: int
    average: float | None
    p10: float | None
    p50: float | None
    p90: float | None
    bands: Mapping[str, int]
    last_week: float | None
    last_week_samples: int
    threshold: float


@dataclass(frozen=True, slots=True)
class Spread:
    """One statistic set over a window; None where there was no datapoint."""

    samples: int
    average: float | None
    minimum: float | None
    maximum: float | None
    p99: float | None


@dataclass(frozen=True, slots=True)
class Durations:
    """Duration of one function over 1 h in seconds, beside the verification time of the service.

    `verification` cannot hold requests that were killed: read it together with `duration`.
    """

    function: str
    duration: Spread
    recent: Spread
    verification: Spread


@dataclass(frozen=True, slots=True)
class Starts:
    """REPORT lines of one function over 1 h: cold starts and memory. Times in seconds, memory in MB.

    `before_traffic` is True when provisioned concurrency already served some of them.
    """

    function: str
    since: datetime
    reports: int
    cold: int
    init_average: float | None
    init_maximum: float | None
    cold_average: float | None
    warm_average: float | None
    memory_size: int | None
    memory_used: int | None
    complete_since: datetime

    @property
    def cold_share(self) -> float:
        """Cold starts ÷ all reports; 0.0 of nothing."""
        return self.cold / self.reports if self.reports else 0.0


@dataclass(frozen=True, slots=True)
class FunctionState:
    """Configuration of one function: names of variables, never their values.

    `expected_missing` / `expected_wrong`: variables that differ from what this stack expects.
    """

    name: str
    runtime: str
    memory: int
    timeout: int
    state: str
    update_status: str
    modified: datetime
    code: str
    variables: frozenset[str]
    variables_readable: bool
    expected_missing: tuple[str, ...] = ()
    expected_wrong: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    in_vpc: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """By function name."""

    functions: Mapping[str, FunctionState]


@dataclass(frozen=True, slots=True)
class IndexThroughput:
    """Provisioned units per second; 0 on demand. `status` as DescribeTable says."""

    read: int
    write: int
    status: str


@dataclass(frozen=True, slots=True)
class TableState:
    """The sessions table. `billing` is PROVISIONED where AWS names none (never switched)."""

    name: str
    billing: str
    status: str
    throughput: IndexThroughput
    indexes: Mapping[str, IndexThroughput]


@dataclass(frozen=True, slots=True)
class TableLoad:
    """One-minute figures of the last 15 min. Keys: "" for the table, an index by its name.

    `throttled_minutes`: minutes with at least one throttle event. `consumed` is the highest
    minute's units per second; `latency` in seconds, averaged per operation.
    """

    throttles: Mapping[str, float]
    throttled_minutes: int
    consumed_read: Mapping[str, float]
    consumed_write: Mapping[str, float]
    latency: Mapping[str, float]
    system_errors: float


@dataclass(frozen=True, slots=True)
class Modification:
    """Something changed: `what` is a catalogue text, `by` an actor's short name ("" unknown)."""

    at: datetime
    target: str
    what: Text
    source: str
    by: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Modifications:
    """Newest first; `unasked` says which sources could not be asked and why."""

    since: datetime
    changes: tuple[Modification, ...]
    unasked: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class HealthEvents:
    """Open or recent AWS Health events of the services we depend on: (service, type code, start)."""

    events: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True, slots=True)
class RoleAccess:
    """The service's role: actions of the expected list that its inline policy does not allow."""

    role: str
    policy: str
    missing: tuple[str, ...]
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Headroom:
    """Busiest second we can see against a declared quota (requests per second, per operation)."""

    peak_per_second: float
    quota_per_second: float
    throttled: int = 0
