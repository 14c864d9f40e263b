"""Changes in force that nobody will take back."""

from collections.abc import Iterator
from datetime import timedelta

from responder.core.cause import Cause
from responder.core.change import Lease
from responder.core.liveness_function import scope_of
from responder.core.modes import Severity
from responder.core.reasons import ExplainedReason
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.messages.headline import name, stamp
from responder.store.incident import slug_of
from responder.watchdog.found import FoundTrouble, OpenIncident, RoundRegister, Trouble
from responder.watchdog.manual_steps import take_back

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
