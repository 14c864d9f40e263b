"""Everything a response needs to know, asked in one round: looks, plans, switches, records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from responder.alarm import State
from responder.change import Plan
from responder.context import Context
from responder.errors import ResponderError
from responder.evidence import Evidence, Facts
from responder.evidence.failed import failed
from responder.finding import Finding
from responder.gateway import Gateway
from responder.incidents import Head, Incident, Incidents
from responder.ledger import Ledger
from responder.playbook import Playbook
from responder.remedies import Remedy
from responder.shell.look import side_by_side
from responder.shell.switchboard import read_switches
from responder.switches import Switches

type Key = tuple[str, str]

# Without this AWS answers for metric alarms only (API reference of DescribeAlarms).
ALARM_TYPES = ["MetricAlarm", "CompositeAlarm"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came back. A part that could not be read is the error, never an empty value."""

    facts: Facts
    findings: tuple[Finding, ...]
    plans: Mapping[Key, Plan | ResponderError]
    switches: Switches | ResponderError
    ledger: Ledger | ResponderError
    incident: Incident | ResponderError | None
    state: State | ResponderError | None
    head: Head | None = None


def gather(
    playbook: Playbook,
    context: Context,
    alarm: str,
    incidents: Incidents,
    opening: Callable[[], Incident | None],
) -> Gathered:
    """Ask for everything at once; `opening` finds or opens the incident."""
    looks = {f"look {each.name}": partial(each.look, context) for each in playbook.evidence}
    plans = {f"plan {key(each)}": partial(each.prepare, context) for each in playbook.remedies}
    rest: dict[str, Callable[[], Any]] = {
        "switches": lambda: read_switches(context.aws, context.settings, alarm),
        "ledger": incidents.ledger,
        "incident": partial(_opened, opening, incidents),
        "state": lambda: alarm_state(context.aws, alarm),
    }
    found = side_by_side({**looks, **plans, **rest})
    answers = {each.name: found[f"look {each.name}"] for each in playbook.evidence}
    incident, head = found["incident"] if isinstance(found["incident"], tuple) else (found["incident"], None)
    return Gathered(
        facts=Facts(_known(answers), context.now, context.settings),
        findings=tuple(f for each in playbook.evidence for f in _told(each, answers[each.name], context)),
        plans={key(each): found[f"plan {key(each)}"] for each in playbook.remedies},
        switches=found["switches"],
        ledger=found["ledger"],
        incident=incident,
        state=found["state"],
        head=head,
    )


def _opened(
    opening: Callable[[], Incident | None], incidents: Incidents
) -> tuple[Incident | None, Head | None]:
    """The incident, and what was told of it before; where that cannot be read, it is told again."""
    incident = opening()
    try:
        return incident, incidents.head(incident.id) if incident is not None else None
    except ResponderError:
        return incident, None


def key(remedy: Remedy) -> Key:
    """What a proposal calls a remedy's instance by."""
    return remedy.name, remedy.scope


def alarm_state(aws: Gateway, alarm: str) -> State | None:
    """The alarm's state right now; None where there is no such alarm."""
    answer = aws.call("cloudwatch", "describe_alarms", AlarmNames=[alarm], AlarmTypes=ALARM_TYPES)
    found = (*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", []))
    return next((State(each["StateValue"]) for each in found), None)


def _known(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in answers.items() if not isinstance(fact, ResponderError)}


def _told(evidence: Evidence[Any], answer: Any, context: Context) -> tuple[Finding, ...]:
    if isinstance(answer, ResponderError):
        return (failed(evidence.name, answer),)
    return evidence.tell(answer, context)
