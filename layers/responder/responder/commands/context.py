"""What every command needs: who is meant, what is on record, how it is told."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from responder.core.cause import Cause
from responder.core.change import Change, Lease, LeaseState, Ledger, Status
from responder.core.command import Command, CommandKind, RestoreStep, RestoreVerdict
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.refusals import Because, Doubts
from responder.core.report import Report, ReportKind
from responder.core.switches import Switches
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result, Verdict
from responder.evidence import Facts
from responder.followup_rules.reverting import ENOUGH
from responder.guards import Ends, Purpose, Question, judge
from responder.messages.headline import NEWS, did, must, step_of
from responder.messages.language import duration
from responder.messages.publish import publish
from responder.remedies import Remedy
from responder.respond.gather import Gathered
from responder.respond.playbook import Playbook
from responder.respond.report import ReportContext, absent, closing, names, reasons, report
from responder.respond.response import Response, not_on_record, told
from responder.store import Incident, IncidentHead, Incidents
from responder.store.approvals import Approval

# Of an alarm that was not asked for.
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

    @property
    def why(self) -> Text:
        """Why this is done, or asked for."""
        if self.command.step is not None:
            return Text(f"duty.{self.command.step.judged}")
        return text("why.command", order=text(f"order.{self.command.order}"))

    def own_act(self) -> Question:
        """May we finish or undo what we did ourselves? The budget was paid at its start, and what is in
        flight is judged target by target, just before each write."""
        return Question(
            purpose=Purpose.TAKE_BACK,
            now=self.context.now,
            remedy=self.remedy.name,
            incident=self.incident.id,
            switches=self.switches,
            ledger=self.ledger,
            plan=None,
        )

    def held(self, question: Question) -> Because | None:
        """The guards' reason not to do it now; asking was done before a command is sent."""
        judged = judge(replace(question, doubts=self.doubts))
        return judged.reason if judged.ends in (Ends.REFUSE, Ends.OBSERVE) else None

    def spend(self, by: str = "") -> None:
        """An approval is good for one act: the same proposal, asked again, needs another one. `by`: who had
        approved what was carried out."""
        if self.command.proposal:
            self.incidents.spend(self.incident.id, self.command.proposal, self.context.now, by)

    def lease(self, *, ended: bool = False) -> Lease | None:
        """This incident's open lease of the remedy, with the scope that the remedy reads. `ended`: or the one
        that was."""
        known = (one for one in self.ledger.leases if one.incident == self.incident.id)
        mine = tuple(one for one in known if one.open or (ended and one.state is LeaseState.ENDED))
        function = _function(self.remedy, self.context)
        return next(
            (one for one in mine if one.remedy == self.remedy.name and function in ("", one.scope)), None
        )

    def outcome(
        self,
        result: Result,
        because: Because | None = None,
        changes: tuple[Change, ...] = (),
        approval: Approval | None = None,
    ) -> Outcome:
        """The one outcome of a command. `approval`: the one under which it was carried out."""
        also: tuple[Text, ...] = ()
        if approval is not None:
            at = approval.at.astimezone(UTC)
            also = (text("order.approved_by", person=approval.person, at=f"{at:%Y-%m-%dT%H:%M:%SZ}"),)
        found = told(self.remedy, result, self.why, because, changes, also=also)
        return replace(found, back=self.going_back)

    @property
    def going_back(self) -> bool:
        """It is about the way back: ordered, to be finished, or with a step of it set."""
        lease = self.lease() if self.command.order is CommandKind.CONTINUE else None
        back = lease is not None and (lease.state is LeaseState.TAKING_BACK or bool(step_of(lease)))
        return back or self.command.order is CommandKind.TAKE_BACK

    def refused(self, because: Because) -> dict[str, Any]:
        """Nothing is touched; it is told and put on record."""
        return self.tell(self.outcome(Result.REFUSED, because))

    def unchanged(self, changes: tuple[Change, ...]) -> dict[str, Any]:
        """Nothing came of it yet, so nothing is told."""
        working = {change.target: change.status.value for change in changes}
        return {"incident": self.incident.id, "results": {self.remedy.name: "unchanged"}, "changes": working}

    def once_set(self, outcome: Outcome) -> dict[str, Any]:
        """Report a way back, unless AWS still works on it: then `continue` reports it once it has taken
        effect. The sender of the command gets its result at once. After the end of its incident nothing sends
        `continue`."""
        if self.incident.closed or not under_way(outcome.changes):
            return self.tell(outcome)
        results = {f"{outcome.remedy} {outcome.scope}".strip(): outcome.result.value}
        more = {"names": names((outcome,)), "because": reasons((outcome,))}
        return {"incident": self.incident.id, "report": "", "results": results, **more}

    def tell(
        self, outcome: Outcome, unrecorded: Text | None = None, left: Lease | None = None
    ) -> dict[str, Any]:
        """Send the report of this command. `left`: the lease as it is put on record after that."""
        step = self.command.step if outcome.result is Result.ASKED else None
        desk = CommandResponder(self.playbook, self.context, self.incidents, left, step, self.alarm)
        answer = desk.tell(self.incident, outcome, unrecorded)
        if self.command.order is CommandKind.APPLY:
            from responder.respond.own_metrics import answered

            answered(self.context.settings, None, self.context.present, (outcome,))
        return answer


def under_way(changes: tuple[Change, ...]) -> bool:
    """All of it went as ordered, and AWS still works on some of it."""
    statuses = {change.status for change in changes}
    return Status.IN_PROGRESS in statuses and not any(each.not_ours for each in statuses)


def _with_step(report: Report, step: RestoreStep) -> Report:
    """The question for the next step, with how the present one went."""
    news = text("report.all", parts=(_went(report, step), *did(report), must(report)))
    if step.requests is None:
        counted = text("course.unread")
    else:
        counted = text("course.counted", requests=step.requests, faults=step.faults)
    return replace(
        report, topic=step.judged.value, course=((Text(NEWS), news), (text("course.step"), counted))
    )


def _went(report: Report, step: RestoreStep) -> Text:
    span = duration(timedelta(minutes=step.minutes))
    if step.judged is RestoreVerdict.FAILING and (step.raised or step.requests is None):
        return text("told.restore_alarm", percent=step.percent, alarm=report.alarm)
    if step.requests is None:
        return text("told.restore_unread", percent=step.percent, span=span)
    counted = {"percent": step.percent, "requests": step.requests, "faults": step.faults}
    if step.judged is RestoreVerdict.UNPROVEN:
        return text("told.restore_unproven", span=span, enough=ENOUGH, **counted)
    return Text(f"told.{step.judged}", counted)


def _function(remedy: Remedy, context: Context) -> str:
    which: Any = getattr(remedy, "which", None)
    return str(which.function(context.settings)) if which is not None else ""


@frozen
class CommandResponder:
    """Where the outcome of a command is told, also of one whose incident does not exist. `left`: a lease that
    is put on record afterwards; `step`: how the present step of the way back went, where the next is asked
    for; `alarm`: as it was read, None where it does not exist."""

    playbook: Playbook
    context: Context
    incidents: Incidents
    left: Lease | None = None
    step: RestoreStep | None = None
    alarm: AlarmStatus | ResponderError | None = NOT_READ

    def tell(
        self, incident: Incident | str, outcome: Outcome, unrecorded: Text | None = None
    ) -> dict[str, Any]:
        """Report one command's outcome with the leases that are in force after it."""
        known = incident if isinstance(incident, Incident) else None
        alarm = known.alarm if known else self.context.settings.alarm_name or self.playbook.alarm
        name, opened = (known.id, known.opened) if known else (str(incident), None)
        gathered = self._known(known)
        missing = absent(self.alarm, gathered.head, self.context.now) if known and not known.closed else None
        about = ReportContext(self.playbook, self.context, alarm, name, ReportKind.COMMAND, opened, missing)
        verdict = Verdict(Cause.COMMAND(), outcome.why)
        response = Response(verdict, (outcome,), not_on_record(unrecorded), unrecorded is not None)
        sent = report(about, gathered, response, ())
        if self.step is not None:
            sent = _with_step(sent, self.step)
        publish(self.context.aws, self.context.settings, sent)
        if known:
            return closing(sent, response, self.incidents, self.context)
        results = {outcome.remedy: outcome.result.value}
        more = {"names": names((outcome,)), "because": reasons((outcome,))}
        return {"incident": sent.incident, "report": sent.id, "results": results, **more}

    def _known(self, incident: Incident | None) -> Gathered:
        """What is in force, and what the incident was raised to; nothing was looked at."""
        ledger: Ledger | ResponderError
        try:
            ledger = self.incidents.ledger()
        except ResponderError as error:
            ledger = error
        left = self.left
        if left is not None and isinstance(ledger, Ledger):
            others = tuple(each for each in ledger.leases if each.id != left.id)
            ledger = replace(ledger, leases=(*others, left))
        facts = Facts({}, self.context.now, self.context.settings, self.context.since)
        return Gathered(facts, (), {}, Switches(), ledger, None, None, self._head(incident))

    def _head(self, incident: Incident | None) -> IncidentHead | None:
        """What it was raised to, and what is known of its alarm."""
        if incident is None:
            return None
        try:
            return self.incidents.head(incident.id)
        except ResponderError:
            log().warning("told without what is known of it", extra={"incident": incident.id})
            return None
