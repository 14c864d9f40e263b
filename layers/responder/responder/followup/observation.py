"""From the answers of one look to what the rules see. What cannot be read holds nothing and helps nobody."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.approval_request import ApprovalRequest
from responder.core.change import Change, Lease, Ledger, Status, unreleased
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import ResponderError, SettingsUnusable
from responder.core.modes import Severity
from responder.core.refusals import Because
from responder.core.settings_document import NOBODY, People
from responder.core.switches import Switches
from responder.followup_rules import Acknowledgement, ClosingRequest, Observation, OpenRequest
from responder.followup_rules.re_evaluation import spread
from responder.followup_rules.seen import ApprovalAnswer, Rollout
from responder.guards import Purpose, Question, judge
from responder.respond import observe_only
from responder.respond.gather import with_silences
from responder.store import Incident, IncidentHead, Incidents, approvals
from responder.store.approvals.rows import DecisionRows


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
    watch = head.remembered
    return watch.gone is not None and watch.back is None


# Each proposal with what people wrote about it.
type Askings = tuple[tuple[ApprovalRequest, DecisionRows], ...]


def seen_of(
    context: Context, head: IncidentHead, incident: Incident | None, found: Mapping[str, Any]
) -> Observation:
    """`found` by the name of each question; the deciding ones are answers, the others may be errors."""
    ledger: Ledger = found["ledger"]
    alarm: AlarmStatus | ResponderError | None = found["alarm"]
    people = registered(found)
    leases = ledger.of_incident(head.incident)
    askings = _askings(context, people, found["askings"])
    return Observation(
        now=context.now,
        opened=head.opened,
        state=_state(incident, alarm),
        mark=incident.ok_since.isoformat() if incident and incident.ok_since else "",
        ours=incident is not None,
        spread=spread(head.incident),
        closed=incident is not None and incident.closed,
        decision=head.decision,
        leases=leases,
        others=tuple(each for each in ledger.leases if each.open and each.incident != head.incident),
        overtaken=ledger.overtaken_of(head.incident),
        lowered=ledger.lowering,
        acks=_acks(context, head, people, found["acks"]),
        askings=askings,
        lead=found["lead"] is True,
        traffic=None if isinstance(found["traffic"], ResponderError) else found["traffic"],
        rollout=next(filter(None, map(_rollout, leases)), None),
        held=_held(context, head.incident, _remedies(leases, askings), ledger, found),
        # What cannot be read is needed.
        needed=found["needed"] is not False,
        blind=isinstance(alarm, ResponderError),
        gone=alarm is None,
        closing=_closing(context, head, people, found["closing"]),
        unread=isinstance(found["traffic"], ResponderError),
        unheard=isinstance(found["askings"], ResponderError),
        settings=_settings(found["switches"]),
        window=alarm.window if isinstance(alarm, AlarmStatus) else timedelta(),
    )


def registered(found: Mapping[str, Any]) -> People:
    """Who may approve what, as it was read; nobody where it could not be."""
    switches = found["switches"]
    people: People = NOBODY if isinstance(switches, ResponderError) else switches.people
    return people


def _settings(switches: Switches | ResponderError) -> Because | None:
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


def _acks(context: Context, head: IncidentHead, people: People, rows: Any) -> tuple[Acknowledgement, ...]:
    """An acknowledgement that cannot be read holds nothing: then the ladder goes on."""
    if isinstance(rows, ResponderError):
        return ()
    return approvals.acknowledgements(rows, head.opened, people, context.now)


def _closing(context: Context, head: IncidentHead, people: People, rows: Any) -> ClosingRequest | None:
    """A request that cannot be read closes nothing."""
    if isinstance(rows, ResponderError):
        return None
    return approvals.closing(rows, head.opened, people, context.now)


def _askings(context: Context, people: People, found: Askings | ResponderError) -> tuple[OpenRequest, ...]:
    if isinstance(found, ResponderError):
        return ()
    return tuple(approvals.answer(rows, asked, people, context.now) for asked, rows in found)


def _remedies(leases: tuple[Lease, ...], askings: tuple[OpenRequest, ...]) -> frozenset[str]:
    """What is in force, and what was approved: a stop or the mode may keep either waiting."""
    approved = (each.asked.remedy for each in askings if each.answer is ApprovalAnswer.APPROVED)
    return frozenset((*(each.remedy for each in leases), *approved))


def _held(
    context: Context,
    incident: str,
    remedies: frozenset[str],
    ledger: Ledger,
    found: Mapping[str, Any],
) -> dict[str, Because]:
    read = with_silences(found["switches"], found["alarm"])
    switches = None if isinstance(read, ResponderError) else read
    judged = {
        remedy: judge(
            Question(
                purpose=Purpose.TAKE_BACK,
                now=context.now,
                remedy=remedy,
                incident=incident,
                switches=switches,
                ledger=ledger,
                plan=None,
                doubts=observe_only.unread(found["alarm"]),
            )
        )
        for remedy in remedies
    }
    return {remedy: each.reason for remedy, each in judged.items() if each.reason is not None}


def _rollout(lease: Lease) -> Rollout | None:
    if not lease.spec.in_steps:
        return None
    ours = [each for each in lease.changes if not each.status.not_ours or unreleased(each)]
    # What is at its old value again goes no further, and holds no other function up.
    percent = min((_served(each) for each in ours if each.status is not Status.TAKEN_BACK), default=0)
    highest = max((_percent(each.after) for each in ours), default=0)
    old = [str(each.get("old")) for each in lease.snapshot.get("functions", {}).values()]
    whole, more = max(map(_percent, old), default=100), any(map(_serves_more, lease.changes))
    return Rollout(lease.id, percent, whole, unreleased=more, highest=highest)


def _served(change: Change) -> int:
    """Where the aliases have not got the value, the lesser of the two: on the way back the one before."""
    now, before = _percent(change.after), _percent(change.before)
    return min(now, before) if unreleased(change) else now


def _serves_more(change: Change) -> bool:
    """Its aliases are where they were before a step down. On the way back they serve less."""
    return unreleased(change) and _percent(change.before) > _percent(change.after)


def _percent(value: str) -> int:
    return int(value) if value.isdecimal() else 100
