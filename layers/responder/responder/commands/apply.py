"""apply: make a change that a person approved. Nothing in the event is trusted."""

from dataclasses import replace

from responder.commands.context import CommandContext
from responder.core.change import Lease, LeaseState, Plan
from responder.core.command import ApprovalRequest, fingerprint
from responder.core.errors import Denied, ResponderError
from responder.core.log import log
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, Refusal
from responder.core.settings_document import People, SettingsDocument
from responder.core.verdict import Result
from responder.evidence.base import because
from responder.guards import Purpose
from responder.respond.proposal import Executor, own_lease, resumed
from responder.respond.response import serves
from responder.store import approvals
from responder.store.approvals import Approval


def carry_out(ordered: CommandContext) -> Json:
    """Apply it as a response does, if it is approved, still the same proposal, and no guard is against it."""
    found = approved(ordered)
    lease = ordered.lease()
    incident, name = ordered.incident.id, ordered.remedy.name
    if (
        lease is not None
        and lease.state is LeaseState.IN_FORCE
        and fingerprint(incident, name, lease.changes) == ordered.command.proposal
    ):
        # The command again, because its message failed: the change is made, and its approval spent.
        if not isinstance(found, ExplainedReason):
            ordered.spend(found[1].person)
        return ordered.report(ordered.outcome(Result.ALREADY, changes=lease.changes))
    if isinstance(found, ExplainedReason):
        return ordered.refused(found)
    return _apply(ordered, lease, *found)


def _apply(ordered: CommandContext, lease: Lease | None, asked: ApprovalRequest, approval: Approval) -> Json:
    try:
        plan = ordered.remedy.prepare(ordered.context)
    except ResponderError as error:
        return ordered.refused(because(error))
    targets = {change.target for change in asked.changes}
    if plan.obstacles and targets < {change.target for change in plan.changes}:
        plan = plan.only(targets)
    mine = own_lease(ordered.ledger, ordered.remedy, plan, ordered.incident.id)
    plan = plan if mine is None else resumed(plan, mine)
    if plan.already and lease is None:
        return ordered.report(ordered.outcome(Result.ALREADY, _whose(ordered, plan), plan.changes))
    purpose = Purpose.APPLY if mine is None else Purpose.RESUME
    question = replace(ordered.own_act(purpose), plan=plan, doubts=ordered.doubts, approved=True)
    held = ordered.held(question)
    if held is None and (_other(ordered, plan, asked) or (mine and _touched(ordered, plan, asked))):
        held = Refusal.PROPOSAL_CHANGED()
    if held is not None:
        if isinstance(held.kind, Refusal) and held.kind.for_good:
            # It can never be applied as it was approved, so it is not tried again.
            ordered.spend()
        return ordered.refused(held)
    executor = Executor(
        ordered.context, ordered.incidents, ordered.remedy, question, ordered.why, approval.person
    )
    act = executor.apply()
    # What is not on record yet is finished by Lambda's retry, under the same approval.
    if act.result.acted and not act.unrecorded:
        ordered.spend(approval.person)
    outcome = ordered.outcome(act.result, act.because, act.changes, approval)
    return ordered.report(outcome, act.unrecorded)


def _other(ordered: CommandContext, plan: Plan, asked: ApprovalRequest) -> bool:
    """Whether it differs from what the person read: other values, or a target that was changed since, so that
    the change would affect more."""
    since = plan.changed_at is not None and plan.changed_at > asked.at
    bound = fingerprint(ordered.incident.id, ordered.remedy.name, plan.changes)
    return bound != asked.id or (since and bool(plan.moves))


def _touched(ordered: CommandContext, plan: Plan, asked: ApprovalRequest) -> bool:
    """Whether others have changed what an interrupted run has left to be set since it was requested."""
    times = plan.modified.items()
    return any(at > asked.at and not ordered.ledger.wrote(target, at) for target, at in times)


def _whose(ordered: CommandContext, plan: Plan) -> ExplainedReason[Refusal] | None:
    """Another alarm asked for the same, and its approval was first."""
    ledger = ordered.ledger
    try:
        # The other one may have been first after the ledger was read.
        ledger = ordered.incidents.ledger()
    except ResponderError:
        log().warning("whose act it was is not known", extra={"incident": ordered.incident.id})
    lease = ledger.lease(ordered.remedy.name, plan.scope)
    if lease is None or lease.incident == ordered.incident.id or not serves(lease, ordered.context.now):
        return None
    return Refusal.LINKED(incident=lease.incident)


def approved(ordered: CommandContext) -> tuple[ApprovalRequest, Approval] | Because:
    """The proposal the command names and the approval that lets it be carried out, or why not."""
    context, command, spec = ordered.context, ordered.command, ordered.remedy.name.spec
    if spec.ceiling is Mode.OBSERVE:
        # Neither an approval nor a mode changes that.
        return Refusal.NEVER_APPLIED()
    try:
        asked = ordered.incidents.asked(ordered.incident.id, command.proposal) if command.proposal else None
        if asked is None or (asked.remedy, asked.scope) != (command.remedy, command.scope):
            return Refusal.NOT_APPROVED()
        people = _people(ordered)
        if isinstance(people, ExplainedReason):
            return people
        # Who may approve follows from the remedy itself, not from a row.
        asked = replace(asked, effect=spec.effect)
        rows = approvals.rows(context.aws, context.settings.approvals_table, asked.id)
    except Denied as error:
        # A missing permission is still missing a minute later: a retry would not send a message either.
        return because(error)
    found = approvals.check(rows, asked, people, context.now)
    return found if isinstance(found, ExplainedReason) else (asked, found)


def rejected(ordered: CommandContext, asked: ApprovalRequest) -> bool:
    """This very proposal was rejected. Where that cannot be read, it is checked after approval."""
    people = _people(ordered)
    if isinstance(people, ExplainedReason):
        return False
    try:
        rows = approvals.rows(ordered.context.aws, ordered.context.settings.approvals_table, asked.id)
    except ResponderError:
        log().warning("whether it was rejected is not known", extra={"incident": ordered.incident.id})
        return False
    return bool(approvals.rejections(rows, asked, people, ordered.context.now))


def _people(ordered: CommandContext) -> People | Because:
    """Who may approve what, or why no one may."""
    if ordered.switches is None:
        return Refusal.PAUSES_UNREADABLE()
    document = ordered.switches.document
    return document.people if isinstance(document, SettingsDocument) else document.reason
