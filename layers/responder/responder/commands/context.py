"""What every command needs: the incident and remedy that it names, what is on record, and how it is
reported."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from responder.core.cause import Cause
from responder.core.change import Changes, Lease, LeaseState, Ledger, Status
from responder.core.command import ApprovalRequest, Command, CommandKind, RestoreStep, RestoreVerdict
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.refusals import Because, Doubts, Refusal
from responder.core.report import Report, ReportKind
from responder.core.switches import Switches
from responder.core.text import Text, Texts, text
from responder.core.timestamps import stamp
from responder.core.verdict import Outcome, Result, Verdict
from responder.evidence import Facts
from responder.followup_rules.reverting import ENOUGH
from responder.guards import Ends, Purpose, Question, judge, stop_in_force
from responder.messages.headline import NEWS, did, must
from responder.messages.language import duration
from responder.messages.publish import publish
from responder.remedies import Remedy
from responder.respond.gather import Gathered
from responder.respond.playbook import Playbook
from responder.respond.proposal import outcome_of
from responder.respond.report import absent, closing, report, results
from responder.respond.response import Responder, Response, not_on_record
from responder.store import Incident, IncidentHead, Incidents
from responder.store.approvals import Approval

# In place of the status of an alarm that was not read.
NOT_READ = ResponderError("not read")


@frozen
class CommandContext:
    """A command whose incident and remedy were found, with what is on record now."""

    playbook: Playbook
    context: Context
    incidents: Incidents
    command: Command
    incident: Incident
    remedy: Remedy
    switches: Switches | None
    ledger: Ledger
    doubts: Doubts = ()
    alarm: AlarmStatus | ResponderError | None = NOT_READ
    record: Text | None = None

    @property
    def why(self) -> Text:
        """Why this is done, or asked for."""
        step = self.command.step
        return why_of(self.command.order) if step is None else Text(f"duty.{step.judged}")

    def own_act(self, purpose: Purpose = Purpose.REVERT) -> Question:
        """May we finish or undo what we did ourselves? The budget was paid at its start, and what is in
        flight is judged target by target, just before each write."""
        return Question(
            purpose=purpose,
            now=self.context.now,
            remedy=self.remedy.name,
            incident=self.incident.id,
            switches=self.switches,
            ledger=self.ledger,
            plan=None,
        )

    def held(self, question: Question) -> Because | None:
        """The guards' reason not to do it now; asking was done before a command is sent."""
        held = judge(replace(question, doubts=self.doubts))
        return None if held is None or held.ends is Ends.ASK else held.reason

    def spend(self, by: str = "") -> None:
        """An approval is good for one act: the same proposal, asked again, needs another one. `by`: who had
        approved what was carried out."""
        if self.command.proposal:
            self.incidents.spend(self.incident.id, self.command.proposal, self.context.now, by)

    def lease(self, *, ended: bool = False) -> Lease | None:
        """This incident's open lease of the remedy, with the scope that the remedy reads. `ended`: or the one
        that was."""
        function: Any = getattr(self.remedy, "function", None)
        name = str(function.deployed_name(self.context.settings)) if function is not None else ""
        before = self.ledger.ended_of(self.incident.id) if ended else ()
        mine = (
            one
            for one in (*self.ledger.of_incident(self.incident.id), *before)
            if one.remedy == self.remedy.name
        )
        return next((one for one in mine if name in ("", one.scope)), None)

    def outcome(
        self,
        result: Result,
        because: Because | None = None,
        changes: Changes = (),
        approval: Approval | None = None,
    ) -> Outcome:
        """The one outcome of a command. `approval`: the one under which it was carried out."""
        given: Texts = ()
        if approval is not None:
            at = approval.at.astimezone(UTC)
            given = (text("order.approved_by", person=approval.person, at=f"{at:%Y-%m-%dT%H:%M:%SZ}"),)
        # It is about the revert: ordered, to be finished, or with a step of it set.
        lease = self.lease() if self.command.order is CommandKind.FINISH else None
        back = lease is not None and (lease.state is LeaseState.REVERTING or bool(lease.step))
        found = outcome_of(self.remedy, result, self.why, because, changes)
        back = back or self.command.order is CommandKind.REVERT
        return replace(found, back=back, on_approval=given, record=self.record if result.acted else None)

    def refused(self, because: Because) -> Json:
        """Nothing is touched; it is reported and put on record. Where one person has approved and another
        one has to, the message names the request again, with what it changes."""
        waiting = self._asked() if because.kind is Refusal.ONE_MORE else ()
        changes = tuple(change for each in waiting for change in each.changes)
        return self.report(self.outcome(Result.REFUSED, because, changes), waiting=waiting)

    def _asked(self) -> tuple[ApprovalRequest, ...]:
        """The request that this command is about; none where it cannot be read."""
        try:
            asked = self.incidents.asked(self.incident.id, self.command.proposal)
        except ResponderError:
            log().warning("reported without its request", extra={"incident": self.incident.id})
            return ()
        return () if asked is None else (asked,)

    def unchanged(self, changes: Changes) -> Json:
        """The result of a command without an outcome yet; nothing is reported."""
        working = {change.target: change.status.value for change in changes}
        return {"incident": self.incident.id, "results": {self.remedy.name: "unchanged"}, "changes": working}

    def once_set(self, outcome: Outcome) -> Json:
        """Report a revert, unless AWS still works on it: then `finish` reports it once it has taken
        effect. The sender of the command gets its result immediately. After the end of its incident nothing
        sends `finish`."""
        if self.incident.closed or not under_way(outcome.changes):
            return self.report(outcome)
        return {"incident": self.incident.id, "report": "", **results((outcome,))}

    def report(
        self,
        outcome: Outcome,
        unrecorded: Text | None = None,
        left: Lease | None = None,
        waiting: tuple[ApprovalRequest, ...] = (),
    ) -> Json:
        """Send the report of this command. `left`: the lease as it is put on record after that; `waiting`:
        requests that a person can still answer."""
        step = self.command.step if outcome.result is Result.ASKED else None
        here = self.playbook, self.context, self.incidents, self.incident
        found = self.alarm, waiting, self.switches
        answer = report_outcome(*here, outcome, unrecorded, left, step, *found)
        if self.command.order is CommandKind.APPLY:
            from responder.respond.own_metrics import answered

            answered(self.context.settings, None, self.context.present, (outcome,))
        return answer


def why_of(order: CommandKind) -> Text:
    """Why something is done: the command that asked for it."""
    return text("why.command", order=text(f"order.{order}"))


def under_way(changes: Changes) -> bool:
    """Whether everything went as ordered, and AWS still works on part of it."""
    statuses = {change.status for change in changes}
    return Status.IN_PROGRESS in statuses and not any(each.not_ours for each in statuses)


def report_outcome(  # noqa: PLR0913  one value per part of the report
    playbook: Playbook,
    context: Context,
    incidents: Incidents,
    incident: Incident | str,
    outcome: Outcome,
    unrecorded: Text | None = None,
    left: Lease | None = None,
    step: RestoreStep | None = None,
    alarm: AlarmStatus | ResponderError | None = NOT_READ,
    waiting: tuple[ApprovalRequest, ...] = (),
    switches: Switches | None = None,
) -> Json:
    """Report the outcome of one command, also of one whose incident does not exist, with the leases that are
    in force after it.

    `left`: a lease that is put on record afterwards; `step`: how the present step of the revert went, where
    the next is asked for; `alarm`: as it was read, None where it does not exist; `waiting`: requests that a
    person can still answer; `switches`: None where they were not read."""
    known = incident if isinstance(incident, Incident) else None
    name = known.alarm if known else context.settings.alarm_name or playbook.alarm
    found = _on_record(context, incidents, known, left)
    missing = absent(alarm, found.head, context.now) if known and not known.closed else None
    by = Responder(playbook, context, incidents, known.id if known else str(incident), name)
    response = Response(
        _decided(found.head, outcome), (outcome,), not_on_record(unrecorded), unrecorded is not None
    )
    sent = report(by, found, response, (), context.since, ReportKind.COMMAND, missing)
    sent = replace(sent, waiting=waiting)
    if isinstance(alarm, AlarmStatus):
        sent = replace(sent, state=alarm.state)
    if switches is not None:
        sent = replace(sent, stop=stop_in_force(switches, context.now), answered=switches.answered)
    sent = sent if step is None else _with_step(sent, step)
    publish(context.aws, context.settings, sent)
    if known:
        return closing(sent, response, incidents, context)
    return {"incident": sent.incident, "report": sent.id, **results((outcome,))}


def _decided(head: IncidentHead | None, outcome: Outcome) -> Verdict:
    """The cause that was found last, with its time; where none is on record, that a command was given."""
    made = head.decision if head is not None else None
    if made is None:
        return Verdict(Cause.COMMAND(), outcome.why)
    return Verdict(made.cause, text("why.as_of", at=stamp(made.at), why=made.why))


def _on_record(
    context: Context, incidents: Incidents, incident: Incident | None, left: Lease | None
) -> Gathered:
    """What is in force, the level of the incident, and what is known of its alarm; nothing is looked
    at."""
    ledger: Ledger | ResponderError
    try:
        ledger = incidents.ledger()
        if left is not None:
            others = tuple(each for each in ledger.leases if each.id != left.id)
            ledger = replace(ledger, leases=(*others, left))
    except ResponderError as error:
        ledger = error
    head: IncidentHead | None = None
    try:
        head = incidents.head(incident.id) if incident is not None else None
    except ResponderError:
        log().warning(
            "reported without what is known of it", extra={"incident": incident.id if incident else ""}
        )
    facts = Facts({}, context.now, context.settings, context.since)
    return Gathered(facts, (), {}, Switches(), ledger, incident, None, head)


def _with_step(report: Report, step: RestoreStep) -> Report:
    """The question for the next step, with how the present one went."""
    first = must(report)
    parts = (_went(report, step), *did(report), *((first,) if first is not None else ()))
    news = text("report.all", parts=parts)
    counted = text("course.unread")
    if step.requests is not None:
        counted = text("course.counted", requests=step.requests, faults=step.faults)
    course = (Text(NEWS), news), (text("course.step"), counted)
    return replace(report, topic=step.judged.value, course=course)


def _went(report: Report, step: RestoreStep) -> Text:
    span = duration(timedelta(minutes=step.minutes))
    if step.judged is RestoreVerdict.FAILING and (step.raised or step.requests is None):
        return text("followup.restore_alarm", percent=step.percent, alarm=report.alarm)
    if step.requests is None:
        return text("followup.restore_unread", percent=step.percent, span=span)
    counted = {"percent": step.percent, "requests": step.requests, "faults": step.faults}
    if step.judged is RestoreVerdict.UNPROVEN:
        return text("followup.restore_unproven", span=span, enough=ENOUGH, **counted)
    return Text(f"followup.{step.judged}", counted)
