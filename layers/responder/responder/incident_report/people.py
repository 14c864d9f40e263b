"""What people did: steps of kind `person`, and the rows of their decisions."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from responder.core.text import Text, Value, text
from responder.followup_rules.seen import OpenRequest, Vote
from responder.incident_report import reading
from responder.incident_report.model import TimelineEntry
from responder.incident_report.records import OperatorAction
from responder.incident_report.words import label
from responder.store import TimelineStep

KIND = "person"
_WORDS = {
    "approve": "approve",
    "approved": "approve",
    "reject": "reject",
    "rejected": "reject",
    "withdraw": "withdraw",
    "ack": "acknowledge",
    "acknowledge": "acknowledge",
    "acknowledged": "acknowledge",
    "revert": "revert",
    "reverted": "revert",
    "taken": "taken",
    "step": "taken",
    "note": "note",
    "pause": "pause",
    "redrive": "redrive",
    "discard": "discard",
    "close": "close",
}
# Who it was is the name; the identity behind it stays in the table.
_KNOWN = ("person", "what", "principal")
_LONGEST = 300
_MOST = 12
_SAME = timedelta(minutes=5)


def handiwork(
    steps: Iterable[TimelineStep], askings: Iterable[OpenRequest] = ()
) -> tuple[OperatorAction, ...]:
    """Every step that names its person, and decisions for which no step was noted; oldest first."""
    noted = tuple(each for each in map(work, steps) if each is not None)
    return tuple(sorted((*noted, *unnoted(noted, askings)), key=lambda each: each.at))


def unnoted(noted: tuple[OperatorAction, ...], askings: Iterable[OpenRequest]) -> Iterator[OperatorAction]:
    """Decisions that stand in the table of approvals alone."""
    for asking in askings:
        about = {"proposal": asking.asked.id, "remedy": asking.asked.remedy, "scope": asking.asked.scope}
        for said in asking.said:
            if not any(_same(each, said, asking.asked.id) for each in noted):
                yield OperatorAction(said.at, said.person, said.decision, _said(said.decision), _more(about))


def _same(noted: OperatorAction, said: Vote, proposal: str) -> bool:
    word = _WORDS.get(noted.what) == _WORDS.get(said.decision)
    about = dict(noted.more).get("proposal", proposal) == proposal
    return word and about and noted.person == said.person and abs(noted.at - said.at) < _SAME


def work(step: TimelineStep) -> OperatorAction | None:
    """What one step tells of a person; None where it names nobody."""
    data = reading.mapped(step.data)
    person = reading.word(data.get("person"))
    if step.kind != KIND or not person:
        return None
    what = reading.word(data.get("what"))
    return OperatorAction(step.at, person, what, _said(what), _more(data))


def entry(done: OperatorAction) -> TimelineEntry:
    """The same as a row of the timeline."""
    more = (text("chronicle.more", name=label(name), value=value) for name, value in done.more)
    return TimelineEntry(done.at, KIND, done.said, done.person, tuple(more))


def acknowledged(done: OperatorAction) -> bool:
    """It is an acknowledgement."""
    return _WORDS.get(done.what) == "acknowledge"


def _more(data: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    plain = (
        (str(name), str(value)[:_LONGEST])
        for name, value in data.items()
        if name not in _KNOWN and isinstance(value, str | int | float) and value != ""
    )
    return tuple(plain)[:_MOST]


def _said(what: str) -> Text:
    if what in _WORDS:
        return Text(f"chronicle.did_{_WORDS[what]}")
    shown: Value = what or "–"
    return text("chronicle.did_other", what=shown)
