"""show and tail: one incident, whole, or its new steps as they come."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from liveness_ops.console import polling
from liveness_ops.console.incidents import gone_since, state_of
from liveness_ops.console.leases import end, stamp_of, warn
from liveness_ops.console.pauses import ahead, read_switches
from liveness_ops.console.pauses import line as pause_line
from liveness_ops.people.exits import EarlyExit
from liveness_ops.people.named import meant
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.proposals import WAITING, proposals, value
from responder.core.change import Lease, Leases
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.liveness_function import scope_of
from responder.core.plain_data import Data, Json
from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, Values, text
from responder.core.timestamps import stamp
from responder.followup_rules.seen import OpenRequest
from responder.incident_report import entries
from responder.incident_report.build import build
from responder.incident_report.json_report import machine, proposal
from responder.incident_report.model import AlarmMetric, IncidentReport, TimelineEntry
from responder.incident_report.reading import mapped, when, word
from responder.incident_report.timeline import in_order, lock
from responder.incident_report.words import became, decisions
from responder.messages.json_report import both, moment
from responder.messages.requests import asked_for, name
from responder.messages.steps import with_values
from responder.store import Incident, IncidentHead, TimelineStep
from responder.store.approvals import ACK, acknowledgements, rows
from responder.store.rows import pack
from responder.store.switches import known

# Entries that a reader would take for the end of an open incident.
_END = "closed"
_LAST = 10


@frozen
class Found:
    """An incident that is still stored. `incident` None: its alarm has had another one since, so it is
    closed. `head` None: it was never answered."""

    id: str
    incident: Incident | None
    head: IncidentHead | None

    @property
    def closed(self) -> bool:
        """Whether the incident is closed."""
        return self.incident is None or self.incident.closed


def _find(session: OperatorSession, incident: str) -> Found:
    """Raises EarlyExit where there never was such an incident."""
    found = Found(incident, session.incidents.find(incident), session.incidents.head(incident))
    if found.incident is None and found.head is None:
        raise EarlyExit.declined(DeclineReason.UNKNOWN_INCIDENT(incident=incident))
    return found


# --- show ----------------------------------------------------------------------------------------


def show(session: OperatorSession, incident: str) -> Json:
    """Open or closed: as the incident report has it (docs/incident-json.md), and the current state. No
    metric is asked for."""
    found = _find(session, meant(session, incident, closed=True))
    incident, head = found.id, found.head
    if head is None:
        raise EarlyExit.declined(DeclineReason.INCIDENT_UNANSWERED(incident=incident))
    leases, asked = session.incidents.ledger().leases, proposals(session, found.id)
    mine = tuple(each for each in leases if each.open and each.incident == found.id)
    steps = session.incidents.steps(found.id)
    report = _report(session, found, head, steps, leases, asked)
    messages = [_message(each) for each in steps if each.kind == "reported"]
    # Everything is read before the first line is shown, so that a refused call is the only line.
    commands = [*_next(session, found, report, mine, asked)]
    warn(session, mine)
    session.screen.card(text("ops.card", incident=found.id), _card(found, head, report))
    in_force = [line for each in mine for line in _lease(session, each)]
    for title, lines in (
        ("ops.next", commands),
        *_sections(report, in_force, asked, found.closed),
    ):
        shown = list(lines)
        session.screen.say(text("ops.section", title=Text(title)), style="bold")
        session.screen.say(*(shown or [text("ops.none")]))
    data = machine(report)
    if not found.closed:
        data["times"]["closed"] = data["seconds"]["closing"] = None
        data["follow_up_actions"] = []
    del data["metric"]
    return {
        **data,
        "closed": found.closed,
        "alarm_gone_since": moment(gone_since(head)),
        "state": found.incident.state if found.incident else None,
        "level": head.remembered.level,
        "in_force": [f"{each.remedy}#{each.scope}" for each in mine],
        "proposals": [proposal(each) for each in asked],
        "messages": messages,
    }


def _report(  # noqa: PLR0913 - all that is on record
    session: OperatorSession,
    found: Found,
    head: IncidentHead,
    steps: tuple[TimelineStep, ...],
    leases: Leases,
    asked: tuple[OpenRequest, ...],
) -> IncidentReport:
    """The incident report with all current acknowledgements, even those that the follow-up has not seen;
    without an end if there is none yet."""
    now = last = session.clock()
    if found.closed:
        closing = [one.at for one in steps if one.kind == "duty" and mapped(one.data).get("task") == "close"]
        last = max(closing or [one.at for one in steps] or [head.opened])
    report = build(steps, head, head.remembered, leases, AlarmMetric(), last, asked)
    fresh = acknowledgements(
        rows(session.aws, session.settings.approvals_table, f"{ACK}{head.incident}"),
        head.opened,
        session.me.people,
        now,
    )
    by = {each.person: at for each in fresh if (at := when(each.at)) is not None}
    acknowledged = sorted({**dict(report.acknowledgements), **by}.items(), key=lambda each: each[1])
    timeline = tuple(each for each in report.timeline if found.closed or each.kind != _END)
    # On record the steps are without the contact of level 2 and the like.
    manual = with_values(report.manual, known(session.aws, session.settings).settings)
    return replace(
        report,
        acknowledgements=tuple(acknowledged),
        timeline=timeline,
        manual=manual,
        console=session.settings.console,
        open=not found.closed,
    )


def _message(step: TimelineStep) -> Data:
    data = mapped(step.data)
    level = data.get("level")
    report = {"report": word(data.get("report")), "level": level if isinstance(level, int) else None}
    return {"at": moment(step.at), **report, "results": dict(mapped(data.get("results")))}


def _card(found: Found, head: IncidentHead, report: IncidentReport) -> Iterator[tuple[Text, Text | str]]:
    yield text("ops.col_alarm"), head.alarm
    yield text("ops.col_severity"), Text(f"severity.{head.severity}")
    yield text("ops.col_since"), stamp_of(head.opened)
    yield text("ops.col_state"), state_of(found.incident, head)
    yield text("ops.col_level"), Text(f"level.{head.remembered.level}")
    acks = [text("ops.ack", person=who, at=stamp(at)) for who, at in report.acknowledgements]
    yield text("ops.col_by"), text("ops.joined", parts=tuple(acks)) if acks else "–"


def _sections(
    report: IncidentReport,
    in_force: list[Text],
    asked: tuple[OpenRequest, ...],
    closed: bool,
) -> Iterator[tuple[str, Iterable[Text]]]:
    yield "ops.timeline", (part for each in report.timeline for part in _lines(each))
    yield (
        "ops.causes",
        (text("ops.cause", at=stamp(each.at), cause=each.cause, why=each.why) for each in report.causes),
    )
    yield (
        "ops.findings",
        (text("ops.finding", tone=Text(f"tone.{each.tone}"), said=each.said) for each in report.findings),
    )
    yield "ops.in_force", in_force
    yield "ops.proposals", (part for each in asked for part in _asked(each))
    if closed:
        yield "ops.open_items", (text("ops.debt", said=each.said) for each in report.open_items)


def _next(
    session: OperatorSession,
    found: Found,
    report: IncidentReport,
    mine: Iterable[Lease],
    asked: Iterable[OpenRequest],
) -> Iterator[Text]:
    """The commands that are possible now."""

    def line(what: Text, command: str, *words: str) -> Text:
        return text("ops.next_line", what=what, command=session.typed(command, found.id, *words))

    if not found.closed and not report.acknowledgements:
        yield line(text("ops.next_ack"), "ack")
    for each in asked:
        if each.answer in WAITING:
            yield line(text("ops.next_approve", remedy=asked_for(each.asked)), "approve", each.asked.id)
            yield line(text("ops.next_reject"), "reject", each.asked.id, '--reason "…"')
    for lease in mine:
        if not lease.spec.can_revert or lease.state.going_back:
            continue
        scope = scope_of(lease.scope, session.settings)
        words = (lease.remedy, *([f"--scope {scope}"] if scope else []))
        yield line(text("ops.next_revert", remedy=name(lease.remedy, scope)), "revert", *words)
    yield from _trust(session, found, {each.remedy for each in mine} | {each.asked.remedy for each in asked})


def _trust(session: OperatorSession, found: Found, known: Set[str]) -> Iterator[Text]:
    """Which remedies of this incident are only asked for, why, and how that ends."""
    done = found.head.decision.done if found.head and found.head.decision else ()
    known = known | {each.remedy for each in done}
    for stop in ahead(read_switches(session).stops, session.clock()):
        if stop.asks in known:
            typed = session.typed("resume", stop.name)
            yield text("ops.next_line", what=pause_line(stop, session.clock()), command=typed)


def _lease(session: OperatorSession, lease: Lease) -> Iterator[Text]:
    """A lease: what it is, until when, and on which targets if its scope does not name them."""
    ends = Text(f"lease.{lease.state}") if lease.state.going_back else end(lease, session.clock())
    yield text("ops.lease", remedy=name(lease.remedy), scope=lease.scope, end=ends)
    targets = dict.fromkeys(each.target for each in lease.changes if each.target != lease.scope)
    if targets:
        yield text("ops.detail", said=", ".join(targets))


def _asked(each: OpenRequest) -> Iterator[Text]:
    yield text("ops.asked", id=each.asked.id, said=became(each))
    if each.answer in WAITING:
        yield from (text("ops.detail", said=value(change)) for change in each.asked.changes)
        yield text("ops.detail", said=text("ops.valid_until", at=stamp(each.asked.expires)))
    yield from (text("ops.detail", said=said) for said in decisions(each))


def _lines(entry: TimelineEntry) -> Iterator[Text]:
    """A row of the timeline, and what belongs to it."""
    known: Values = {AUTOMATION: text("lease.automation"), CLOUDWATCH: "CloudWatch"}
    by = known.get(entry.by, entry.by or "–")
    yield text("ops.entry", at=stamp(entry.at), by=by, said=entry.said)
    yield from (text("ops.detail", said=each) for each in entry.details)


# --- tail ----------------------------------------------------------------------------------------


def tail(session: OperatorSession, incident: str) -> Json:
    """The last ten first, until the incident is closed; for machines one line per step. A failed read is
    reported and repeated.

    A response records its steps with the time at which it began, so a new one may be older than what was
    shown: each is known by its content.
    """
    incident = meant(session, incident, closed=True)
    found = _find(session, incident)
    seen: set[str] = set()
    _say(session, incident, _new(session.incidents.steps(found.id), seen)[-_LAST:])
    try:
        while not found.closed and not session.screen.lost.is_set():
            polling.wait()
            try:
                # Read whether it is open before its steps, so that no step before the end is missed.
                found = _find(session, incident)
                _say(session, incident, _new(session.incidents.steps(found.id), seen))
            except AwsError as error:
                session.screen.say(text("ops.not_looked", call=str(error)), style="yellow")
        closed = found.closed
    except KeyboardInterrupt:
        closed = False
    if closed:
        session.screen.say(text("ops.over", incident=incident), style="green")
    return {"incident": incident, "closed": closed, "steps": len(seen)}


def _new(steps: Iterable[TimelineStep], seen: set[str]) -> list[TimelineStep]:
    named = {f"{each.at.isoformat()} {each.kind} {pack(each.data)}": each for each in steps}
    new = [each for name, each in named.items() if name not in seen]
    seen.update(named)
    new = list(in_order(new))
    return [each for place, each in enumerate(new) if not lock(each, new[place + 1 :])]


def _say(session: OperatorSession, incident: str, steps: Iterable[TimelineStep]) -> None:
    known = [(step, entries.action(step)) for step in steps]
    # A step names a proposal by its id only.
    asked = proposals(session, incident) if any(done for _, done in known) else ()
    for step, done in known:
        row = entries.action_entry(done, asked) if done is not None else entries.entry(step)
        session.screen.say(*_lines(row))
        session.screen.result(
            {
                "at": moment(row.at),
                "kind": row.kind,
                "by": row.by or None,
                "said": both(row.said),
                "details": [both(one) for one in row.details],
            }
        )
