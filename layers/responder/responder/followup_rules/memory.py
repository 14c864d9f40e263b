"""What a follow-up remembers between its looks: small, JSON, on the incident's head row.

The clock of the escalation: the manual escalates what is not solved within so many minutes, and an alarm
that comes and goes is not solved:

- A calm of two hours or more ends it: the levels count anew from the return.
- After a shorter calm the levels continue to count from the first ALARM, with one exception: the first return
  after a calm of an hour or more may be another fault, so the levels count from that return. With the next
  return within two hours of calm they count from the first ALARM again.
- Whether the incident stayed open during the calm, or was closed and the return opened another, is the same.

So while an alarm is raised, and no calm since its first ALARM lasted two hours, each level whose minutes
have passed since that ALARM was notified, unless an acknowledgement holds it, or the only return so far came
after a calm of an hour or more: then the minutes count from that return.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from responder.core.assessment import AssessmentResult
from responder.core.change import Lease
from responder.core.codec import STORED
from responder.core.frozen import frozen
from responder.core.settings import IncidentTimers

# What is remembered of a lease once its effect was judged.
INEFFECTIVE = "ineffective"
HELPED = "helped"
# An alarm that has come back so often is expected to come back again.
OFTEN = 2
_LONG = timedelta(hours=1)
_SOLVED = timedelta(hours=2)


@frozen
class EscalationClock:
    """All times in UTC.

    Attributes:
        first: the first ALARM since the alarm was last calm for two hours.
        since: the ALARM from which the levels count: `first`, or a later return.
        returns: how often it came back after a calm that had lasted the soak time.
    """

    first: datetime
    since: datetime
    returns: int = 0

    def returned(self, calm: timedelta, at: datetime, soak: timedelta) -> "EscalationClock":
        """The alarm is raised again `at`, after a calm that lasted so long."""
        if calm >= _SOLVED:
            return EscalationClock(at, at)
        if calm < soak:
            return self
        anew = calm >= _LONG and not self.returns
        return EscalationClock(self.first, at if anew else self.first, self.returns + 1)

    def enough(self, soak: timedelta) -> timedelta:
        """How long OK has to last before on-call is notified of it and the incident can end; longer for an
        alarm that came back twice, which would otherwise send such messages repeatedly."""
        return max(soak, _LONG) if self.returns >= OFTEN else soak


@frozen
class EarlierIncident:
    """What an incident leaves to the next one of its alarm.

    Attributes:
        calm: since when the alarm was OK when the incident ended.
        notified: when each level above the first was notified.
        late: by how many minutes acknowledgements had delayed the levels.
        held: until when the last acknowledgement holds the escalation; `held_by` whose it is.
    """

    clock: EscalationClock
    calm: datetime
    notified: Mapping[int, datetime] = field(default_factory=dict, metadata=STORED)
    late: int = field(default=0, metadata=STORED)
    held: datetime | None = field(default=None, metadata=STORED)
    held_by: str = field(default="", metadata=STORED)

    def at(self, opened: datetime, soak: timedelta) -> EscalationClock:
        """The clock of an incident that begins then."""
        return self.clock.returned(opened - self.calm, opened, soak)


@frozen
class FollowUpMemory:
    """All times are the follow-up's own (UTC): those of its looks, which never run backwards.

    Attributes:
        notified: when each level above the first was last notified, also by an earlier incident of this
            alarm.
        first, since, returns: the escalation's clock; None before a return.
        assumed: the settings could not be read, so the terms are the defaults until they can be.
        late: by how many minutes later levels are late because an acknowledgement held the escalation.
        acks: the acknowledgements seen, person -> the row's own time; `held` until when the escalation waits,
            `held_by` for whom.
        again: when the decision was last ordered again; `round` how many of the planned times are used up.
        calm: the state of the alarm that the calm counts for; `calm_from` since when it lasts.
        mitigated, recovered: the first time each; recovered is forgotten where the alarm comes back.
        quiet, faults: requests seen during the calm, and how many of them failed.
        raised: since when the alarm is back after a calm; `flaps`: how often it came back, also after a short
            calm; `episode`: since when, where on-call had been notified of the calm: decisions begin anew
            then.
        orders: by what was ordered (`finish rollout_to_zero#…`): when last, how often.
        judged: by lease, whether it helped: `helped`, `ineffective`.
        assessed: by act, its assessment as it was stored last.
        reported: the duties that were reported and are not reported again, and when.
        step: the rollout in percent that the present step of the revert has set; `step_at` since when.
        closed: the end was recorded and reported; `closed_by` the person who has closed it, and
            `closed_why` this person's reason, which are stored before the end is notified.
        void: requests to close it that were written until then do not count.
        unseen: since when the alarm cannot be read.
        gone: when it was first noticed that the alarm does not exist; `back`: when that it exists again.
            Both are forgotten once that was reported to every level that was notified of the incident.
    """

    terms: IncidentTimers = field(default_factory=IncidentTimers)
    notified: Mapping[int, datetime] = field(default_factory=dict)
    first: datetime | None = None
    since: datetime | None = None
    returns: int = 0
    late: int = 0
    acks: Mapping[str, str] = field(default_factory=dict)
    held: datetime | None = None
    held_by: str = ""
    again: datetime | None = None
    round: int = 0
    calm: str = ""
    calm_from: datetime | None = None
    quiet: int = 0
    faults: int = 0
    raised: datetime | None = None
    flaps: int = 0
    episode: datetime | None = None
    mitigated: datetime | None = None
    recovered: datetime | None = None
    orders: Mapping[str, tuple[datetime, int]] = field(default_factory=dict)
    judged: Mapping[str, str] = field(default_factory=dict)
    assessed: Mapping[str, AssessmentResult] = field(default_factory=dict)
    reported: Mapping[str, datetime] = field(default_factory=dict)
    step: str = ""
    step_at: datetime | None = None
    closed: bool = False
    closed_by: str = ""
    closed_why: str = ""
    void: datetime | None = None
    unseen: datetime | None = None
    gone: datetime | None = None
    back: datetime | None = None
    assumed: bool = False

    @property
    def level(self) -> int:
        """The highest level that was notified."""
        return max(self.notified, default=1)

    @property
    def soaked(self) -> datetime | None:
        """When OK will have lasted for the soak time; None while the alarm is not calm."""
        return None if self.calm_from is None else self.calm_from + timedelta(minutes=self.terms.soak)

    def settled(self, opened: datetime) -> datetime | None:
        """When the calm can be reported, and end the incident; later than `soaked` where the alarm has come
        back before."""
        if self.calm_from is None:
            return None
        return self.calm_from + self.clock(opened).enough(timedelta(minutes=self.terms.soak))

    def end_of(self, lease: Lease) -> datetime | None:
        """When a lease ends: once recovered, provisioned concurrency ends sooner than its lease says."""
        if lease.until is None or self.recovered is None or not lease.spec.kept_after_recovery:
            return lease.until
        return min(lease.until, self.recovered + timedelta(minutes=self.terms.keep))

    def clock(self, opened: datetime) -> EscalationClock:
        """The escalation clock of an incident that was opened at that time."""
        return EscalationClock(self.first or opened, self.since or opened, self.returns)

    def left(self, opened: datetime, calm: datetime) -> EarlierIncident:
        """What the next incident of this alarm continues with. `calm`: since when the alarm is OK."""
        return EarlierIncident(self.clock(opened), calm, self.notified, self.late, self.held, self.held_by)

    @classmethod
    def begin(
        cls, terms: IncidentTimers, opened: datetime, earlier: EarlierIncident | None
    ) -> "FollowUpMemory":
        """What a new incident starts with: everything about the escalation, if its alarm was not resolved in
        between."""
        if earlier is None:
            return cls(terms)
        clock = earlier.at(opened, timedelta(minutes=terms.soak))
        if clock.first == opened:
            return cls(terms)
        known = cls(terms, earlier.notified, clock.first, clock.since, clock.returns)
        if clock.since == opened:
            return known
        return replace(known, late=earlier.late, held=earlier.held, held_by=earlier.held_by)
