"""The proposals of an incident, how one is shown before it is answered, and how one is selected."""

from collections.abc import Iterator
from dataclasses import replace

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.screen import Screen
from responder.core.change import Change, Lease, Status
from responder.core.command import ApprovalRequest
from responder.core.declined import DeclineReason
from responder.core.modes import Effect
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.followup_rules import ApprovalAnswer, OpenRequest
from responder.messages.requests import RequestedChange, asked_for, called, consequence, effect_of, valued
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.store.approval_writer import settled

# What people can still answer.
WAITING = (ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED)


def proposals(session: OperatorSession, incident: str) -> tuple[OpenRequest, ...]:
    """People's answers to each, the newest first."""
    found = sorted(session.incidents.proposals(incident), key=lambda asked: asked.at, reverse=True)
    return tuple(session.writer.said(each, session.clock()) for each in found)


def choose(
    session: OperatorSession, incident: str, wanted: str, answers: tuple[ApprovalAnswer, ...]
) -> OpenRequest:
    """The proposal whose id begins so, or the only one that has one of these answers.

    Raises:
        EarlyExit: it does not exist, or has another answer; or there are several.
    """
    found = [each for each in proposals(session, incident) if each.asked.id.startswith(wanted)]
    fits = [each for each in found if each.answer in answers]
    # A beginning that another proposal has too, if only an old one, is not clear.
    several = [each.asked for each in (found if wanted else fits)]
    if len(several) > 1:
        lines = [
            text("console.listed", proposal=each.id, what=asked_for(each), at=stamp(each.expires))
            for each in several
        ]
        raise EarlyExit(
            Exit.USAGE, text("console.several"), {"proposals": [each.id for each in several]}, lines
        )
    if fits:
        return fits[0]
    other = next(iter(found), None)
    if other is None and wanted:
        raise EarlyExit.declined(DeclineReason.NO_PROPOSAL(proposal=wanted, incident=incident))
    because = settled(other, session.clock()) if other is not None else None
    if because is not None and ApprovalAnswer.REJECTED not in answers:
        raise EarlyExit.declined(because)
    raise EarlyExit(Exit.NOTHING_OPEN, text("console.nothing_asked", incident=incident))


def show(screen: Screen, asking: OpenRequest) -> None:
    """What would change, what that means, until when it can be answered, and who approved it already."""
    screen.card(text("console.card", proposal=asking.asked.id), _lines(asking))


def show_revert(screen: Screen, lease: Lease, scope: str, percent: int | None) -> None:
    """What reverting a lease would set. `percent` None: the old values."""
    asked = RequestedChange(lease.remedy, scope, back=True, changes=tuple(_reverts(lease, percent)))
    screen.card(text("console.card_revert"), _about(asked, lease.effect, effect_of(asked)))


def _reverts(lease: Lease, percent: int | None) -> Iterator[Change]:
    """After a step, and once its revert has begun, a lease holds the changes of that."""
    wanted = {} if percent is None else {"percent": percent}
    aims = RolloutToZero().restored(lease, wanted) if lease.spec.in_steps else {}
    for each in lease.changes:
        if not each.status.not_ours:
            back = lease.state.going_back
            aim = aims.get(each.target, each.after if back else each.before)
            moving = back and each.status is not Status.APPLIED
            yield each if moving and aim == each.after else replace(each, before=each.after, after=aim)


def meaning(asked: ApprovalRequest) -> Text:
    """What approving it does."""
    return consequence(RequestedChange.asked(asked))


def _lines(asking: OpenRequest) -> Iterator[tuple[Text, Text | str]]:
    asked = asking.asked
    yield from _about(RequestedChange.asked(asked), asked.effect, meaning(asked))
    yield text("console.label_until"), text("console.until", at=stamp(asked.expires))
    if asking.by or asked.people > 1:
        by = text("console.approved", by=asking.by or "-", people=asked.people)
        yield text("console.label_approved"), by


def _about(asked: RequestedChange, effect: Effect, meant: Text) -> Iterator[tuple[Text, Text | str]]:
    yield text("console.label_remedy"), called(asked)
    for each in asked.changes:
        yield text("console.label_change"), value(each)
    restores = "back_" if asked.direction.restores else ""
    yield text("console.label_class"), Text(f"remedy.class.{restores}{effect}")
    yield text("console.label_meaning"), meant


def value(change: Change) -> Text:
    """`FaceAuth-Login LIVENESS_ROLLOUT_PERCENTAGE: 0 → 50`."""
    if change.before == change.after:
        stays = valued(change.after)
        return text("console.change_none", target=change.target, setting=change.setting, value=stays)
    return text(
        "console.change",
        target=change.target,
        setting=change.setting,
        before=valued(change.before),
        after=valued(change.after),
    )
