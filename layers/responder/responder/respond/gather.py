"""Everything a response needs to know, asked in one round: looks, plans, switches, records.

Readings, plans and the check of what is in force share their answers. The responder's records, the switches
and the alarm are read as they are.
"""

import ipaddress
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

from responder.aws.gateway import ALL_SECONDS, ONLY_LOOKS, Retry, Turn, patient, shared, through
from responder.aws.parallel import side_by_side
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.assessment import Assessment
from responder.core.change import Ledger, Plan
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus, read_alarm
from responder.core.errors import ResponderError, Unreachable, Unreadable
from responder.core.finding import Finding, Findings
from responder.core.frozen import frozen
from responder.core.modes import Mode, Severity
from responder.core.plain_data import Data, Json
from responder.core.refusals import Doubts, Refusal
from responder.core.switches import Silence, Switches, switches
from responder.core.text import Strings
from responder.evidence import Facts
from responder.evidence.base import failed, reason
from responder.evidence.changes import Modifications
from responder.evidence.faults import FailureTally
from responder.evidence.invocations import Traffic
from responder.guards import RECENT_CHANGE
from responder.remedies import Remedy
from responder.respond.lease_check import refreshed
from responder.respond.playbook import Playbook
from responder.store import Incident, IncidentHead, Incidents
from responder.store.ledger import Assessments
from responder.store.switches import read_switches

OLDEST = timedelta(minutes=15)
_AHEAD = timedelta(minutes=5)

type Key = tuple[str, str]


@frozen
class Gathered:
    """What came back. A part that could not be read is the error, never an empty value; `head_problem` is
    that of the head, which is then None. `plans`: of the remedies that need no approval; `with_plans` adds
    others. `assessments`: None where they could not be read; nothing but a line of a message depends on them.
    `context`: what looks and plans were asked in, with the answers that they share."""

    facts: Facts
    findings: Findings
    plans: Mapping[Key, Plan | ResponderError]
    switches: Switches | ResponderError
    ledger: Ledger | ResponderError
    incident: Incident | ResponderError | None
    alarm: AlarmStatus | ResponderError | None
    head: IncidentHead | None = None
    head_problem: ResponderError | None = None
    assessments: tuple[Assessment, ...] | None = None
    context: Context | None = field(default=None, repr=False, compare=False)

    def doubts(self, opened: str = "") -> Doubts:
        """Why nothing may be done: the alarm is OK, or people's decisions on this incident may be on record
        and could not be read. `opened`: the one that this very event opens; no decision on it exists yet, so
        only a broken row of it counts."""
        new = isinstance(self.incident, Incident) and self.incident.id == opened
        unread = isinstance(self.head_problem, Unreadable if new else ResponderError)
        lost = unread or isinstance(self.incident, ResponderError)
        over = alarm_doubts(self.alarm)
        return (*over, Refusal.STORE_UNREADABLE()) if lost else over

    def unread(self, playbook: Playbook) -> Strings:
        """What could not be read: looks by their names, and `plan`, `switches`, `ledger` or `alarm`."""
        looks = (each.name for each in playbook.evidence if each.name not in self.facts.found)
        plans = any(
            isinstance(each, ResponderError) or any(one.kind.unread for one in each.obstacles)
            for each in self.plans.values()
        )
        parts = {"switches": self.switches, "ledger": self.ledger, "alarm": self.alarm}
        others = (name for name, part in parts.items() if isinstance(part, ResponderError))
        return (*looks, *(("plan",) if plans else ()), *others)


def gather(  # noqa: PLR0913  one value per request
    playbook: Playbook,
    context: Context,
    alarm: str,
    incidents: Incidents,
    opening: Callable[[], Incident | None],
    likely: str,
    silences: tuple[Silence, ...] = (),
    doubts: Doubts = (),
) -> Gathered:
    """Ask for everything side by side; `opening` finds or opens the incident, most `likely` that of this id.
    `silences`, `doubts`: of the event. What a person has to approve is planned later (`with_plans`)."""
    once = shared(context)
    retry = _retry(playbook, context, acts=not (silences or doubts))
    asking = replace(once, aws=through(once.aws, retry))
    early = [each for each in playbook.remedies if each.name.spec.ceiling is not Mode.APPROVE]
    looks = {f"look {each.name}": partial(each.look, asking) for each in playbook.evidence}
    records = _records(asking, alarm, incidents, opening, likely)
    found = side_by_side({**_plans(early, asking), **looks, **records}, through=asking.aws)
    retry.done()
    plans = {key(each): found[_plan(each)] for each in early}
    answers = {each.name: found[f"look {each.name}"] for each in playbook.evidence}
    every = (*plans.values(), *answers.values())
    ledger = _ledger(found["ledger"], every, context.now, incidents, waited=retry.turned_away)
    known, findings = _facts_and_findings(playbook, answers, ledger, context)
    unread = (failed(name, found[name]) for name in records if isinstance(found[name], ResponderError))
    head, problem = _head(incidents, found["incident"], likely, found["head"])
    return Gathered(
        facts=Facts(known, context.now, context.settings, context.since),
        findings=(*findings, *unread),
        plans=plans,
        switches=with_silences(found["switches"], found["alarm"], silences),
        ledger=ledger,
        incident=found["incident"],
        alarm=found["alarm"],
        head=head,
        head_problem=problem,
        assessments=None if isinstance(found["assessments"], ResponderError) else found["assessments"],
        context=once,
    )


def _records(
    context: Context, alarm: str, incidents: Incidents, opening: Callable[[], Incident | None], likely: str
) -> dict[str, Callable[[], Any]]:
    return {
        "switches": lambda: read_switches(context, alarm),
        "ledger": incidents.ledger,
        "incident": opening,
        "head": lambda: incidents.head(likely),
        "assessments": Assessments(context.aws, context.settings.incidents_table).read,
        "alarm": lambda: read_alarm(context.aws, alarm),
    }


def _facts_and_findings(
    playbook: Playbook, answers: Data, ledger: Ledger | ResponderError, context: Context
) -> tuple[Json, list[Finding]]:
    """The facts, and the findings of every reading, also of those that failed."""
    facts: Json = {}
    findings: list[Finding] = []
    # Failed requests by the log, where it was read.
    tally = next((each for each in answers.values() if isinstance(each, FailureTally)), None)
    for each in playbook.evidence:
        answer = answers[each.name]
        if isinstance(answer, ResponderError):
            findings.append(failed(each.name, answer))
            continue
        if isinstance(answer, Modifications) and isinstance(ledger, Ledger):
            answer = answer.attributed(ledger.wrote)
        if isinstance(answer, Traffic):
            answer = replace(answer, tally=tally)
        facts[each.name] = answer
        findings += each.findings(answer, context)
    return facts, findings


def _retry(playbook: Playbook, context: Context, *, acts: bool) -> Retry:
    """`acts`: nothing that is known yet forbids it to apply a remedy."""
    urgency = _urgency(playbook, context) if acts else ONLY_LOOKS
    turn = Turn(context.aws, context.settings.claims_table, urgency)
    return Retry(time.monotonic() + ALL_SECONDS, turn=turn)


def _urgency(playbook: Playbook, context: Context) -> int:
    """How urgently it needs AWS's answers: by whether a remedy may be applied without a person, as far as
    modes and stops are known."""
    known = context.parameters
    if isinstance(known, ResponderError):
        return ONLY_LOOKS
    now = None if known is None else switches(context.settings.parameters_path, known)
    stopped = now is not None and bool(now.active(context.now))
    modes = (
        (each.name.spec.ceiling, each.name.spec.ceiling if now is None else now.mode(each.name))
        for each in playbook.remedies
    )
    if stopped or (Mode.AUTO, Mode.AUTO) not in modes:
        return ONLY_LOOKS
    return ONLY_LOOKS + 1 + tuple(Severity)[::-1].index(playbook.severity)


def with_plans(
    found: Gathered, remedies: Iterable[Remedy], context: Context, incidents: Incidents
) -> Gathered:
    """The gathered facts, with plans for those of these remedies that have none yet, read in `context`."""
    missing = [each for each in remedies if key(each) not in found.plans]
    if not missing:
        return found
    asking = patient(context)
    answers = side_by_side(_plans(missing, asking), through=asking.aws)
    plans = {key(each): answers[_plan(each)] for each in missing}
    ledger = _ledger(found.ledger, plans.values(), context.now, incidents)
    return replace(found, plans={**found.plans, **plans}, ledger=ledger)


def _plan(remedy: Remedy) -> str:
    """What its plan is called where it is not there in time."""
    return f"plan {remedy.name} {remedy.scope}".strip()


def _plans(remedies: Iterable[Remedy], context: Context) -> dict[str, Callable[[], Any]]:
    """Asked for first: their reads of Lambda's control plane have to wait for one another."""
    return {_plan(each): partial(each.prepare, context) for each in remedies}


def with_leases_checked(
    found: Gathered,
    playbook: Playbook,
    context: Context,
    incidents: Incidents,
    latest: datetime | None = None,
) -> Gathered:
    """The same, with what is in force of the playbook's remedies checked: nothing is decided on a change
    that a person or a deployment has undone. `latest`: see `lease_check.refreshed`."""
    if not isinstance(found.ledger, Ledger):
        return found
    ledger = refreshed(context, incidents, playbook.remedies, found.ledger, latest=latest)
    return replace(found, ledger=ledger)


def _head(
    incidents: Incidents, incident: Any, likely: str, read: IncidentHead | ResponderError | None
) -> tuple[IncidentHead | None, ResponderError | None]:
    """What was reported of the incident before; where that cannot be read, it is reported again."""
    if not isinstance(incident, Incident):
        return None, None
    try:
        read = read if incident.id == likely else incidents.head(incident.id)
    except ResponderError as error:
        read = error
    return (None, read) if isinstance(read, ResponderError) else (read, None)


def _ledger(
    read: Any, found: Iterable[Any], now: datetime, incidents: Incidents, *, waited: bool = False
) -> Ledger | ResponderError:
    """The ledger; read once more where it does not explain what was changed just now, or where this response
    has `waited`, or did not get an answer: another response may have begun one after it was read."""
    if not isinstance(read, Ledger):
        return cast(ResponderError, read)
    answers = tuple(found)
    waited = waited or any(isinstance(each, Unreachable) for each in answers)
    changed = (each for every in answers for each in _changed(every) if now - each[1] < RECENT_CHANGE)
    if not waited and all(read.wrote(target, at) for target, at in changed):
        return read
    try:
        return incidents.ledger()
    except ResponderError as error:
        return error


def _changed(found: Any) -> Iterator[tuple[str, datetime]]:
    if isinstance(found, Plan):
        yield from found.modified.items()
    if isinstance(found, Modifications):
        yield from ((each.target, each.at) for each in found.changes if not each.by)


def key(remedy: Remedy) -> Key:
    """What a proposal calls a remedy's instance by."""
    return remedy.name, remedy.scope


def with_silences(
    switches: Switches | ResponderError,
    alarm: AlarmStatus | ResponderError | None,
    silences: Iterable[Silence] = (),
) -> Switches | ResponderError:
    """What silences the alarm now, and what silenced it when it changed its state, besides the switches."""
    if isinstance(switches, ResponderError):
        return switches
    now = alarm.silences if isinstance(alarm, AlarmStatus) else ()
    return switches.and_silences(now).and_silences(silences)


# --- why a response may only observe: the event is old or replayed, or the alarm is OK already


def event_doubts(event: AlarmEvent, now: datetime, environment: Mapping[str, str]) -> Doubts:
    """Reasons in the event itself and in the environment. A time in the future is no better than an
    old one."""
    found = list(place_doubts(environment))
    if event.redriven_by:
        found.append(Refusal.REDRIVEN(person=event.redriven_by))
    elif event.replayed:
        found.append(Refusal.REPLAYED())
    age = now - event.at
    if age > OLDEST or ahead(event, now):
        found.append(Refusal.STALE(minutes=int(age.total_seconds() // 60)))
    return tuple(found)


def ahead(event: AlarmEvent, now: datetime) -> bool:
    """Its time is in the future, by more than two clocks differ."""
    return event.at - now > _AHEAD


def alarm_doubts(alarm: AlarmStatus | ResponderError | None) -> Doubts:
    """What the alarm looks like right now; None: it was deleted."""
    if isinstance(alarm, ResponderError):
        return unread_doubts(alarm)
    if alarm is None:
        return (Refusal.ALARM_GONE(),)
    calm = {AlarmState.OK: Refusal.ALREADY_OK, AlarmState.INSUFFICIENT_DATA: Refusal.NO_DATA_NOW}
    return (calm[alarm.state](),) if alarm.state in calm else ()


def unread_doubts(alarm: AlarmStatus | ResponderError | None) -> Doubts:
    """Whether it is silenced is unknown."""
    return (Refusal.ALARM_UNREADABLE(detail=reason(alarm)),) if isinstance(alarm, ResponderError) else ()


def place_doubts(environment: Mapping[str, str]) -> Doubts:
    """`sam local invoke` with anything but a local AWS behind it: it would act on production."""
    if not environment.get("AWS_SAM_LOCAL"):
        return ()
    given = {v for name, v in environment.items() if name.startswith("AWS_ENDPOINT_URL") and v}
    # The SDK goes to production where the variable is there but empty, and where it is set to ignore it.
    ignored = environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true"
    off = ignored or not environment.get("AWS_ENDPOINT_URL") or not all(loopback(url) for url in given)
    return (Refusal.NOT_LOOPBACK(),) if off else ()


def loopback(url: str) -> bool:
    """An address of this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
