"""What counts as trouble. Pure: no AWS, no clock."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from shlex import quote

from responder.core.cause import Cause
from responder.core.change import Change, Lease, Leases, Ledger
from responder.core.errors import Defect
from responder.core.frozen import frozen
from responder.core.liveness_function import scope_of
from responder.core.modes import Severity
from responder.core.reasons import ExplainedReason
from responder.core.report import MissingAlarm
from responder.core.settings import Settings
from responder.core.text import Text, Texts, text
from responder.core.timestamps import stamp
from responder.evidence.base import reason
from responder.evidence.logs import group_of
from responder.followup_rules import OpenRequest
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.requests import asked_for, name
from responder.messages.steps import about_ours
from responder.respond.report import absence
from responder.store import Incident, IncidentHead
from responder.store.incidents import slug_of


class Trouble(StrEnum):
    """The kinds of trouble, in the order in which they are reported."""

    ORPHAN = "orphan"  # a change in force that belongs to no open incident
    OVERDUE = "overdue"  # a change past its end, still in force
    HEADLESS = "headless"  # an open incident whose first response never ended
    DYING = "dying"  # a follow-up that stops again and again
    SILENT = "silent"  # a follow-up that should have looked long ago
    APPROVED = "approved"  # an approval that was not carried out
    UNREAD = "unread"  # what could not be read


@frozen
class OpenIncident:
    """An open incident. `head` is None where there is none, or where it is among what is unread."""

    incident: Incident
    head: IncidentHead | None = None
    askings: tuple[OpenRequest, ...] = ()
    head_read: bool = True


@frozen
class TroubleNote:
    """What an earlier round stored about a trouble: when, and whether it was reported."""

    trouble: str
    at: datetime
    reported: bool


@frozen
class RoundRegister:
    """Everything of one round.

    Attributes:
        newest: the newest incident of every alarm; None where that could not be read.
        cases: those of them that are open.
        leases: every open lease of the stack; None where they could not be read.
        unread: by name, what could not be read and why.
        unsent: failed events that Lambda could not send on.
        unusable: what is wrong with the settings document, which could be read; every incident reports it,
            too.
    """

    now: datetime
    newest: tuple[Incident, ...] | None = ()
    cases: tuple[OpenIncident, ...] = ()
    leases: Leases | None = ()
    notes: tuple[TroubleNote, ...] = ()
    unread: Mapping[str, tuple[Text, Text]] = field(default_factory=dict)
    unusable: tuple[Text, Text] | None = None
    unsent: float = 0

    @property
    def looked(self) -> bool:
        """Whether the round could read what it has to check."""
        heads = not self.cases or any(each.head_read for each in self.cases)
        return self.newest is not None and self.leases is not None and heads


@frozen
class FoundTrouble:
    """One trouble. `key` distinguishes it from others of its kind; `since` is when it began (UTC).

    Attributes:
        opened: when its incident began, where that is known (UTC).
        head: whose follow-up is to be restarted; None where only a person can help.
        absence: the alarm does not exist, as the follow-up has last seen it.
        details: what else is known, and what was done about it.
        steps: what a person has to do.
        quiet: for how long it is not reported again.
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
    details: Texts = ()
    steps: Texts = ()
    quiet: timedelta = timedelta(hours=1)

    @property
    def id(self) -> str:
        """The name of the trouble, the same in every round."""
        return f"{self.trouble}#{self.key}"


# Reverting is tried again after 15 min; a little later it counts as not done.
_OVERDUE = timedelta(minutes=20)
# The incidents were read a moment before the leases.
_NEW = timedelta(minutes=5)
# A response has 60 s and two more tries, after one and three minutes.
_RESPONSE = timedelta(minutes=5)
_LATE = timedelta(minutes=10)
_APPROVAL = timedelta(minutes=5)
RESTARTS = 3
RESTARTS_WITHIN = timedelta(hours=2)
# A round that has not reported it by then is dead: it has 60 s.
ABANDONED = timedelta(minutes=2)


def findings(seen: RoundRegister, settings: Settings) -> tuple[FoundTrouble, ...]:
    """All troubles, the worst first. An error in finding one of them must not hide the others."""
    found = [_unread(seen, part, *why, settings) for part, why in seen.unread.items()]
    if seen.unusable is not None:
        # No approval counts, and the document cannot be changed, while it cannot be used.
        steps = (about_ours("step.watchdog_settings", settings),)
        unusable = _unread(seen, "settings", *seen.unusable, settings)
        found.append(replace(unusable, steps=steps, quiet=timedelta(days=1)))
    parts: list[tuple[str, Text, Callable[[], Iterator[FoundTrouble]]]] = [
        (each.id, text("watchdog.lease", id=each.id), partial(left_over, seen, each, settings))
        for each in seen.leases or ()
    ]
    for case in seen.cases:
        name, what = case.incident.id, text("watchdog.incident", id=case.incident.id)
        rules = (_headless, _silent, _not_carried_out)
        parts += [(name, what, partial(rule, seen, case, settings)) for rule in rules]
    for part, what, rule in parts:
        try:
            found += list(rule())
        except Exception as error:
            found.append(_unread(seen, part, what, reason(Defect(type(error).__name__)), settings))
    return tuple(sorted(found, key=lambda each: tuple(Trouble).index(each.trouble)))


def _unread(seen: RoundRegister, part: str, what: Text, detail: Text, settings: Settings) -> FoundTrouble:
    said = Cause.WATCHDOG_UNREAD(what=what, detail=detail)
    steps = (about_ours("step.watchdog_unread", settings, group=group_of(f"{settings.stack}-watchdog")),)
    return FoundTrouble(Trouble.UNREAD, part, said, seen.now, steps=steps)


def left_over(seen: RoundRegister, lease: Lease, settings: Settings) -> Iterator[FoundTrouble]:
    """A lease without an open incident, whatever its end; reported once."""
    scope, incident = scope_of(lease.scope, settings), lease.incident
    remedy = name(lease.remedy, scope)
    known = seen.newest is None or any(each.id == incident and not each.closed for each in seen.newest)
    if not known and not lease.spec.stays and seen.now - lease.at > _NEW:
        trouble, since = Trouble.ORPHAN, lease.at
        said = Cause.WATCHDOG_ORPHAN(remedy=remedy, incident=incident, at=stamp(lease.at))
    elif lease.until is not None and seen.now - lease.until > _OVERDUE:
        trouble, since = Trouble.OVERDUE, lease.until
        said = Cause.WATCHDOG_OVERDUE(remedy=remedy, incident=incident, until=stamp(lease.until))
    else:
        return
    case = next((each for each in seen.cases if each.incident.id == incident), None)
    head = case.head if case else None
    named = f"{lease.remedy} --scope {scope}" if scope else lease.remedy
    key = "step.watchdog_revert" if seen.unusable is None else "step.watchdog_revert_later"
    yield FoundTrouble(
        trouble,
        f"{incident}#{lease.id}",
        said,
        since,
        incident,
        next((each.alarm for each in seen.newest or () if each.slug == slug_of(incident)), ""),
        head.slug if head else "",
        head.severity if head else Severity.HIGH,
        case.incident.opened if case else None,
        details=tuple(map(_change, lease.changes)),
        steps=(about_ours(key, settings, incident=incident, remedy=named),),
    )


def _change(change: Change) -> Text:
    return text(
        "watchdog.change",
        target=change.target,
        setting=change.setting,
        before=change.before,
        after=change.after,
        status=Text(f"status.{change.status}"),
    )


def _headless(seen: RoundRegister, case: OpenIncident, settings: Settings) -> Iterator[FoundTrouble]:
    """An incident whose response died before it was reported; its decision is not guessed."""
    incident = case.incident
    if case.head is not None or not case.head_read or seen.now - incident.opened <= _RESPONSE:
        return
    held = 1 if seen.leases is None else len(Ledger(seen.leases).holding(incident.id))
    if incident.over(seen.now, held, timedelta(minutes=settings.soak_minutes)):
        return
    said = Cause.WATCHDOG_HEADLESS(incident=incident.id, opened=stamp(incident.opened))
    steps = (about_ours("step.watchdog_headless", settings, alarm=quote(incident.alarm)),)
    yield _of_case(case, Trouble.HEADLESS, said, incident.opened, steps=steps)


def _silent(seen: RoundRegister, case: OpenIncident, settings: Settings) -> Iterator[FoundTrouble]:
    """An incident whose follow-up should have looked long ago, or whose restart was left to a round that
    died."""
    head = case.head
    if head is None:
        return
    restarts = f"{Trouble.SILENT}#{head.incident}-g"
    unfinished = (
        each
        for each in seen.notes
        if each.trouble == f"{restarts}{head.generation - 1}"
        and not each.reported
        and seen.now - each.at > ABANDONED
    )
    half = next(unfinished, None)
    since = half.at if half else head.next_look or (head.decision.at if head.decision else head.opened)
    if half is None and seen.now - since <= _LATE:
        return
    times = sum(
        each.trouble.startswith(restarts) and seen.now - each.at < RESTARTS_WITHIN for each in seen.notes
    )
    if half is None and times >= RESTARTS:
        said = Cause.WATCHDOG_DYING(incident=head.incident, times=times)
        steps = (about_ours("step.watchdog_dying", settings, group=group_of(f"{settings.stack}-follow-up")),)
        yield _of_case(case, Trouble.DYING, said, since, steps=steps)
        return
    key = half.trouble.partition("#")[2] if half else head.execution
    said = Cause.WATCHDOG_SILENT(incident=head.incident, since=stamp(since))
    yield replace(_of_case(case, Trouble.SILENT, said, since, key=key), head=head)


def _not_carried_out(seen: RoundRegister, case: OpenIncident, settings: Settings) -> Iterator[FoundTrouble]:
    """The writer of an approval sends the command along with it."""
    for each in case.askings:
        at, asked = each.at, each.asked
        if each.answer is not ApprovalAnswer.APPROVED or at is None or seen.now - at <= _APPROVAL:
            continue
        remedy, incident = asked_for(asked), asked.incident
        said = Cause.WATCHDOG_APPROVED(person=each.by, at=stamp(at), remedy=remedy, incident=incident)
        steps = (about_ours("step.watchdog_approved", settings, incident=incident, proposal=asked.id),)
        yield _of_case(case, Trouble.APPROVED, said, at, key=asked.id, steps=steps)


def _of_case(  # noqa: PLR0913  one value per column of what was found
    case: OpenIncident,
    trouble: Trouble,
    said: ExplainedReason[Cause],
    since: datetime,
    key: str = "",
    steps: Texts = (),
) -> FoundTrouble:
    """A trouble of an open incident; without a head its severity is unknown, so it counts as high."""
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
