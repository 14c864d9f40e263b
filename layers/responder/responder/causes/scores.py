"""What the scores of failed checks say: nobody finished, just below the line, or really low."""

from responder.core.cause import Cause
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import text
from responder.core.verdict import Proposal
from responder.evidence import Facts
from responder.evidence.scores import ScoreSpread
from responder.evidence.traffic import Scores

SCORES = ScoreSpread()
MOST = 0.5
# Fewer near misses may be one person who tries again and again.
ENOUGH_NEAR = 10

type Judged = ExplainedReason[Cause]


def shape_of_failures(facts: Facts) -> Judged:
    """The cause that the bands of failed scores support."""
    scores = facts.of(SCORES)
    failed = 0 if scores is None else sum(count for band, count in scores.bands.items() if band != "pass")
    if scores is None or not failed:
        return Cause.UNKNOWN()
    if scores.bands.get("zero", 0) > MOST * failed:
        return unfinished(scores, failed)
    return near_or_low(scores, failed)


def near_or_low(scores: Scores, failed: int) -> Judged:
    """Whether most of the failed checks missed the threshold by little."""
    return near(scores, failed) if scores.bands.get("near", 0) > MOST * failed else low(scores, failed)


def lower_threshold(facts: Facts, cause: ExplainedReason[Cause]) -> tuple[Proposal, ...]:
    """The manual's 一時的に閾値を下げる, where the near misses are the cause; two people decide."""
    scores = facts.of(SCORES)
    if scores is None or cause.kind is not Cause.NEAR_THRESHOLD:
        return ()
    count = scores.bands["near"]
    why = text(
        "why.lower_threshold",
        count=count,
        threshold=scores.threshold,
        lowered=facts.settings.lowered_threshold,
    )
    short = None if count >= ENOUGH_NEAR else text("say.few_near", count=count, enough=ENOUGH_NEAR)
    return (Proposal(RemedyName.LOWER_THRESHOLD, why, Mode.APPROVE, samples_short=short),)


def unfinished(scores: Scores, failed: int) -> Judged:
    """Score 0: a result asked for before the user finished, or an abandoned session."""
    return Cause.UNFINISHED(count=scores.bands["zero"], failed=failed)


def near(scores: Scores, failed: int) -> Judged:
    """Just below the threshold: the manual's 信頼度閾値が高すぎる."""
    count, line = scores.bands["near"], scores.threshold
    return Cause.NEAR_THRESHOLD(count=count, failed=failed, threshold=line)


def low(scores: Scores, failed: int) -> Judged:
    """Really low: light, camera, or somebody showing photographs."""
    count = scores.bands.get("low", 0) + scores.bands.get("middle", 0)
    return Cause.LOW_SCORES(count=count, failed=failed)
