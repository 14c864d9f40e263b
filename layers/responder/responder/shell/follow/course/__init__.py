"""The labelled lines of an incident's course, by topic. The first is what the first line says."""

from collections.abc import Callable, Iterator, Mapping

from responder.asked import Asked
from responder.report import Taken
from responder.shell.follow.case import Case
from responder.shell.follow.course import acts, people, times
from responder.shell.follow.gist import gist
from responder.text import Text, text

type Line = tuple[Text, Text]
type Teller = Callable[[Case], Iterator[Line]]

_LASTING = (times.elapsed, acts.tried, acts.proposed, people.informed, people.taken, people.ahead)
_WAITING = (times.elapsed, acts.tried, acts.proposed, people.taken)
_CALM = (times.detection, times.answer, times.mitigation, times.recovery, times.traffic, acts.tried)

LINES: Mapping[str, tuple[Teller, ...]] = {
    "escalate": _LASTING,
    "ineffective": _LASTING,
    "rejected": _LASTING,
    "stuck": (times.elapsed, acts.proposed, people.taken),
    "broken": (times.elapsed, acts.tried, people.informed, people.taken),
    "postponed": (times.elapsed, acts.proposed),
    "changed": (times.elapsed, acts.tried, acts.proposed, people.informed, people.taken),
    "gone": _LASTING,
    "settings": (times.elapsed, people.informed, people.taken),
    "remind": _WAITING,
    "mitigated": (*_CALM, acts.proposed, people.informed, people.taken, acts.keeps),
    "recovered": (*_CALM, acts.proposed, people.informed, people.taken),
    "close": (*_CALM, people.informed, people.taken),
    "closed_by_hand": (times.elapsed, acts.tried, people.informed, people.taken),
    "superseded": (times.elapsed, times.mitigation, people.informed),
}


def waiting(case: Case) -> tuple[Asked, ...]:
    """The proposals that the course names, as data."""
    return tuple(each.asked for each in case.open) if acts.proposed in LINES[case.topic] else ()


def taken(case: Case) -> Taken | None:
    """Who has it, where the course says so, as data."""
    watch = case.watch
    if watch.held is None or people.taken not in LINES[case.topic]:
        return None
    return Taken(watch.held_by, watch.held) if case.held or watch.calm_from is not None else None


def course(case: Case) -> tuple[Line, ...]:
    """Only what is known: a line without an answer is left out."""
    lines = (line for teller in LINES[case.topic] for line in teller(case))
    return (text("course.news"), gist(case)), *lines
