"""What is known of a Lambda function: its configuration, its starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


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
