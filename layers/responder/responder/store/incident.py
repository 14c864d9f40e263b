"""One episode of one alarm."""

from datetime import datetime, timedelta

from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.frozen import frozen
from responder.followup_rules.memory import EarlierIncident

SOAK = timedelta(minutes=10)


@frozen
class Incident:
    """As its alarm's pointer row tells.

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
        """This very change, or its repeat. Its id does not tell: several changes may be of one second."""
        return self.opened == event.at

    def over(self, at: datetime, leases: int, soak: timedelta = SOAK) -> bool:
        """OK lasted long enough and nothing of it is in force: the next ALARM is another one."""
        enough = soak if self.earlier is None else self.earlier.at(self.opened, soak).enough(soak)
        soaked = self.ok_since is not None and at - self.ok_since > enough
        return self.closed or (soaked and not leases)


def incident_id(event: AlarmEvent) -> str:
    """`<alarm-slug>-<YYYYMMDDTHHMMSSZ of the first ALARM>`, at most 57 characters."""
    return f"{event.slug}-{event.at:%Y%m%dT%H%M%SZ}"


def slug_of(incident: str) -> str:
    """The alarm slug in an incident id; the id itself where it is not one of ours."""
    return incident.rpartition("-")[0] or incident
