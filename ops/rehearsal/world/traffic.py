"""Described traffic: how many requests reached which function, when, and how each ended. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the function's own logger. `{session}` and `{employee}` are replaced by the request's ids.

    `extra` reaches the log in JSON format only, as on Lambda; `error` is (type, text) of a traceback.
    """

    level: str
    message: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    error: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ended. `status` is the runtime's word for an invocation that died (`error`, `timeout`).

    `metrics` are put by the code itself, so a killed request has none. Times in seconds, memory in MB.
    """

    lines: tuple[Line, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    duration: float = 0.8
    memory: int = 118
    init: float | None = None
    status: str = ""
    error_type: str = ""
    error_text: str = ""


@dataclass(frozen=True, slots=True)
class Requests:
    """`count` requests to `function`, evenly between `since` and `until` minutes ago.

    `logged` is False where only the metrics are still there (last week).
    """

    function: str
    count: int
    ending: Ending
    since: float = 180
    until: float = 0
    logged: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `session` and `employee` are ids of persons: seeded to prove that they stay here."""

    function: str
    at: datetime
    id: str
    session: str
    employee: str
    ending: Ending
    logged: bool

    @property
    def size(self) -> int:
        """Memory of the deployed function."""
        return 256

    def fill(self, words: str) -> str:
        """Put this request's ids in."""
        return words.replace("{session}", self.session).replace("{employee}", self.employee)


def unfold(traffic: tuple[Requests, ...], now: datetime, part: int = 0) -> Iterator[Request]:
    """Every single request; the ids depend only on the place in the description and on `part`, which is
    another one where the same traffic comes again."""
    for row, requests in enumerate(traffic):
        step = (requests.since - requests.until) / max(requests.count, 1)
        for number in range(requests.count):
            key = f"{requests.function}/{row}/{number}" + (f"/{part}" if part else "")
            yield Request(
                requests.function,
                now - timedelta(minutes=requests.since - step * (number + 0.5)),
                *_ids(key),
                f"EMP{700000 + row * 1000 + number}",
                requests.ending,
                requests.logged,
            )


@cache
def _ids(key: str) -> tuple[str, str]:
    """The ids of a request and of its session."""
    return str(uuid5(NAMESPACE_URL, f"request/{key}")), str(uuid5(NAMESPACE_URL, f"session/{key}"))
