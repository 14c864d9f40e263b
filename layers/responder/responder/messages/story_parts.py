"""The parts of a story: plain strings of one language, for any layout."""

from responder.core.finding import Tone
from responder.core.frozen import frozen
from responder.core.verdict import Result

type LabelledLine = tuple[str, str]


@frozen
class SettingRow:
    """One setting of one target, before and after."""

    target: str
    setting: str
    before: str
    after: str
    status: str
    note: str


@frozen
class WrittenChangePart:
    """A change for a person to make. `short`: a line for each side."""

    what: str
    target: str
    short: tuple[str, ...]
    command: str


@frozen
class OutcomePart:
    """One proposal or command, and what became of it."""

    result: Result
    label: str
    title: str
    rows: tuple[SettingRow, ...]
    lines: tuple[LabelledLine, ...]
    written: tuple[WrittenChangePart, ...] = ()


@frozen
class FindingPart:
    """One finding."""

    tone: Tone
    label: str
    said: str
    details: tuple[str, ...]
    link: str | None


@frozen
class Story:
    """Facts, course and reasons are labelled lines.

    `consequences`: what a yes does, where one is asked for. `calm`: the fault is gone.
    """

    headline: str
    consequences: tuple[str, ...]
    calm: bool
    facts: tuple[LabelledLine, ...]
    course: tuple[LabelledLine, ...]
    cause: str
    reasons: tuple[LabelledLine, ...]
    acts: tuple[OutcomePart, ...]
    points: tuple[FindingPart, ...]
    steps: tuple[str, ...]
    leases: tuple[str, ...]
    links: tuple[LabelledLine, ...]
