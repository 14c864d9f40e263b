"""The changes of state that a back-test judges, each with the playbook and the incident it belongs to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from liveness_ops.backtest.history import History, StateItem, event_of
from liveness_ops.backtest.records import Records
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.errors import BadEvent
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.respond.alarm import DECIDED_JUST_NOW
from responder.store import Incident
from responder.store.incidents import incident_id

# CloudWatch dates the event and the item of the history for themselves.
_NEAR = tuple(timedelta(seconds=each) for each in (0, -1, 1))
GENERIC = "unknown-alarm"

# The settings of the deployed functions, by the short name of their playbook.
type ByPlaybook = Mapping[str, Settings]


@frozen
class Transition:
    """One change to ALARM.

    Attributes:
        slug: of the playbook that answers it.
        incident: the one that it opened, or belongs to.
        repeat: a response that was decided a moment ago answers it: it is only put on the timeline.
        ended: when the alarm was OK again (UTC); None where it has not been.
        deleted: the alarm of this name does not exist now.
    """

    item: StateItem
    change: AlarmEvent
    slug: str
    incident: Incident
    repeat: bool = False
    ended: datetime | None = None
    deleted: bool = False

    @property
    def id(self) -> str:
        """The id, the same in every run."""
        return f"{self.change.name} {self.change.at.isoformat()}"


def answering(base: ByPlaybook) -> Callable[[str], str | None]:
    """Which playbook answers an alarm, by its name; None where it is none of the service's."""

    def slug(alarm: str) -> str | None:
        own = (each for each, settings in base.items() if settings.alarm_name and settings.answers(alarm))
        generic = base.get(GENERIC)
        other = GENERIC if generic is not None and alarm.startswith(generic.alarm_prefix) else None
        return next(own, other)

    return slug


def raised(history: History, base: ByPlaybook) -> Iterator[StateItem]:
    """The changes to ALARM of the service's alarms, oldest first."""
    return (item for item, _ in _changes(history, base) if item.new is AlarmState.ALARM)


def _changes(history: History, base: ByPlaybook) -> Iterator[tuple[StateItem, str]]:
    """The changes of the service's alarms, oldest first, each with the playbook that answers it."""
    of = answering(base)
    return ((item, slug) for item in history.states if (slug := of(item.alarm)) is not None)


def incident_ids(items: Iterable[StateItem], arn: Callable[[str], str]) -> Iterator[list[str]]:
    """Under which our register may have each of them."""
    for item in items:
        change = _event(item, arn)
        if change is not None:
            yield _ids(change)


def transitions(
    history: History,
    base: ByPlaybook,
    records: Records,
    arn: Callable[[str], str],
    present: Iterable[str],
) -> list[Transition]:
    """Oldest first."""
    there = frozenset(present)
    newest: dict[str, Incident] = {}
    decided: dict[str, datetime] = {}
    # Since when an alarm is OK.
    calm: dict[str, datetime] = {}
    found = []
    for item, slug in _changes(history, base):
        if item.new is AlarmState.OK:
            calm.setdefault(item.alarm, item.at)
        if item.new is not AlarmState.ALARM:
            continue
        calm_since, change = calm.pop(item.alarm, None), _event(item, arn)
        if change is None:
            continue
        soak = timedelta(minutes=base[slug].soak_minutes)
        over = calm_since is not None and item.at - calm_since > soak
        own = _on_record(change, records)
        incident = own or (None if over else newest.get(item.alarm)) or _opened(change)
        change = replace(change, at=incident.opened) if own else change
        repeat = incident.opened != change.at and item.at - decided[item.alarm] < DECIDED_JUST_NOW
        newest[item.alarm] = incident
        if not repeat:
            decided[item.alarm] = item.at
        ended, deleted = history.ended(item), item.alarm not in there
        found.append(Transition(item, change, slug, incident, repeat, ended, deleted))
    return found


def _event(item: StateItem, arn: Callable[[str], str]) -> AlarmEvent | None:
    try:
        return event_of(item, arn(item.alarm))
    except BadEvent:
        return None


def _ids(change: AlarmEvent) -> list[str]:
    """Under which our register may have the incident that it opened."""
    return [incident_id(replace(change, at=change.at + near)) for near in _NEAR]


def _opened(change: AlarmEvent) -> Incident:
    return Incident(incident_id(change), change.slug, change.name, change.at, AlarmState.ALARM, change.at)


def _on_record(change: AlarmEvent, records: Records) -> Incident | None:
    """The responder's incident that this change opened."""
    known = next((each for each in _ids(change) if each in records.timelines), None)
    return None if known is None else replace(_opened(change), id=known)
