"""Finish an act that no person approved: before its next write it is judged once more, on fresh evidence.

A release through an alias comes half a minute or more after the act was decided. Until then a person may
have set another mode, and calls may be throttled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock
from typing import Any

from responder.commands.context import CommandContext
from responder.core.approval_request import ApprovalRequest, fingerprint
from responder.core.change import Change, Lease, Status
from responder.core.coherence import coherent
from responder.core.context import Gateway, reads
from responder.core.errors import Stopped
from responder.core.modes import Mode
from responder.core.reasons import FailureKind
from responder.core.refusals import Because, Refusal
from responder.core.verdict import Proposal
from responder.evidence import Facts
from responder.evidence.failures import Failures
from responder.evidence.invocations import Invocations
from responder.guards import Ends, Judgement, Purpose, Question, judge, stopping
from responder.respond import judge as prior_decisions
from responder.respond import observe_only
from responder.respond.gather import gather, key, with_plans
from responder.respond.judge import draft
from responder.respond.playbook import Playbook

# For so long after the act was begun, what could not be read is read again; then a person is asked.
PATIENCE = timedelta(minutes=5)


@dataclass(slots=True)
class JudgedWrites:
    """The gateway that such an act is finished through. Reads pass; the first write has the act judged, and
    none is sent where it may not be finished automatically.

    Attributes:
        judgement: None where nothing had to be written.
        later: why nothing is decided now: a stop, or something could not be read. It stays in progress.
    """

    aws: Gateway
    ordered: CommandContext
    lease: Lease
    judgement: Judgement | None = None
    later: Because | None = None
    _lock: Lock = field(default_factory=Lock)

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """Raises Stopped for a write that was not sent."""
        if not reads(operation):
            with self._lock:
                if self.judgement is None:
                    self.judgement, self.later = _judged(self.ordered, self.lease)
            if self.reason is not None:
                raise Stopped(service, operation, self.reason)
        return self.aws.call(service, operation, **arguments)

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """Only reads have pages."""
        return self.aws.pages(service, operation, **arguments)

    @property
    def reason(self) -> Because | None:
        """Why it may not be finished automatically; None where it may, or need not be known."""
        if self.judgement is None or self.judgement.ends is Ends.ACT:
            return None
        return self.judgement.reason or Refusal.CAPPED_BY_EVIDENCE()

    def kept_back(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """What was not released: `continue` is not sent for it any more; a new decision or an approval
        finishes it."""
        reason = self.reason
        if reason is None:
            return changes

        def one(change: Change) -> Change:
            note = FailureKind.NOT_RELEASED(target=change.target, reason=reason.text)
            return replace(change, status=Status.FAILED, note=note) if change.note == reason else change

        return tuple(map(one, changes))


def _judged(ordered: CommandContext, lease: Lease) -> tuple[Judgement, Because | None]:
    """By the stops, the modes, the alarm and the evidence of now; and why to judge it again later."""
    remedy, incident = ordered.remedy, ordered.incident
    context = replace(ordered.context, since=incident.opened, parameters=None)
    found = gather(
        ordered.playbook, context, incident.alarm, ordered.incidents, lambda: incident, incident.id
    )
    refused = prior_decisions.rejected(found.head, remedy.name, lease.plan, incident.id)
    if refused is not None:
        return Judgement(Ends.REFUSE, refused), None
    verdict = coherent(ordered.playbook.decide(found.facts), found.findings)
    mine = (each for each in verdict.proposals if (each.remedy, each.scope) == key(remedy))
    # What the evidence does not propose any more, a person decides.
    proposal = next(mine, Proposal(remedy.name, ordered.why, Mode.APPROVE, scope=remedy.scope))
    throttled = proposal.asks is not None and proposal.asks.kind is Refusal.THROTTLED
    if proposal.at_most is not Mode.AUTO and not throttled and _lacking(ordered.playbook, found.facts):
        proposal = replace(proposal, asks=Refusal.EVIDENCE_UNREAD())
    doubt = (*ordered.doubts, *observe_only.of_alarm(found.alarm), *observe_only.of_record(found.lost()))
    found = with_plans(found, (remedy,), context, ordered.incidents)
    question = draft(proposal, {key(remedy): remedy}, found, incident.id, doubt).question
    judgement = judge(replace(question, purpose=Purpose.FINISH))
    return judgement, _later(judgement, question, ordered.context.now - lease.at < PATIENCE)


def _lacking(playbook: Playbook, facts: Facts) -> bool:
    """The faults or the invocations of a function are not known, so that they are few means nothing."""
    for each in playbook.evidence:
        if isinstance(each, Failures) and ((tally := facts.of(each)) is None or tally.unread):
            return True
        if isinstance(each, Invocations):
            traffic = facts.of(each)
            if traffic is None or not set(facts.settings.functions) <= set(traffic.functions):
                return True
    return False


def _later(judgement: Judgement, question: Question, early: bool) -> Because | None:
    """A stop ends, and what could not be read once is read a minute later: neither is a person's no."""
    if judgement.ends is Ends.ACT:
        return None
    if early and unread(judgement.reason):
        return judgement.reason
    stopped = stopping(replace(question, purpose=Purpose.TAKE_BACK))
    return None if unread(stopped) else stopped


def unread(reason: Because | None) -> bool:
    """Something could not be read; another look may know more."""
    return reason is not None and isinstance(reason.kind, Refusal) and reason.kind.unread


def asked(ordered: CommandContext, lease: Lease) -> tuple[str, bool]:
    """The id of the proposal to finish it, which is on record; and whether it was before."""
    incident, remedy = ordered.incident.id, ordered.remedy
    proposal = ApprovalRequest(
        id=fingerprint(incident, remedy.name, lease.changes),
        incident=incident,
        remedy=remedy.name,
        scope=remedy.scope,
        effect=remedy.name.spec.effect,
        at=ordered.context.now,
        changes=lease.plan.changes,
    )
    known = ordered.incidents.asked(incident, proposal.id)
    if known is None or known.expires <= ordered.context.now:
        ordered.incidents.record(incident, "asked", proposal, proposal.at, (proposal,))
        return proposal.id, False
    return proposal.id, True
