"""What became of a draft, as told to a person."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from responder.core.change import Change
from responder.core.refusals import Because, Refusal
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result
from responder.guards import Ends
from responder.guards.history import switches_left
from responder.remedies import Remedy
from responder.respond.execute import Execution
from responder.respond.judge import JudgedProposal

_RESULTS = {Ends.OBSERVE: Result.OBSERVED, Ends.REFUSE: Result.REFUSED}


def outcome(
    each: JudgedProposal, act: Execution | None, ids: Mapping[str, str], unrecorded: Text | None
) -> Outcome:
    """One draft's outcome. A proposal that is not on record cannot be approved, so it is refused."""
    return replace(_outcome(each, act, ids, unrecorded), proposed=each.proposal.proposed)


def _outcome(
    each: JudgedProposal, act: Execution | None, ids: Mapping[str, str], unrecorded: Text | None
) -> Outcome:
    changes = each.plan.changes if each.plan else ()
    if act is not None:
        if act.result is Result.REFUSED and each.begun.changes:
            return _not_done(each, act.result, act.because)
        left = _left(each, act)
        return told(each.remedy, act.result, each.proposal.reason, act.because, act.changes, also=left)
    if each.settled:
        return told(each.remedy, Result.ALREADY, each.proposal.reason, None, changes)
    judged = each.judgement
    if judged.ends is Ends.ASK and unrecorded is not None:
        return _not_done(each, Result.REFUSED, Refusal.RECORD_FAILED(detail=unrecorded))
    if judged.ends is not Ends.ASK:
        return _not_done(each, _RESULTS[judged.ends], judged.reason, judged.until, _said(judged.also))
    approval = ids.get(each.remedy.name + each.remedy.scope)
    also = (*_said(judged.also), *each.begun.also)
    return told(
        each.remedy, Result.ASKED, each.proposal.reason, judged.reason, changes, judged.until, also, approval
    )


def _not_done(
    each: JudgedProposal,
    result: Result,
    because: Because | None,
    until: datetime | None = None,
    also: tuple[Text, ...] = (),
) -> Outcome:
    """Now; what an earlier run has set of it is told as set."""
    half = each.begun
    changes = half.changes or (each.plan.changes if each.plan else ())
    also = (*also, *half.also)
    return told(each.remedy, half.told(result), each.proposal.reason, because, changes, until, also)


def _said(also: tuple[Because, ...]) -> tuple[Text, ...]:
    return tuple(each.text for each in also)


def _left(each: JudgedProposal, act: Execution) -> tuple[Text, ...]:
    if not each.remedy.name.spec.table or act.result is not Result.APPLIED:
        return ()
    return (text("guard.switches_left", left=max(0, switches_left(each.question) - 1)),)


def told(  # noqa: PLR0913  one line per column of an outcome
    remedy: Remedy,
    result: Result,
    why: Text,
    because: Because | None,
    changes: tuple[Change, ...],
    until: datetime | None = None,
    also: tuple[Text, ...] = (),
    approval: str | None = None,
) -> Outcome:
    """An outcome of this remedy; what was applied says how to undo it."""
    drift = (text("change.drift"),) if result.acted else ()
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
    )
