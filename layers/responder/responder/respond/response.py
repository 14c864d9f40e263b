"""One response: decide on what was gathered, guard, act, record."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from responder.aws.shared import shared
from responder.core.approval_request import ApprovalRequest, fingerprint
from responder.core.assessment import track_record
from responder.core.change import Change, Lease, LeaseState, Ledger
from responder.core.command import CommandKind
from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.modes import Effect
from responder.core.refusals import Because, Doubts, Refusal
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, text
from responder.core.verdict import AWAITED, Outcome, Proposal, Result, Verdict, WrittenChange, coherent
from responder.evidence.awaited import awaited
from responder.evidence.base import because as because_of
from responder.evidence.base import reason
from responder.guards import Ends, Judgement, switches_left
from responder.remedies import Remedy
from responder.respond.execute import Execution, Executor, state_of
from responder.respond.gather import Gathered, Key, key, with_plans
from responder.respond.judge import JudgedProposal, draft, held_by_rejection
from responder.respond.playbook import Playbook
from responder.store import Incidents, approvals

_RESULTS = {Ends.OBSERVE: Result.OBSERVED, Ends.REFUSE: Result.REFUSED}
# As long as an alarm may take to show that a change helped, and a person to approve it for the next one.
_STILL_NEW = timedelta(hours=1)


def outcome_of(  # noqa: PLR0913  one line per column of an outcome
    remedy: Remedy,
    result: Result,
    why: Text,
    because: Because | None,
    changes: tuple[Change, ...],
    until: datetime | None = None,
    also: tuple[Text, ...] = (),
    approval: str | None = None,
    proposed: tuple[WrittenChange, ...] = (),
) -> Outcome:
    """An outcome of this remedy; what was applied says how to undo it."""
    # A repair sets the value that the CDK definition has.
    repairs = remedy.name.spec.effect is Effect.RESTORES
    drift = (text("change.drift"),) if result.acted and not repairs else ()
    return Outcome(
        remedy=remedy.name,
        scope=remedy.scope,
        result=result,
        why=why,
        because=because,
        until=until,
        also=(*also, *drift),
        changes=changes,
        approval=approval,
        undo=text(f"remedy.undo.{remedy.name}") if result.in_force else None,
        lowers_security=remedy.name.spec.lowers_security,
        proposed=proposed,
    )


def outcome(
    each: JudgedProposal, act: Execution | None, ids: Mapping[str, str], unrecorded: Text | None
) -> Outcome:
    """The outcome of one proposal. One that is not on record cannot be approved, so it is refused."""
    judged, changes = each.judgement, each.plan.changes if each.plan else ()
    result, because, until = _RESULTS.get(judged.ends, Result.REFUSED), judged.reason, judged.until
    also, approval = tuple(one.text for one in judged.also), None
    interrupted = (text("guard.begun_before"),) if each.interrupted else ()
    half_done = False
    if act is not None:
        half_done = act.result is Result.REFUSED and bool(each.begun)
        result, because, until, also = act.result, act.because, None, ()
        changes = changes if half_done else act.changes
        if each.remedy.name.spec.table and act.result is Result.APPLIED:
            also = (text("guard.switches_left", left=max(0, switches_left(each.question) - 1)),)
    elif each.settled:
        result, because, until, also = Result.ALREADY, None, None, ()
    elif judged.ends is Ends.ASK and unrecorded is None:
        result, approval = Result.ASKED, ids.get(each.remedy.name + each.remedy.scope)
        also = (*also, *interrupted)
    else:
        half_done = True
        if judged.ends is Ends.ASK:
            because, until, also = Refusal.RECORD_FAILED(detail=unrecorded or ""), None, ()
    if half_done:
        changes, also = each.begun or changes, (*also, *interrupted)
        result = _as_set(each, result)
    why, proposed = each.proposal.reason, each.proposal.proposed
    return outcome_of(each.remedy, result, why, because, changes, until, also, approval, proposed)


def _as_set(each: JudgedProposal, otherwise: Result) -> Result:
    """What an earlier run has set, or may have, is reported as set, and not as proposed or refused."""
    state = state_of(each.begun)
    if state is LeaseState.IN_FORCE:
        return Result.ALREADY
    return Result.PARTIAL if state is LeaseState.PARTIAL or each.interrupted else otherwise


def asked_for(each: JudgedProposal, incident: str, now: datetime) -> ApprovalRequest | None:
    """The proposal to put before a person, where the guards say ask."""
    if each.judgement.ends is not Ends.ASK or each.plan is None or each.settled:
        return None
    return requested(each.remedy, incident, now, each.plan.changes)


def requested(remedy: Remedy, incident: str, now: datetime, changes: tuple[Change, ...]) -> ApprovalRequest:
    """The proposal to make these changes."""
    return ApprovalRequest(
        id=fingerprint(incident, remedy.name, changes),
        incident=incident,
        remedy=remedy.name,
        scope=remedy.scope,
        effect=remedy.name.spec.effect,
        at=now,
        changes=changes,
    )


@frozen
class Response:
    """What was concluded and done.

    Attributes:
        unrecorded: something was applied, and not all of it is on record.
        linked: the incident whose remedy on the same target serves this one as well.
        acted: something is set now that was not.
    """

    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    warnings: tuple[Text, ...] = ()
    unrecorded: bool = False
    linked: str = ""
    acted: bool = False


@frozen
class Responder:
    """One playbook that answers for one incident of one alarm."""

    playbook: Playbook
    context: Context
    incidents: Incidents
    incident: str
    alarm: str

    def respond(self, found: Gathered, doubts: Doubts) -> Response:
        """Decide and carry out. What is asked of a person is on record before it is reported."""
        verdict = coherent(self.playbook.decide(found.facts), found.findings)
        remedies = {key(remedy): remedy for remedy in self.playbook.remedies}
        early = [one for one in verdict.proposals if (one.remedy, one.scope) in found.plans]
        late = [one for one in verdict.proposals if one not in early]
        drafts = [self._draft(one, remedies, found, doubts) for one in early]
        if not late:
            with ThreadPoolExecutor(1) as pool:
                recording = pool.submit(self._record, verdict, drafts, found)
                acts = self._act(drafts)
                asked, unrecorded = recording.result()
        else:
            # Planned after the act, which needs the requests that Lambda allows. What was read before a write
            # counts no more.
            acts = self._act(drafts)
            asking = shared(self.context) if acts or found.context is None else found.context
            wanted = [remedies[one.remedy, one.scope] for one in late]
            found = with_plans(found, wanted, asking, self.incidents)
            more = [self._draft(one, remedies, found, doubts) for one in late]
            acts |= self._act(more)
            drafts = sorted([*drafts, *more], key=lambda each: verdict.proposals.index(each.proposal))
            asked, unrecorded = self._record(verdict, drafts, found)
        ids = {one.remedy + one.scope: one.id for one in asked} if unrecorded is None else {}
        outcomes = tuple(
            _with_record(outcome(each, acts.get(key(each.remedy)), ids, unrecorded), found) for each in drafts
        )
        lost = unrecorded or next((act.unrecorded for act in acts.values() if act.unrecorded), None)
        lost = lost or self._end_requests(acts, found)
        applied = any(act.result.acted for act in acts.values())
        linked = "" if applied else _linked(drafts, found, self.incident) or _overtaken(outcomes)
        warnings = (Refusal.LINKED(incident=linked).text,) if linked else ()
        if not (doubts or linked or any(each.result.in_force for each in outcomes)):
            verdict = replace(verdict, awaits=awaited(found.facts, verdict.proposals))
        if verdict.awaits and self.context.now - self.context.since < AWAITED:
            warnings = (*warnings, text("report.awaits"))
        acted = any(_set(each, acts.get(key(each.remedy))) for each in drafts)
        unsaid = lost is not None and applied
        return Response(verdict, outcomes, (*warnings, *not_on_record(lost)), unsaid, linked, acted)

    def _draft(
        self, proposal: Proposal, remedies: Mapping[Key, Remedy], found: Gathered, doubts: Doubts
    ) -> JudgedProposal:
        """Judge it, and before an act read whether a person has rejected it."""
        made = draft(proposal, remedies, found, self.incident, doubts)
        if made.judgement.ends is not Ends.ACT or made.settled:
            return made
        try:
            held = held_by_rejection(self.context, self.incidents, found.head, made.remedy, made.question)
        except ResponderError as error:
            held = Judgement(Ends.REFUSE, because_of(error))
        return made if held is None else replace(made, judgement=held)

    def _record(
        self, verdict: Verdict, drafts: Sequence[JudgedProposal], found: Gathered
    ) -> tuple[list[ApprovalRequest], Text | None]:
        """What a person is asked, and why it is not on record where it is not. A back-test compares itself
        with what is put on record here, and the weekly check reports from it what `auto` would have done."""
        now = self.context.now
        asked = [one for each in drafts if (one := asked_for(each, self.incident, now)) is not None]
        judged = [
            {
                "remedy": d.remedy.name,
                "scope": d.remedy.scope,
                "judged": d.judgement,
                "in_auto": d.in_auto,
                "settled": d.settled,
            }
            for d in drafts
        ]
        try:
            data = {"verdict": verdict, "judged": judged, "unread": found.unread(self.playbook)}
            self.incidents.record(self.incident, "verdict", data, now, asked)
        except ResponderError as error:
            return asked, reason(error)
        return asked, None

    def _act(self, drafts: Sequence[JudgedProposal]) -> dict[Key, Execution]:
        """In sequence: each sees the ledger that the previous one has written."""
        return {
            key(each.remedy): Executor(self.context, self.incidents, each.remedy, each.question).apply()
            for each in drafts
            if each.judgement.ends is Ends.ACT and not each.settled and each.plan is not None
        }

    def _end_requests(self, acts: Mapping[Key, Execution], found: Gathered) -> Text | None:
        """What a person was asked before, and was applied without an answer just now, is open no more. Why
        that is not on record, if it is not."""
        made = [(CommandKind.APPLY, *remedy) for remedy, act in acts.items() if act.result.acted]
        if found.head is None or not made:
            return None
        now = self.context.now
        try:
            for asked in self.incidents.proposals(self.incident):
                waits = asked.expires >= now and not approvals.spent(asked)
                if waits and (asked.order, asked.remedy, asked.scope) in made:
                    self.incidents.spend(self.incident, asked.id, now, AUTOMATION)
        except ResponderError as error:
            return reason(error)
        return None


def _with_record(made: Outcome, found: Gathered) -> Outcome:
    """Add the remedy's record to what was applied or requested."""
    said = made.result.acted or made.result is Result.ASKED
    if not said or found.assessments is None:
        return made
    return replace(made, record=track_record(found.assessments, made.remedy, found.facts.now).text)


def not_on_record(lost: Text | None) -> tuple[Text, ...]:
    """The warning that something is missing from the record, and why."""
    return () if lost is None else (text("guard.unrecorded", detail=lost),)


def _set(each: JudgedProposal, act: Execution | None) -> bool:
    """Something is set now that was not."""
    if each.plan is None or act is None:
        return False
    before = {(old.target, old.setting) for old in each.plan.changes if old.status.made}
    return any(new.status.made and (new.target, new.setting) not in before for new in act.changes)


def _overtaken(outcomes: Sequence[Outcome]) -> str:
    """Another response acted after this one had read what is in force."""
    reasons = (each.because for each in outcomes if each.because and each.because.kind is Refusal.LEASED)
    return next((str(reason.values["incident"]) for reason in reasons), "")


def _linked(drafts: Sequence[JudgedProposal], found: Gathered, incident: str) -> str:
    """The outcome if the same remedy on the same target is already in force for another incident."""
    ledger = found.ledger if isinstance(found.ledger, Ledger) else Ledger()
    if ledger.of_incident(incident):
        # An incident with its own remedy is not linked: otherwise two could wait for each other.
        return ""
    leases = (ledger.lease(each.remedy.name, each.plan.scope) for each in drafts if each.plan is not None)
    others = (one.incident for one in leases if one is not None and serves(one, found.facts.now))
    return next((other for other in others if other != incident), "")


def serves(lease: Lease, now: datetime) -> bool:
    """What another incident has in force is an answer to this fault as well: what stays for good, only while
    it is new. What is being reverted, or was changed in part by others, does not answer it."""
    if lease.state is LeaseState.REVERTING or lease.overtaken:
        return False
    return not lease.stays or now - lease.at <= _STILL_NEW
