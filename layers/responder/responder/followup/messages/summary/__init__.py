"""The labelled lines of an incident's course, by topic. The first is what the first line says."""

from collections.abc import Callable, Iterator, Mapping

from responder.core.approval_request import ApprovalRequest
from responder.core.report import AcknowledgedBy
from responder.core.text import Text, text
from responder.followup.messages.case import MessageContext
from responder.followup.messages.headline import gist
from responder.followup.messages.summary import changes, people, times

type Line = tuple[Text, Text]
type Teller = Callable[[MessageContext], Iterator[Line]]

_LASTING = (times.elapsed, changes.tried, changes.proposed, people.informed, people.taken, people.ahead)
_WAITING = (times.elapsed, changes.tried, changes.proposed, people.taken)
_CALM = (times.detection, times.answer, times.mitigation, times.recovery, times.traffic, changes.tried)

LINES: Mapping[str, tuple[Teller, ...]] = {
    "escalate": _LASTING,
    "ineffective": _LASTING,
    "rejected": _LASTING,
    "stuck": (times.elapsed, changes.proposed, people.taken),
    "broken": (times.elapsed, changes.tried, people.informed, people.taken),
    "postponed": (times.elapsed, changes.proposed),
    "changed": (times.elapsed, changes.tried, changes.proposed, people.informed, people.taken),
    "gone": _LASTING,
    "settings": (times.elapsed, people.informed, people.taken),
    "remind": _WAITING,
    "mitigated": (*_CALM, changes.proposed, people.informed, people.taken, changes.keeps),
    "recovered": (*_CALM, changes.proposed, people.informed, people.taken),
    "close": (*_CALM, people.informed, people.taken),
    "closed_by_hand": (times.elapsed, changes.tried, people.informed, people.taken),
    "superseded": (times.elapsed, times.mitigation, people.informed),
}


def waiting(case: MessageContext) -> tuple[ApprovalRequest, ...]:
    """The proposals that the course names, as data."""
    return tuple(each.asked for each in case.open) if changes.proposed in LINES[case.topic] else ()


def taken(case: MessageContext) -> AcknowledgedBy | None:
    """Who has it, where the course says so, as data."""
    watch = case.watch
    if watch.held is None or people.taken not in LINES[case.topic]:
        return None
    return AcknowledgedBy(watch.held_by, watch.held) if case.held or watch.calm_from is not None else None


def course(case: MessageContext) -> tuple[Line, ...]:
    """Only what is known: a line without an answer is left out."""
    lines = (line for teller in LINES[case.topic] for line in teller(case))
    return (text("course.news"), gist(case)), *lines
