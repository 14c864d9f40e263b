"""Reasons not to act now, in the design's order (section 6). Pure; what cannot be read holds.

The first hold that refuses or only observes wins; where there is none, a hold that asks turns
acting into asking.
"""

from dataclasses import replace

from responder.core.modes import Mode
from responder.core.refusals import Because
from responder.guards.question import Ends, Guard, Hold, Judgement, Purpose, Question
from responder.guards.rules import (
    at_most,
    begun,
    cooldown,
    demoted,
    failed_twice,
    in_flight,
    leased,
    left_before,
    mode,
    other_remedy,
    paused,
    precondition,
    quota_used,
    recent_change,
    silenced,
    stale,
    too_few_samples,
    too_many_changes,
)

__all__ = ["GUARDS", "Ends", "Hold", "Judgement", "Purpose", "Question", "in_auto", "judge", "stopping"]

_LIMITS: tuple[Guard, ...] = (
    leased,
    other_remedy,
    left_before,
    cooldown,
    failed_twice,
    too_many_changes,
    quota_used,
    in_flight,
)
GUARDS: dict[Purpose, tuple[Guard, ...]] = {
    Purpose.RESPOND: (
        paused,
        silenced,
        mode,
        stale,
        too_few_samples,
        precondition,
        *_LIMITS,
        demoted,
        recent_change,
        at_most,
    ),
    Purpose.APPLY: (paused, silenced, mode, stale, precondition, *_LIMITS),
    Purpose.REVERT: (paused, silenced, mode, stale, in_flight),
    Purpose.RESUME: (
        paused,
        silenced,
        mode,
        stale,
        too_few_samples,
        precondition,
        failed_twice,
        too_many_changes,
        quota_used,
        demoted,
        recent_change,
        begun,
    ),
    Purpose.FINISH: (paused, silenced, mode, stale, demoted, recent_change, begun),
}


def judge(question: Question) -> Judgement:
    """Ask every guard of the question's purpose, in order."""
    return _judged(question, GUARDS[question.purpose])


def in_auto(question: Question) -> Judgement:
    """What would be done had the global mode been `auto`, with the modes of the remedies as they are."""
    known = question.switches
    if known is None or known.everywhere is None:
        return judge(question)
    return judge(replace(question, switches=replace(known, everywhere=Mode.AUTO)))


def stopping(question: Question) -> Because | None:
    """Whether a stop, a muted alarm or the mode forbids it, to check these alone once more; None
    where nothing does."""
    judged = _judged(question, (paused, silenced, mode, demoted))
    return None if judged.ends is Ends.ACT else judged.reason


def _judged(question: Question, guards: tuple[Guard, ...]) -> Judgement:
    holds = [hold for guard in guards if (hold := guard(question)) is not None]
    first = next((hold for hold in holds if hold.ends is not Ends.ASK), holds[0] if holds else None)
    if first is None:
        return Judgement(Ends.ACT)
    # Reasons to ask a person are reported only where one is asked.
    others = (hold for hold in holds if hold.reason != first.reason)
    also = tuple(hold.reason for hold in others if first.ends is Ends.ASK or hold.ends is not Ends.ASK)
    return Judgement(first.ends, first.reason, first.until, also)
