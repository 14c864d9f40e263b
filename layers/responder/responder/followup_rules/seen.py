"""One look at an incident: everything the next duty depends on."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.alarm_event import AlarmState
from responder.core.assessment import MeasuredEffect
from responder.core.change import Lease, Leases, LeaseState, Status, in_doubt
from responder.core.command import ApprovalRequest, CommandKind
from responder.core.frozen import frozen
from responder.core.refusals import Because
from responder.core.verdict import LastDecision


class ApprovalAnswer(StrEnum):
    """People's answer to a proposal."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CARRIED_OUT = "carried_out"
    NOT_CARRIED_OUT = "not_carried_out"  # approved in time, but not applied
    NOT_NEEDED = "not_needed"  # applied automatically before it was answered


@frozen
class Acknowledgement:
    """An acknowledgement that counts. `at` is the row's own time, as text: another time is another one."""

    person: str
    at: str


@frozen
class ClosingRequest:
    """A person's request to close the incident, which counts at `at` (UTC)."""

    person: str
    why: str
    at: datetime


@frozen
class Vote:
    """One person's last answer to a proposal: `decision` = approve | reject | withdraw."""

    person: str
    decision: str
    at: datetime


@frozen
class OpenRequest:
    """A proposal and its answers: `by` whom, and `at` what time the last of them; of one that was
    carried out, who had approved it, and when it was carried out. `said`: everyone, the oldest first.
    `stands`: a rejection is on record that was not withdrawn, even if its person may no longer give it."""

    asked: ApprovalRequest
    answer: ApprovalAnswer
    by: str = ""
    at: datetime | None = None
    said: tuple[Vote, ...] = ()
    stands: bool = False


@frozen
class TrafficSince:
    """Requests of the two liveness functions since the calm, or the present step of the revert, began.

    `newest`: faults of the last minutes, whose requests may still be on the way to CloudWatch: they prove
    nothing, and nothing is called well while they would not be few.
    """

    requests: int
    faults: int
    newest: int = 0


@frozen
class Rollout:
    """The revert from rollout 0%: what is set now, and what was set before the lease.

    `percent` is the least of the functions that are not at their old value again, `highest` the most that any
    function of the lease has. `unreleased`: a function has the value in $LATEST alone; its aliases may serve
    more than `percent`.
    """

    lease: str
    percent: int
    old: int
    unreleased: bool = False
    highest: int = 0


@frozen
class HarmReport:
    """A person who reverted a remedy said that it had made things worse. `act`: see `Lease.act`."""

    act: str
    person: str
    at: datetime


@frozen
class Observation:
    """As of `now` (UTC).

    Attributes:
        state: the alarm's, right now.
        mark: the alarm's last change on record; another one shows a flap between two looks.
        ours: the alarm still belongs to this incident.
        closed: it is closed on record; its end may not be reported yet.
        leases: open leases of this incident; `others` those of the others; `lowered` where one of them all
            lowers security now.
        ended: leases of this incident that have ended, as far as they are on record.
        measured: by act, what CloudWatch counted around it; without what could not be read, or is not asked
            for now.
        harm: what people said when they reverted.
        unheld: acts that are a reason for a stop which could not be created.
        changed_by_others: leases of this incident, open or ended, of which others have changed something.
        lead: the incident this one is linked to is still open.
        held: by remedy, why reverting it has to wait (paused, observe).
        stop: why nothing is done automatically at all: a pause, or what silences the alarm.
        needed: another incident, whose alarm is raised now, lives on a remedy of this one.
        blind: the alarm could not be read; `state` is what was last on record.
        gone: the alarm does not exist: CloudWatch has answered, and without it.
        closing: a person wants the incident closed.
        unread: the traffic could not be read.
        unheard: the proposals, or their answers, could not be read.
        harm_unread: what people said when they reverted could not be read.
        settings: why the settings document cannot be used; None where it can, or could not be read.
        window: how far back the alarm looks: it may stay in ALARM for so long after a fault is fixed.
        spread: how much later than planned its decisions are made again; see `escalation.spread`.
    """

    now: datetime
    opened: datetime
    state: AlarmState
    mark: str = ""
    ours: bool = True
    closed: bool = False
    decision: LastDecision | None = None
    leases: Leases = ()
    others: Leases = ()
    ended: Leases = ()
    measured: Mapping[str, MeasuredEffect] = field(default_factory=dict)
    harm: tuple[HarmReport, ...] = ()
    unheld: frozenset[str] = frozenset()
    changed_by_others: Leases = ()
    lowered: bool = False
    acks: tuple[Acknowledgement, ...] = ()
    askings: tuple[OpenRequest, ...] = ()
    lead: bool = False
    traffic: TrafficSince | None = None
    rollout: Rollout | None = None
    held: Mapping[str, Because] = field(default_factory=dict)
    stop: Because | None = None
    needed: bool = False
    blind: bool = False
    gone: bool = False
    closing: ClosingRequest | None = None
    unread: bool = False
    unheard: bool = False
    harm_unread: bool = False
    settings: Because | None = None
    window: timedelta = timedelta()
    spread: timedelta = timedelta()

    @property
    def raised(self) -> bool:
        """The alarm is in ALARM right now."""
        return self.state is AlarmState.ALARM

    @property
    def holding(self) -> Leases:
        """The leases that keep the incident open."""
        return tuple(each for each in self.leases if not each.spec.stays)

    @property
    def lowering(self) -> Leases:
        """The incident's own leases that lower security."""
        return tuple(each for each in self.leases if each.lowers_security)

    def lease_key(self, lease: str) -> str:
        """A lease and its beginning: the same remedy, applied again, is judged again."""
        found = next((each for each in self.leases if each.id == lease), None)
        return found.act if found else lease

    def reverts_asked(self, remedy: str) -> tuple[OpenRequest, ...]:
        """The proposals to revert this remedy, or a step of it."""
        return tuple(
            each
            for each in self.askings
            if each.asked.order == CommandKind.REVERT and each.asked.remedy == remedy
        )


def working(lease: Lease) -> bool:
    """AWS is still working on it, or its outcome is unknown. A revert whose outcome is unknown is ordered
    again instead."""
    going = any(change.status is Status.IN_PROGRESS for change in lease.changes)
    return going or (lease.state is not LeaseState.REVERTING and any(map(in_doubt, lease.changes)))
