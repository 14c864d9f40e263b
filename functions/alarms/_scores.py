"""What the scores of failed checks say: nobody finished, just below the line, or really low."""

from responder.evidence import Facts
from responder.evidence.scores import ScoreSpread
from responder.facts import Scores
from responder.text import Text, text

SCORES = ScoreSpread()
MOST = 0.5

type Judged = tuple[Text, tuple[Text, ...]]


def shape_of_failures(facts: Facts) -> Judged:
    """The cause that the bands of failed scores support, and its steps."""
    scores = facts.of(SCORES)
    failed = 0 if scores is None else sum(count for band, count in scores.bands.items() if band != "pass")
    if scores is None or not failed:
        return text("cause.unknown"), (text("step.check_dashboard"), text("step.check_health"))
    if scores.bands.get("zero", 0) > MOST * failed:
        return unfinished(scores, failed)
    if scores.bands.get("near", 0) > MOST * failed:
        return near(scores, failed)
    return low(scores, failed)


def unfinished(scores: Scores, failed: int) -> Judged:
    """Score 0: a result asked for before the user finished, or an abandoned session."""
    cause = text("cause.unfinished", count=scores.bands.get("zero", 0), failed=failed)
    return cause, (text("step.guide_users"), text("step.check_health"))


def near(scores: Scores, failed: int) -> Judged:
    """Just below the threshold: the manual's 信頼度閾値が高すぎる; never lowered from here."""
    cause = text(
        "cause.near_threshold", count=scores.bands.get("near", 0), failed=failed, threshold=scores.threshold
    )
    return cause, (text("step.consult_threshold"), text("step.guide_users"))


def low(scores: Scores, failed: int) -> Judged:
    """Really low: light, camera, or somebody showing photographs."""
    count = scores.bands.get("low", 0) + scores.bands.get("middle", 0)
    cause = text("cause.low_scores", count=count, failed=failed)
    return cause, (text("step.guide_users"), text("step.check_health"), text("step.consult_threshold"))
