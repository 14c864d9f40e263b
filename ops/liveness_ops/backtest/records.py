"""The responder's own rows as of a past time: what it decided and had in force."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from responder.core.change import Applied, Lease, LeaseState, Ledger
from responder.core.codec import Misfit, load
from responder.core.errors import Changed
from responder.core.frozen import frozen
from responder.core.modes import Severity
from responder.core.plain_data import Data
from responder.followup_rules.duty import DutyKind
from responder.followup_rules.memory import INEFFECTIVE, FollowUpMemory
from responder.store import IncidentHead, Incidents
from responder.store.rows import TimelineStep

# How long after its change of state a response may have decided, including Lambda's retries.
_ANSWERED = timedelta(minutes=15)
_VERDICT = "verdict"
_SETTLED = frozenset({LeaseState.IN_FORCE, LeaseState.PARTIAL, LeaseState.FAILED})


@frozen
class LeaseStep:
    """A lease as a step of its incident has it."""

    at: datetime
    lease: Lease


@frozen
class Records:
    """Of every incident that was looked for, its timeline, oldest first; `ledger` as it is now.

    `rejections`: by incident, the duties that report a rejection of a person, each with its time (UTC).
    """

    timelines: Mapping[str, tuple[TimelineStep, ...]] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    rejections: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)

    def verdict(self, incident: str, at: datetime) -> TimelineStep | None:
        """What was decided on the change of state at that time; None where nothing is on record."""
        found = (each for each in self.timelines.get(incident, ()) if each.kind == _VERDICT)
        return next((each for each in found if at <= each.at < at + _ANSWERED), None)

    def lease_steps(self) -> list[LeaseStep]:
        """The lease steps of all incidents, oldest first."""
        found = (step for steps in self.timelines.values() for step in _lease_steps(steps))
        return sorted(found, key=lambda each: each.at)

    def acts(self) -> Iterator[Lease]:
        """Every act of the responder that was begun, in order."""
        known = [each.lease for each in self.lease_steps()] + list(self.ledger.leases)
        first: dict[tuple[str, str, datetime], Lease] = {}
        for lease in sorted(known, key=lambda each: each.at):
            first.setdefault((lease.id, lease.incident, lease.at), lease)
        return iter(first.values())

    def snapshot(self, lease: Lease) -> Data:
        """What reverting it needed; `{}` once another lease has taken its row. A timeline has none."""
        same = (one for one in self.ledger.leases if (one.id, one.incident) == (lease.id, lease.incident))
        return next((one.snapshot for one in same), {})

    def ledger_at(self, at: datetime) -> Ledger:
        """Leases and acts as they were stored at that time."""
        leases = {one.id: one for one in self.ledger.leases if one.at < at}
        acts = {_act(row): replace(row, effective=True) for row in self.ledger.applied if row.at < at}
        for lease in (step.lease for step in self.lease_steps() if step.at < at):
            leases[lease.id] = replace(lease, snapshot=self.snapshot(lease))
            if lease.state in _SETTLED:
                ok = lease.state is not LeaseState.FAILED
                row = Applied(lease.at, lease.remedy, lease.scope, lease.incident, ok)
                acts.setdefault(_act(row), row)
        steps = ((each, incident) for incident, known in self.timelines.items() for each in known)
        bad = {
            (step.data.get("remedy"), step.data.get("scope"), incident)
            for step, incident in steps
            if step.kind == INEFFECTIVE and step.at < at and isinstance(step.data, Mapping)
        }
        rows = (replace(row, effective=key[:3] not in bad) for key, row in acts.items())
        return Ledger(tuple(leases.values()), (), tuple(sorted(rows, key=lambda each: each.at)))

    def rejected_at(self, incident: str, at: datetime) -> dict[str, datetime]:
        """What people had rejected by that time."""
        return {duty: when for duty, when in self.rejections.get(incident, {}).items() if when <= at}


def _act(row: Applied) -> tuple[str, str, str, datetime]:
    return row.remedy, row.scope, row.incident, row.at


def _lease_steps(steps: Iterable[TimelineStep]) -> Iterator[LeaseStep]:
    for step in steps:
        if step.kind in tuple(LeaseState) and isinstance(step.data, Mapping):
            try:
                yield LeaseStep(step.at, load(Lease, step.data))
            except Misfit:
                continue


def read(incidents: Incidents, wanted: Iterable[Iterable[str]]) -> Records:
    """The timelines of these incidents, where there are any; of each, the ids under which it may be stored.
    Those of the ledger are read as well, because what it has itself is of today.

    Raises our errors.
    """
    found: dict[str, tuple[TimelineStep, ...]] = {}
    ledger = incidents.ledger()
    acted = sorted({e.incident for e in ledger.leases} | {e.incident for e in ledger.applied})
    for ids in (*wanted, *([each] for each in acted)):
        for each in ids:
            if each not in found and (steps := incidents.steps(each)):
                found[each] = steps
            if each in found:
                break
    return Records(found, ledger, {each: _rejections(incidents.head(each)) for each in found})


def _rejections(head: IncidentHead | None) -> dict[str, datetime]:
    reported = {} if head is None else head.remembered.reported
    return {duty: at for duty, at in reported.items() if duty.startswith(f"{DutyKind.REJECTED} ")}


@frozen
class PastIncidents(Incidents):
    """The incidents as they were: nothing is written, and results of lease checks are kept only here.
    `rejected`: of the incident that is judged."""

    then: Ledger = field(default_factory=Ledger)
    rejected: Mapping[str, datetime] = field(default_factory=dict)

    def ledger(self) -> Ledger:
        """The ledger as of that time."""
        return self.then

    def head(self, incident: str) -> IncidentHead | None:
        """The incident head as of that time, of which only rejections are on record."""
        if not self.rejected:
            return None
        watch = FollowUpMemory(reported=self.rejected)
        opened = min(self.rejected.values())
        return IncidentHead(incident, "", "", Severity.HIGH, opened, watch=watch)

    def note_changed_by_others(self, lease: Lease, at: datetime, seen: int) -> None:
        """Nothing is written. Raises Changed, so that the ledger stays as it was."""
        raise Changed("dynamodb", "TransactWriteItems", "ReadOnly")

    def looked(self, before: Lease, after: Lease) -> None:
        """Nothing is written."""
