"""What is a trouble. Pure: no AWS, no clock of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from responder.core.cause import Cause
from responder.core.change import Lease, Ledger
from responder.core.errors import Defect
from responder.core.liveness_function import scope_of
from responder.core.modes import Severity
from responder.core.reasons import ExplainedReason
from responder.core.report import MissingAlarm
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence.base import reason
from responder.followup_rules import OpenRequest
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.headline import name, stamp
from responder.messages.requests import asked_for
from responder.respond.report import absence
from responder.store import Incident, IncidentHead
from responder.store.incident import slug_of
from responder.watchdog.manual_steps import (
    approve_again,
    check_by_hand,
    mend_settings,
    read_log,
    see_rights,
    take_back,
)


class Trouble(StrEnum):
    """In the order in which they are told."""

    ORPHAN = "orphan"  # a change in force that belongs to no open incident
    OVERDUE = "overdue"  # a change whose time is over, still in force
    HEADLESS = "headless"  # an open incident whose first response never ended
    DYING = "dying"  # a follow-up that stops again and again
    SILENT = "silent"  # a follow-up that should have looked long ago
    APPROVED = "approved"  # an approval that nobody carried out
    UNREAD = "unread"  # what could not be looked at


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident. `head` is None where there is none, or where it is among what is unread."""

    incident: Incident
    head: IncidentHead | None = None
    askings: tuple[OpenRequest, ...] = ()
    head_read: bool = True


@dataclass(frozen=True, slots=True)
class TroubleNote:
    """What an earlier round put down about a trouble: when, and whether it came to telling it."""

    trouble: str
    at: datetime
    told: bool


@dataclass(frozen=True, slots=True)
class RoundRegister:
    """Everything of one round.

    Attributes:
        newest: the newest incident of every alarm; None where that could not be read.
        cases: those of them that are open.
        leases: every open lease of the stack; None where they could not be read.
        unread: by name, what could not be read and why.
        unsent: failed events that Lambda could not send on.
        unusable: what is wrong with the settings document, which could be read; every incident tells it too.
    """

    now: datetime
    newest: tuple[Incident, ...] | None = ()
    cases: tuple[OpenIncident, ...] = ()
    leases: tuple[Lease, ...] | None = ()
    notes: tuple[TroubleNote, ...] = ()
    unread: Mapping[str, tuple[Text, Text]] = field(default_factory=dict)
    unusable: tuple[Text, Text] | None = None
    unsent: float = 0

    @property
    def looked(self) -> bool:
        """The round could see what it is for."""
        heads = not self.cases or any(each.head_read for each in self.cases)
        return self.newest is not None and self.leases is not None and heads


@dataclass(frozen=True, slots=True)
class FoundTrouble:
    """One trouble. `key` tells it apart from others of its kind; `since` is when it began (UTC).

    Attributes:
        opened: when its incident began, where that is known (UTC).
        head: whose follow-up is to be brought back; None where only a person can help.
        absence: the alarm does not exist, as the follow-up has last seen it.
        details: what else is known, and what was done about it.
        steps: what a person has to do.
        quiet: for how long it is not told again.
    """

    trouble: Trouble
    key: str
    said: ExplainedReason[Cause]
    since: datetime
    incident: str = ""
    alarm: str = ""
    slug: str = ""
    severity: Severity = Severity.HIGH
    opened: datetime | None = None
    head: IncidentHead | None = None
    absence: MissingAlarm | None = None
    details: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    quiet: timedelta = timedelta(hours=1)

    @property
    def id(self) -> str:
        """What it is called from round to round."""
        return f"{self.trouble}#{self.key}"


def about(  # noqa: PLR0913  one value per column of what was found
    case: OpenIncident,
    trouble: Trouble,
    said: ExplainedReason[Cause],
    since: datetime,
    key: str = "",
    steps: tuple[Text, ...] = (),
) -> FoundTrouble:
    """A trouble of an open incident; without a head its severity is not known, so it counts as high."""
    incident, head = case.incident, case.head
    return FoundTrouble(
        trouble,
        key or incident.id,
        said,
        since,
        incident.id,
        incident.alarm,
        head.slug if head else "",
        head.severity if head else Severity.HIGH,
        incident.opened,
        absence=absence(head.remembered) if head else None,
        steps=steps,
    )


# Taking back is tried again after 15 min; a little later it counts as not done.
_OVERDUE = timedelta(minutes=20)
# The incidents were read a moment before the leases.
_NEW = timedelta(minutes=5)


def left_over(seen: RoundRegister, lease: Lease, settings: Settings) -> Iterator[FoundTrouble]:
    """Told once: without an open incident it is left over, whatever its time."""
    remedy, incident = name(lease.remedy, scope_of(lease.scope, settings)), lease.incident
    if _orphan(seen, lease):
        said = Cause.WATCHDOG_ORPHAN(remedy=remedy, incident=incident, at=stamp(lease.at))
        yield _found(seen, lease, Trouble.ORPHAN, said, settings)
    elif lease.until is not None and seen.now - lease.until > _OVERDUE:
        said = Cause.WATCHDOG_OVERDUE(remedy=remedy, incident=incident, until=stamp(lease.until))
        yield _found(seen, lease, Trouble.OVERDUE, said, settings)


def _orphan(seen: RoundRegister, lease: Lease) -> bool:
    if seen.newest is None or lease.stays or seen.now - lease.at <= _NEW:
        return False
    return not any(each.id == lease.incident and not each.closed for each in seen.newest)


def _found(
    seen: RoundRegister, lease: Lease, trouble: Trouble, said: ExplainedReason[Cause], settings: Settings
) -> FoundTrouble:
    case = next((each for each in seen.cases if each.incident.id == lease.incident), None)
    alarm = next((each.alarm for each in seen.newest or () if each.slug == slug_of(lease.incident)), "")
    return FoundTrouble(
        trouble,
        f"{lease.incident}#{lease.id}",
        said,
        lease.until if lease.until and trouble is Trouble.OVERDUE else lease.at,
        lease.incident,
        alarm,
        _slug(case),
        case.head.severity if case and case.head else Severity.HIGH,
        case.incident.opened if case else None,
        details=tuple(_on_record(lease)),
        steps=(take_back(settings, lease),),
    )


def _slug(case: OpenIncident | None) -> str:
    return case.head.slug if case and case.head else ""


def _on_record(lease: Lease) -> Iterator[Text]:
    for each in lease.changes:
        yield text(
            "watchdog.change",
            target=each.target,
            setting=each.setting,
            before=each.before,
            after=each.after,
            status=Text(f"status.{each.status}"),
        )


# A response has 60 s and two more tries, after one and three minutes.
_RESPONSE = timedelta(minutes=5)
_LATE = timedelta(minutes=10)
_APPROVAL = timedelta(minutes=5)
RESTARTS = 3
RESTARTS_WITHIN = timedelta(hours=2)
# A round that has not told of it by then is dead: it has 60 s.
ABANDONED = timedelta(minutes=2)


def findings(seen: RoundRegister, settings: Settings) -> tuple[FoundTrouble, ...]:
    """Everything that nobody else looks after, the worst first."""
    found = [*_unread(seen, settings)]
    for lease in seen.leases or ():
        what = text("watchdog.lease", id=lease.id)
        found += _alone(seen, settings, lease.id, what, partial(left_over, seen, lease, settings))
    for case in seen.cases:
        what = text("watchdog.incident", id=case.incident.id)
        for rule in (_headless, _silent, _not_carried_out):
            found += _alone(seen, settings, case.incident.id, what, partial(rule, seen, case, settings))
    return tuple(sorted(found, key=lambda each: tuple(Trouble).index(each.trouble)))


def _alone(
    seen: RoundRegister, settings: Settings, part: str, what: Text, rule: Callable[[], Iterator[FoundTrouble]]
) -> list[FoundTrouble]:
    """What is odd about one of them must not hide the others."""
    try:
        return list(rule())
    except Exception as error:
        return [_could_not(seen, part, what, reason(Defect(type(error).__name__)), settings)]


def _headless(seen: RoundRegister, case: OpenIncident, settings: Settings) -> Iterator[FoundTrouble]:
    """Its response died before it was told. What it would have decided is not guessed."""
    incident = case.incident
    if case.head is not None or not case.head_read or seen.now - incident.opened <= _RESPONSE:
        return
    held = 1 if seen.leases is None else len(Ledger(seen.leases).holding(incident.id))
    if incident.over(seen.now, held, timedelta(minutes=settings.soak_minutes)):
        return
    yield about(
        case,
        Trouble.HEADLESS,
        Cause.WATCHDOG_HEADLESS(incident=incident.id, opened=stamp(incident.opened)),
        incident.opened,
        steps=(check_by_hand(settings, incident.alarm),),
    )


def _silent(seen: RoundRegister, case: OpenIncident, settings: Settings) -> Iterator[FoundTrouble]:
    """Its follow-up should have looked long ago, or was to be brought back by a round that died."""
    head = case.head
    if head is None:
        return
    half = _half_done(seen, head.incident, head.generation)
    since = half.at if half else head.next_look or (head.decision.at if head.decision else head.opened)
    if half is None and seen.now - since <= _LATE:
        return
    times = sum(_is_restart(each, head.incident, seen) for each in seen.notes)
    if half is None and times >= RESTARTS:
        said = Cause.WATCHDOG_DYING(incident=head.incident, times=times)
        yield about(case, Trouble.DYING, said, since, steps=(read_log(settings),))
        return
    key = half.trouble.partition("#")[2] if half else head.execution
    said = Cause.WATCHDOG_SILENT(incident=head.incident, since=stamp(since))
    yield replace(about(case, Trouble.SILENT, said, since, key=key), head=head)


def _not_carried_out(seen: RoundRegister, case: OpenIncident, settings: Settings) -> Iterator[FoundTrouble]:
    for asking in case.askings:
        at, asked = asking.at, asking.asked
        if asking.answer is not ApprovalAnswer.APPROVED or at is None or seen.now - at <= _APPROVAL:
            continue
        said = Cause.WATCHDOG_APPROVED(
            person=asking.by,
            at=stamp(at),
            remedy=asked_for(asked),
            incident=asked.incident,
        )
        step = approve_again(settings, asked)
        yield about(case, Trouble.APPROVED, said, at, key=asked.id, steps=(step,))


def _unread(seen: RoundRegister, settings: Settings) -> Iterator[FoundTrouble]:
    for part, (what, detail) in seen.unread.items():
        yield _could_not(seen, part, what, detail, settings)
    if seen.unusable is not None:
        told = _could_not(seen, "settings", *seen.unusable, settings)
        yield replace(told, steps=(mend_settings(settings),), quiet=timedelta(days=1))


def _could_not(seen: RoundRegister, part: str, what: Text, detail: Text, settings: Settings) -> FoundTrouble:
    said = Cause.WATCHDOG_UNREAD(what=what, detail=detail)
    return FoundTrouble(Trouble.UNREAD, part, said, seen.now, steps=(see_rights(settings),))


def _half_done(seen: RoundRegister, incident: str, generation: int) -> TroubleNote | None:
    wanted = f"{Trouble.SILENT}#{incident}-g{generation - 1}"
    untold = (each for each in seen.notes if each.trouble == wanted and not each.told)
    return next((each for each in untold if seen.now - each.at > ABANDONED), None)


def _is_restart(note: TroubleNote, incident: str, seen: RoundRegister) -> bool:
    mine = note.trouble.startswith(f"{Trouble.SILENT}#{incident}-g")
    return mine and seen.now - note.at < RESTARTS_WITHIN
