"""What is known of a Lambda function: its configuration, its starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from responder.core.text import Text


@dataclass(frozen=True, slots=True)
class Starts:
    """Runs of one function over 1 h that came to their end: cold starts and memory. Seconds and MB.

    A run that Lambda cut short proves nothing about cold starts, and what it used says nothing about memory
    unless that is what it was killed for.

    Attributes:
        reports: runs that ended; `cold` of them initialised their environment first.
        cold_average, warm_average: duration without the initialisation; `warm_high` is the p90 of warm runs.
        memory_used: the most that a run used which ended or was killed for its memory.
        timed_out, out_of_memory: runs that were killed at the time-out, and for their memory.
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
    warm_high: float | None = None
    timed_out: int = 0
    out_of_memory: int = 0

    @property
    def cold_share(self) -> float:
        """Cold starts ÷ all runs that ended; 0.0 of nothing."""
        return self.cold / self.reports if self.reports else 0.0


@dataclass(frozen=True, slots=True)
class FunctionState:
    """Configuration of one function: names of variables, never their values.

    `expected_missing` / `expected_wrong`: variables that differ from what this stack expects.
    `role`: the name of its execution role; "" where AWS names none.
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
    role: str = ""


@dataclass(frozen=True, slots=True)
class FunctionConfigurations:
    """By function name. `unread`: why one could not be read."""

    functions: Mapping[str, FunctionState]
    unread: Mapping[str, Text] = field(default_factory=dict)
