"""What is on record for the whole stack: leases, and what was applied lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.core.change import Applied, Lease, LeaseState


@dataclass(frozen=True, slots=True)
class Ledger:
    """Read in one go; `version` changes with every act, so that two responses cannot both act on
    the same reading. `overtaken`: leases of which others have changed something, as each was found last; kept
    for their incidents also once another one has taken the remedy."""

    leases: tuple[Lease, ...] = ()
    overtaken: tuple[Lease, ...] = ()
    applied: tuple[Applied, ...] = ()
    version: int = 0

    def lease(self, remedy: str, scope: str) -> Lease | None:
        """The open lease of a remedy on a scope, if any."""
        return next(
            (one for one in self.leases if one.open and (one.remedy, one.scope) == (remedy, scope)), None
        )

    def of_incident(self, incident: str) -> tuple[Lease, ...]:
        """The open leases an incident owns."""
        return tuple(one for one in self.leases if one.open and one.incident == incident)

    def overtaken_of(self, incident: str) -> tuple[Lease, ...]:
        """Of those that an incident owns, or owned."""
        return tuple(one for one in self.overtaken if one.incident == incident)

    def holding(self, incident: str) -> tuple[Lease, ...]:
        """Those that keep the incident open: what stays for good does not."""
        return tuple(one for one in self.of_incident(incident) if not one.stays)

    @property
    def lowering(self) -> bool:
        """Anything that lowers security is in force."""
        return any(one.open and one.lowers_security for one in self.leases)

    def within(self, now: datetime, span: timedelta, **want: object) -> tuple[Applied, ...]:
        """Rows younger than `span` whose attributes equal `want`, oldest first."""
        young = (row for row in self.applied if now - row.at < span)
        return tuple(row for row in young if all(getattr(row, name) == value for name, value in want.items()))

    def under_way(self, now: datetime, span: timedelta) -> tuple[Lease, ...]:
        """Acts younger than `span` that were begun, and of which is not on record yet what became of them."""
        known = {(row.at, row.remedy, row.scope, row.incident) for row in self.applied}
        begun = (one for one in self.leases if one.state is LeaseState.APPLYING and now - one.at < span)
        return tuple(one for one in begun if (one.at, one.remedy, one.scope, one.incident) not in known)

    def wrote(self, target: str, at: datetime) -> bool:
        """The change that AWS dates `at` (UTC) is our own: on record, or being written right now."""
        leases = (lease for lease in self.leases if any(change.target == target for change in lease.changes))
        return any(lease.writing(at) or lease.wrote(target, at) for lease in leases)
