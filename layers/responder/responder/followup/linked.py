"""Incidents that live on the same remedy: one leads, the others wait for it, and it waits for them."""

from responder.core.alarm_event import State
from responder.core.modes import Severity
from responder.followup_rules import Watch
from responder.store import Head, Incidents


def leads(incidents: Incidents, head: Head, linked: str) -> bool:
    """The other incident tells for this one: it is open, its own alarm is raised and exists, it escalates at
    least as soon, and it does not wait for this one in turn. Raises our errors."""
    other, its = incidents.find(linked), incidents.head(linked)
    if other is None or other.closed or other.state is not State.ALARM or its is None or _missing(its):
        return False
    waits = its.decision is not None and its.decision.linked == head.incident
    return not waits and (its.severity is Severity.HIGH or head.severity is Severity.MEDIUM)


def needed(incidents: Incidents, head: Head) -> bool:
    """Another incident whose alarm is raised lives on a remedy of this one. Raises our errors."""
    raised = (each for each in incidents.newest() if not each.closed and each.state is State.ALARM)
    heads = (incidents.head(each.id) for each in raised if each.id != head.incident)
    known = (its for its in heads if its is not None and its.decision is not None and not _missing(its))
    return any(its.decision.linked == head.incident for its in known if its.decision is not None)


def _missing(head: Head) -> bool:
    """Its alarm does not exist: the state on record is that of the time before."""
    watch = Watch.from_json(head.watch)
    return watch.gone is not None and watch.back is None
