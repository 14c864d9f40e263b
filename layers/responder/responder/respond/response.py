"""One response: decide on what was gathered, guard, act, record."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from responder.aws.gateway import shared
from responder.core.assessment import track_record
from responder.core.change import Lease, LeaseState, Ledger
from responder.core.command import CommandKind
from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.refusals import Doubts, Refusal
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, Texts, text
from responder.core.verdict import AWAITED, Outcome, Proposal, Result, Verdict, coherent
from responder.evidence.base import because as because_of
from responder.evidence.base import reason
from responder.evidence.fault_rate import awaited
from responder.guards import Ends, Hold, switches_left
from responder.remedies import Remedy
from responder.respond.gather import Gathered, Key, key, with_plans
from responder.respond.playbook import Playbook
from responder.respond.proposal import (
    Executor,
    Judged,
    draft,
    held_by_rejection,
    outcome_of,
    requested,
    state_of,
)
from responder.store import Incidents, approvals

# What is on record of a proposal that nothing forbids.
_NOT_HELD = {"ends": Ends.ACT, "reason": None, "until": None, "also": ()}
_RESULTS = {Ends.ASK: Result.ASKED, Ends.OBSERVE: Result.OBSERVED, Ends.REFUSE: Result.REFUSED}
# As long as an alarm may take to show that a change helped, and a person to approve it for the next one.
_STILL_NEW = timedelta(hours=1)


def outcome(each: Judged, act: Outcome | None, ids: Mapping[Key, str], unrecorded: Text | None) -> Outcome:
    """The outcome of one proposal; `act`: of carrying it out. One that is not on record cannot be approved,
    so it is refused."""
    if act is not None and not (each.begun and act.result is Result.REFUSED):
        if not each.remedy.name.spec.table or act.result is not Result.APPLIED:
            return act
        left = text("guard.switches_left", left=max(0, switches_left(each.question) - 1))
        return replace(act, also=(left, *act.also))
    why, proposed = each.proposal.reason, each.proposal.proposed
    planned, held = each.plan.changes if each.plan else (), each.held
    if act is not None and act.because is not None:
        held = Hold(Ends.REFUSE, act.because)
    elif each.due is Ends.ASK and unrecorded is not None:
        held = Hold(Ends.REFUSE, Refusal.RECORD_FAILED(detail=unrecorded))
    if each.settled or held is None:
        return outcome_of(each.remedy, Result.ALREADY, why, changes=planned, proposed=proposed)
    interrupted = (text("guard.begun_before"),) if each.interrupted else ()
    also = (*(one.text for one in held.also), *interrupted)
    asks = held.ends is Ends.ASK
    result = _RESULTS[held.ends] if asks else _as_set(each, _RESULTS[held.ends])
    changes, id_ = planned if asks else each.begun or planned, ids.get(key(each.remedy))
    return outcome_of(each.remedy, result, why, held.reason, changes, held.until, also, id_, proposed)


def _as_set(each: Judged, otherwise: Result) -> Result:
    """What an earlier run has set, or may have, is reported as set, and not as proposed or refused."""
    state = state_of(each.begun)
    if state is LeaseState.IN_FORCE:
        return Result.ALREADY
    return Result.PARTIAL if state is LeaseState.PARTIAL or each.interrupted else otherwise


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
    warnings: Texts = ()
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
                ids, unrecorded = recording.result()
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
            ids, unrecorded = self._record(verdict, drafts, found)
        outcomes = tuple(
            _with_record(outcome(each, acts.get(key(each.remedy)), ids, unrecorded), found) for each in drafts
        )
        lost = unrecorded or next((act.unrecorded for act in acts.values() if act.unrecorded), None)
        lost = lost or self._end_requests(acts, found)
        applied = any(act.result.acted for act in acts.values())
        others = (each.because for each in outcomes if each.because and each.because.kind is Refusal.LEASED)
        meanwhile = next((str(each.values["incident"]) for each in others), "")
        linked = "" if applied else _linked(drafts, found, self.incident) or meanwhile
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
    ) -> Judged:
        """Judge it, and before an act read whether a person has rejected it."""
        made = draft(proposal, remedies, found, self.incident, doubts)
        if made.due is not Ends.ACT:
            return made
        try:
            held = held_by_rejection(self.context, self.incidents, found.head, made.remedy, made.question)
        except ResponderError as error:
            held = Hold(Ends.REFUSE, because_of(error))
        return replace(made, held=held)

    def _record(
        self, verdict: Verdict, drafts: Sequence[Judged], found: Gathered
    ) -> tuple[Mapping[Key, str], Text | None]:
        """The ids of what a person is asked, and why that is not on record where it is not. A back-test
        compares itself with what is put on record here; the weekly check reports from it what `auto` would
        have done."""
        now = self.context.now
        asked = [
            requested(each.remedy, self.incident, now, each.plan.changes)
            for each in drafts
            if each.due is Ends.ASK and each.plan is not None
        ]
        judged = [
            {
                "remedy": d.remedy.name,
                "scope": d.remedy.scope,
                "judged": d.held or _NOT_HELD,
                "in_auto": d.in_auto or _NOT_HELD,
                "settled": d.settled,
            }
            for d in drafts
        ]
        try:
            data = {"verdict": verdict, "judged": judged, "unread": found.unread(self.playbook)}
            self.incidents.record(self.incident, "verdict", data, now, asked)
        except ResponderError as error:
            return {}, reason(error)
        return {(each.remedy, each.scope): each.id for each in asked}, None

    def _act(self, drafts: Sequence[Judged]) -> dict[Key, Outcome]:
        """In sequence: each sees the ledger that the previous one has written."""
        return {
            key(each.remedy): Executor(
                self.context, self.incidents, each.remedy, each.question, each.proposal.reason
            ).apply()
            for each in drafts
            if each.due is Ends.ACT
        }

    def _end_requests(self, acts: Mapping[Key, Outcome], found: Gathered) -> Text | None:
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


def not_on_record(lost: Text | None) -> Texts:
    """The warning that something is missing from the record, and why."""
    return () if lost is None else (text("guard.unrecorded", detail=lost),)


def _set(each: Judged, act: Outcome | None) -> bool:
    """Something is set now that was not."""
    if each.plan is None or act is None:
        return False
    before = {(old.target, old.setting) for old in each.plan.changes if old.status.made}
    return any(new.status.made and (new.target, new.setting) not in before for new in act.changes)


def _linked(drafts: Sequence[Judged], found: Gathered, incident: str) -> str:
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
    if lease.state is LeaseState.REVERTING or lease.changed_by_others:
        return False
    return not lease.spec.stays or now - lease.at <= _STILL_NEW
