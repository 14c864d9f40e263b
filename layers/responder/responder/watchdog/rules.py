"""What is a trouble. Pure: no AWS, no clock of its own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from responder.core.cause import Cause
from responder.core.errors import Defect
from responder.core.ledger import Ledger
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence.failed import reason
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.headline import stamp
from responder.messages.requests import asked_for
from responder.watchdog.found import FoundTrouble, OpenIncident, RoundRegister, Trouble, TroubleNote, about
from responder.watchdog.leases import left_over
from responder.watchdog.manual_steps import approve_again, check_by_hand, mend_settings, read_log, see_rights

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
