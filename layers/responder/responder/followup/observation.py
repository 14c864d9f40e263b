"""Turns the answers of one look into what the rules see. An unreadable answer postpones nothing."""

from datetime import datetime, timedelta

from responder.core.alarm_event import AlarmState
from responder.core.change import Change, Lease, Leases, Ledger, Status, unreleased
from responder.core.command import ApprovalRequest
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import ResponderError, SettingsUnusable
from responder.core.modes import Severity
from responder.core.plain_data import Data, Json
from responder.core.refusals import Because
from responder.core.settings_document import NO_PEOPLE, People
from responder.followup_rules import ApprovalAnswer, Observation, OpenRequest
from responder.followup_rules.escalation import spread
from responder.followup_rules.seen import HarmReport, Rollout
from responder.guards import Purpose, Question, judge, stop_in_force
from responder.respond.gather import unread_doubts, with_silences
from responder.store import Incident, IncidentHead, Incidents, approvals
from responder.store.approvals import DecisionRows


def leads(incidents: Incidents, head: IncidentHead, linked: str) -> bool:
    """The other incident reports for this one: it is open, its own alarm is raised and exists, it escalates
    at least as soon, and it does not wait for this one in turn. Raises our errors."""
    other, its = incidents.find(linked), incidents.head(linked)
    if other is None or other.closed or other.state is not AlarmState.ALARM or its is None or _missing(its):
        return False
    waits = its.decision is not None and its.decision.linked == head.incident
    return not waits and (its.severity is Severity.HIGH or head.severity is Severity.MEDIUM)


def needed(incidents: Incidents, head: IncidentHead) -> bool:
    """Another incident, whose alarm is raised, that depends on a remedy of this one. Raises our errors."""
    for each in incidents.newest():
        if each.id != head.incident and not each.closed and each.state is AlarmState.ALARM:
            its = incidents.head(each.id)
            linked = its is not None and its.decision is not None and its.decision.linked == head.incident
            if its is not None and linked and not _missing(its):
                return True
    return False


def _missing(head: IncidentHead) -> bool:
    """Whether the incident's alarm does not exist; the stored state is then the last known one."""
    memory = head.remembered
    return memory.gone is not None and memory.back is None


# Each proposal with what people wrote about it.
type Requests = tuple[tuple[ApprovalRequest, DecisionRows], ...]


def seen_of(context: Context, head: IncidentHead, incident: Incident | None, found: Data) -> Observation:
    """`found` by the name of each question; the deciding ones are answers, the others may be errors."""
    ledger: Ledger = found["ledger"]
    alarm: AlarmStatus | ResponderError | None = found["alarm"]
    # Rows that cannot be read hold nothing, close nothing and ask nothing.
    read = {part: () if isinstance(each, ResponderError) else each for part, each in found.items()}
    people, leases, now = registered(found), ledger.of_incident(head.incident), context.now
    askings = tuple(approvals.answer(rows, asked, people, now) for asked, rows in read["askings"])
    return Observation(
        now=now,
        opened=head.opened,
        state=_state(incident, alarm),
        mark=incident.ok_since.isoformat() if incident and incident.ok_since else "",
        ours=incident is not None,
        spread=spread(head.incident),
        closed=incident is not None and incident.closed,
        decision=head.decision,
        leases=leases,
        others=tuple(each for each in ledger.leases if each.open and each.incident != head.incident),
        **_acts(ledger, head.incident, read, people, now),
        changed_by_others=ledger.changed_by_others_in(head.incident),
        lowered=ledger.lowering,
        acks=approvals.acknowledgements(read["acks"], head.opened, people, now),
        askings=askings,
        lead=found["lead"] is True,
        traffic=read["traffic"] or None,
        rollout=next(filter(None, map(_rollout, leases)), None),
        held=_held(context, head.incident, leases, askings, found),
        stop=_stop(found, now),
        # An incident that cannot be read counts as depending on it.
        needed=found["needed"] is not False,
        blind=isinstance(alarm, ResponderError),
        gone=alarm is None,
        closing=approvals.closing(read["closing"], head.opened, people, now),
        **_unread(found),
        window=window_of(alarm),
    )


def window_of(alarm: AlarmStatus | ResponderError | None) -> timedelta:
    """How far back the alarm looks; zero where it could not be read, or does not exist."""
    return alarm.window if isinstance(alarm, AlarmStatus) else timedelta()


def _acts(ledger: Ledger, incident: str, read: Data, people: People, now: datetime) -> Json:
    """The acts by which the remedies of this incident are assessed."""
    said = ((lease, approvals.made_worse(rows, lease, people, now)) for lease, rows in read["harm"])
    harm = tuple(HarmReport(lease.act, *found) for lease, found in said if found is not None)
    about = {"measured": read["measured"] or {}, "unheld": frozenset(read["unheld"])}
    return {"ended": ledger.ended_of(incident), "harm": harm, **about}


def registered(found: Data) -> People:
    """Who may approve what, as it was read; empty where it could not be."""
    switches = found["switches"]
    people: People = NO_PEOPLE if isinstance(switches, ResponderError) else switches.people
    return people


def _unread(found: Data) -> Json:
    """What could not be read, or not be used."""
    failed = {name: isinstance(found[name], ResponderError) for name in ("traffic", "askings", "harm")}
    return {
        "unread": failed["traffic"],
        "unheard": failed["askings"],
        "harm_unread": failed["harm"],
        "settings": _unusable(found),
    }


def _unusable(found: Data) -> Because | None:
    switches = found["switches"]
    document = None if isinstance(switches, ResponderError) else switches.document
    return document.reason if isinstance(document, SettingsUnusable) else None


def _state(incident: Incident | None, alarm: AlarmStatus | ResponderError | None) -> AlarmState:
    """An alarm that was deleted is neither solved nor raised; one that cannot be read counts as it was last
    recorded."""
    if alarm is None:
        return AlarmState.INSUFFICIENT_DATA
    if isinstance(alarm, AlarmStatus):
        return alarm.state
    return incident.state if incident is not None else AlarmState.ALARM


def _stop(found: Data, now: datetime) -> Because | None:
    switches = with_silences(found["switches"], found["alarm"])
    return None if isinstance(switches, ResponderError) else stop_in_force(switches, now)


def _held(
    context: Context,
    incident: str,
    leases: Leases,
    askings: tuple[OpenRequest, ...],
    found: Data,
) -> dict[str, Because]:
    """Why what is in force, or was approved, has to wait: a stop or the mode may hold either."""
    approved = (each.asked.remedy for each in askings if each.answer is ApprovalAnswer.APPROVED)
    switches = with_silences(found["switches"], found["alarm"])
    held = {}
    for remedy in {*(each.remedy for each in leases), *approved}:
        question = Question(
            purpose=Purpose.REVERT,
            now=context.now,
            remedy=remedy,
            incident=incident,
            switches=None if isinstance(switches, ResponderError) else switches,
            ledger=found["ledger"],
            plan=None,
            doubts=unread_doubts(found["alarm"]),
        )
        if (hold := judge(question)) is not None:
            held[remedy] = hold.reason
    return held


def _rollout(lease: Lease) -> Rollout | None:
    if not lease.spec.in_steps:
        return None
    ours = [each for each in lease.changes if not each.status.not_ours or unreleased(each)]
    # A function that has its old value again needs no further step, and delays no other function.
    percent = min((_served(each) for each in ours if each.status is not Status.REVERTED), default=0)
    highest = max((_percent(each.after) for each in ours), default=0)
    old = [_percent(str(each.get("old"))) for each in lease.snapshot.get("functions", {}).values()]
    # Aliases that are where they were before a step down; during the revert they serve less.
    more = any(unreleased(each) and _percent(each.before) > _percent(each.after) for each in lease.changes)
    return Rollout(lease.id, percent, max(old, default=100), unreleased=more, highest=highest)


def _served(change: Change) -> int:
    """Where the aliases have not got the value, the lesser of the two: during the revert the one before."""
    now, before = _percent(change.after), _percent(change.before)
    return min(now, before) if unreleased(change) else now


def _percent(value: str) -> int:
    return int(value) if value.isdecimal() else 100
