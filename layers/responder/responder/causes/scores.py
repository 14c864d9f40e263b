"""What the scores of failed checks say: users who did not finish, just below the line, or really low."""

from responder.core.cause import Cause
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import text
from responder.core.verdict import Proposal, Proposals
from responder.evidence import Facts
from responder.evidence.scores import Scores, ScoreSpread

SCORES = ScoreSpread()
MOST = 0.5
# Fewer near misses may be one person who tries again and again.
ENOUGH_NEAR = 10


def failed_checks(scores: Scores) -> int:
    """How many did not reach the threshold."""
    return sum(count for band, count in scores.bands.items() if band != "pass")


def unfinished(scores: Scores) -> ExplainedReason[Cause]:
    """Score 0: a result asked for before the user finished, or an abandoned session."""
    return Cause.UNFINISHED(count=scores.bands["zero"], failed=failed_checks(scores))


def near_or_low(scores: Scores) -> ExplainedReason[Cause]:
    """Most of the failed checks missed the threshold by little (the manual's 信頼度閾値が高すぎる); or
    they are really low: light, camera, or a person who shows photographs."""
    bands, failed = scores.bands, failed_checks(scores)
    near = bands.get("near", 0)
    if near > MOST * failed:
        return Cause.NEAR_THRESHOLD(count=near, failed=failed, threshold=scores.threshold)
    return Cause.LOW_SCORES(count=bands.get("low", 0) + bands.get("middle", 0), failed=failed)


def lower_threshold(facts: Facts, cause: ExplainedReason[Cause]) -> Proposals:
    """The manual's 一時的に閾値を下げる, where the near misses are the cause; two people decide."""
    scores = facts.of(SCORES)
    if scores is None or cause.kind is not Cause.NEAR_THRESHOLD:
        return ()
    count, lowered = scores.bands["near"], facts.settings.lowered_threshold
    why = text("why.lower_threshold", count=count, threshold=scores.threshold, lowered=lowered)
    short = None if count >= ENOUGH_NEAR else text("say.few_near", count=count, enough=ENOUGH_NEAR)
    return (Proposal(RemedyName.LOWER_THRESHOLD, why, Mode.APPROVE, samples_short=short),)
