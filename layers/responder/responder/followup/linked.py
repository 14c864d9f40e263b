"""Incidents that live on the same remedy: one leads, the others wait for it, and it waits for them."""

from responder.core.alarm_event import AlarmState
from responder.core.modes import Severity
from responder.followup_rules import FollowUpMemory
from responder.store import IncidentHead, Incidents


def leads(incidents: Incidents, head: IncidentHead, linked: str) -> bool:
    """The other incident tells for this one: it is open, its own alarm is raised and exists, it escalates at
    least as soon, and it does not wait for this one in turn. Raises our errors."""
    other, its = incidents.find(linked), incidents.head(linked)
    if other is None or other.closed or other.state is not AlarmState.ALARM or its is None or _missing(its):
        return False
    waits = its.decision is not None and its.decision.linked == head.incident
    return not waits and (its.severity is Severity.HIGH or head.severity is Severity.MEDIUM)


def needed(incidents: Incidents, head: IncidentHead) -> bool:
    """Another incident whose alarm is raised lives on a remedy of this one. Raises our errors."""
    raised = (each for each in incidents.newest() if not each.closed and each.state is AlarmState.ALARM)
    heads = (incidents.head(each.id) for each in raised if each.id != head.incident)
    known = (its for its in heads if its is not None and its.decision is not None and not _missing(its))
    return any(its.decision.linked == head.incident for its in known if its.decision is not None)


def _missing(head: IncidentHead) -> bool:
    """Its alarm does not exist: the state on record is that of the time before."""
    watch = FollowUpMemory.from_json(head.watch)
    return watch.gone is not None and watch.back is None
