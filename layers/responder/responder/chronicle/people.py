"""What people did: steps of kind `person`, as the console and the buttons write them."""

from collections.abc import Iterable, Mapping

from responder.chronicle import reading
from responder.deeds import Handiwork
from responder.incident_report import Entry
from responder.incidents.reading import Step
from responder.render.labels import label
from responder.text import Text, Value, text

KIND = "person"
_WORDS = {
    "approve": "approve",
    "approved": "approve",
    "reject": "reject",
    "rejected": "reject",
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
}
# Who it was is the name; the identity behind it stays in the table.
_KNOWN = ("person", "what", "principal")
_LONGEST = 300
_MOST = 12


def handiwork(steps: Iterable[Step]) -> tuple[Handiwork, ...]:
    """Every step that names its person."""
    return tuple(each for each in map(work, steps) if each is not None)


def work(step: Step) -> Handiwork | None:
    """What one step tells of a person; None where it names nobody."""
    data = reading.mapped(step.data)
    person = reading.word(data.get("person"))
    if step.kind != KIND or not person:
        return None
    what = reading.word(data.get("what"))
    return Handiwork(step.at, person, what, _said(what), _more(data))


def entry(done: Handiwork) -> Entry:
    """The same as a row of the timeline."""
    more = (text("chronicle.more", name=label(name), value=value) for name, value in done.more)
    return Entry(done.at, KIND, done.said, done.person, tuple(more))


def acknowledged(done: Handiwork) -> bool:
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
