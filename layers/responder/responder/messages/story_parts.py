"""The parts of a story: plain strings of one language, for any layout."""

from dataclasses import dataclass

from responder.core.finding import Tone
from responder.core.verdict import Result

type Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of one target, before and after."""

    target: str
    setting: str
    before: str
    after: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Written:
    """A change for a person to make: `diff` for a page, `short` the same in a line for each side."""

    what: str
    target: str
    diff: tuple[str, ...]
    short: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class Act:
    """One proposal or command, and what became of it."""

    result: Result
    label: str
    title: str
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    written: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One finding."""

    tone: Tone
    label: str
    said: str
    details: tuple[str, ...]
    link: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """Facts, course and reasons are labelled lines.

    `consequences`: what a yes does, where one is asked for. `alert`: security is lowered. `calm`: the
    fault is gone.
    """

    headline: str
    consequences: tuple[str, ...]
    alert: bool
    calm: bool
    facts: tuple[Line, ...]
    course: tuple[Line, ...]
    cause: str
    reasons: tuple[Line, ...]
    acts: tuple[Act, ...]
    points: tuple[Point, ...]
    steps: tuple[str, ...]
    leases: tuple[str, ...]
    links: tuple[Line, ...]
