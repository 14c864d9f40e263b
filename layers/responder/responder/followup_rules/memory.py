"""What a follow-up remembers between its looks: small, JSON, on the incident's head row."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from responder.core.frozen import frozen
from responder.core.incident_timers import IncidentTimers
from responder.followup_rules.clock import EarlierIncident, EscalationClock


@frozen
class FollowUpMemory:
    """All times are the follow-up's own (UTC): those of its looks, which never run backwards.

    Attributes:
        told: when each level above the first was told last, also by an earlier incident of this alarm.
        first, since, returns: the clock of the levels (`followup_rules.clock`); None before a return.
        assumed: the settings could not be read, so the terms are the defaults until they can be.
        late: by how many minutes the rest of the ladder is later than its terms (an acknowledgement held it).
        acks: the acknowledgements seen, person -> the row's own time; `held` until when the ladder holds,
            `held_by` for whom.
        again: when the decision was last ordered again; `round` how many of the planned times are used up.
        calm: the state of the alarm that the calm counts for; `calm_from` since when it lasts.
        mitigated, recovered: the first time each; recovered is forgotten where the alarm comes back.
        quiet, faults: requests seen during the calm, and how many of them failed.
        raised: since when the alarm is back after a calm; `flaps`: how often it came back, also after a short
            calm; `episode`: since when, where on-call had been told of the calm: decisions begin anew then.
        orders: by what was ordered (`continue rollout_to_zero#…`): when last, how often.
        judged: by lease, whether it helped: `helped`, `ineffective`.
        told_of: what was told once and is not to be told again, and when.
        step: the rollout in percent that the present step of the way back has set; `step_at` since when.
        closed: it was put down and told that the incident is over; `closed_by` the person who has closed it
            by hand, and `closed_why` this person's reason, which are on record before the end is told.
        void: requests to close it by hand that were written until then do not count.
        unseen: since when the alarm cannot be read.
        gone: when it was first noticed that the alarm does not exist; `back`: when that it exists again.
            Both are forgotten once that was told to every level that knows of the incident.
    """

    terms: IncidentTimers = field(default_factory=IncidentTimers)
    told: Mapping[int, datetime] = field(default_factory=dict)
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
    told_of: Mapping[str, datetime] = field(default_factory=dict)
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
        """The highest level that knows of it."""
        return max(self.told, default=1)

    def clock(self, opened: datetime) -> EscalationClock:
        """From when the levels count, in an incident that was opened then."""
        return EscalationClock(self.first or opened, self.since or opened, self.returns)

    def left(self, opened: datetime, calm: datetime) -> EarlierIncident:
        """What the next incident of this alarm goes on with. `calm`: since when the alarm is OK."""
        return EarlierIncident(self.clock(opened), calm, self.told, self.late, self.held, self.held_by)

    @classmethod
    def begin(
        cls, terms: IncidentTimers, opened: datetime, earlier: EarlierIncident | None
    ) -> "FollowUpMemory":
        """What a new incident starts with: where its alarm was not solved meanwhile, everything that concerns
        the escalation."""
        if earlier is None:
            return cls(terms)
        clock = earlier.at(opened, timedelta(minutes=terms.soak))
        if clock.first == opened:
            return cls(terms)
        known = cls(terms, earlier.told, clock.first, clock.since, clock.returns)
        if clock.since == opened:
            return known
        return replace(known, late=earlier.late, held=earlier.held, held_by=earlier.held_by)
