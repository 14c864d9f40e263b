"""One episode of one alarm, and what is stored of it as a whole."""

from dataclasses import field
from datetime import datetime, timedelta

from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.codec import STORED
from responder.core.frozen import frozen
from responder.core.incident_timers import IncidentTimers
from responder.core.last_decision import LastDecision
from responder.core.modes import Severity
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.memory import EarlierIncident

SOAK = timedelta(minutes=IncidentTimers().soak)


@frozen
class Incident:
    """An incident as its alarm's pointer row holds it.

    Attributes:
        opened: time of the first ALARM (UTC).
        ok_since: since when the alarm is OK; None while it is not.
        earlier: what the incident before it has left; None where none is known.
    """

    id: str
    slug: str
    alarm: str
    opened: datetime
    state: AlarmState
    state_at: datetime
    ok_since: datetime | None = None
    closed: bool = False
    earlier: EarlierIncident | None = None

    def opened_by(self, event: AlarmEvent) -> bool:
        """Whether this change, or its repeat, opened it. The id does not show that: several changes may have
        the same second."""
        return self.opened == event.at

    def over(self, at: datetime, leases: int, soak: timedelta = SOAK) -> bool:
        """Whether OK lasted long enough and nothing is in force, so that the next ALARM opens another
        incident."""
        enough = soak if self.earlier is None else self.earlier.at(self.opened, soak).enough(soak)
        soaked = self.ok_since is not None and at - self.ok_since > enough
        return self.closed or (soaked and not leases)


@frozen
class IncidentHead:
    """The head row of an incident.

    Attributes:
        first: time of the first datapoint that led to ALARM, where the event held it (UTC).
        notified: when on-call was notified first (UTC).
        slug: the playbook's short name; `<stack>-<slug>` is the function that takes commands.
        generation: which execution of the follow-up is in charge; an older one ends itself.
        next_look: by when it looks again (UTC); None before its first look.
        watch: what it remembers; None before its first look.
    """

    incident: str
    alarm: str
    slug: str
    severity: Severity
    opened: datetime
    decision: LastDecision | None = None
    first: datetime | None = None
    notified: datetime | None = None
    generation: int = field(default=1, metadata=STORED)
    next_look: datetime | None = None
    watch: FollowUpMemory | None = None

    @property
    def execution(self) -> str:
        """The name of its follow-up: at most 57 + 7 characters of letters, digits, - and _."""
        return f"{self.incident}-g{self.generation}"

    @property
    def remembered(self) -> FollowUpMemory:
        """What the follow-up remembers; before its first look, nothing."""
        return self.watch or FollowUpMemory()


def incident_id(event: AlarmEvent) -> str:
    """`<alarm-slug>-<YYYYMMDDTHHMMSSZ of the first ALARM>`, at most 57 characters."""
    return f"{event.slug}-{event.at:%Y%m%dT%H%M%SZ}"


def slug_of(incident: str) -> str:
    """The alarm slug in an incident id; the id itself where it has another form."""
    return incident.rpartition("-")[0] or incident
