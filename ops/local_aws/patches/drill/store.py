"""What a drill sets and reads through ``/_drill/*``."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """One injected failure: which call, how it fails, how often it still does.

    ``number`` counts down: the calls of its like up to that one pass.
    """

    service: str
    operation: str
    error_code: str
    status: int = 400
    when: str = "before"
    times: int = 1
    role: str = ""
    message: str = "injected by the drill"
    seconds: float = 30.0
    number: int = 1


@dataclass
class Settings:
    """How fast slow things are here. AWS's own figure is in the comment of each."""

    retry_waits: list[float] = field(default_factory=lambda: [0.2, 0.4])  # 60 s and 120 s
    retries_on_clock: int = (
        0  # 1: 60 s and 120 s of the drill's clock, which advances automatically where all wait
    )
    update_seconds: float = 0.2  # seconds to a minute (VPC)
    table_seconds: float = 0.2  # minutes
    provisioned_seconds: float = 0.2  # one to two minutes
    switches_per_day: int = 4
    concurrent_executions: int = 1000  # the account's quota; new accounts may have 10
    rates: int = 1  # 0: any number of requests a second; 2: none comes back with time (see `rates`)
    schedules: int = 0  # 1: schedules, and rules with one, fire automatically, as on AWS
    long_polls: int = 1  # 0: an empty queue answers at once, whatever time a request would wait
    # From the least to the most seconds until a value of a series can be read; up to three minutes.
    metrics_late: list[float] = field(default_factory=lambda: [0.0, 0.0])
    lines_late: float = 0.0  # seconds until a log event can be read; a few
    policies_late: float = 0.0  # seconds until a changed role or policy is honoured; some
    evaluates: int = 1  # 0: alarms change by SetAlarmState only, whatever metrics arrive
    nested_functions: int = 0  # 1: Fn::ToJsonString may stand below another function, as in older templates


@dataclass
class Store:
    """The state of all patches; one per process."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    inbox: list[dict[str, Any]] = field(default_factory=list)
    confirmations: list[dict[str, Any]] = field(default_factory=list)  # what SNS sent to addresses of mail
    executions: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    canned_answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    switches: dict[str, list[float]] = field(default_factory=dict)
    scaling: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    mutes: dict[str, dict[str, Any]] = field(default_factory=dict)
    # When a role or policy changed, and each role's policies and trust policy before.
    changed_roles: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def note(self, entries: list[dict[str, Any]], entry: dict[str, Any]) -> None:
        """Append to one of the lists from any thread."""
        with self.lock:
            entries.append(entry)


STORE = Store()
