"""FaceAuth-Liveness-LowConfidence: unfinished checks, amber and really low scores are three things."""

import pytest

from alarms.low_confidence import playbook
from tests.unit.alarms.world import Case, case, check, decided, put, scored, without

pytestmark = pytest.mark.unit
UNFINISHED = ("guide_users", "check_health")
LOW = ("guide_users", "check_health", "consult_threshold")

CASES = {
    "it passed by": case("passed_by", put(scores=scored(92.0, **{"pass": 40})), steps=("wait_and_watch",)),
    "amber": case(
        "amber", put(scores=scored(91.9, near=8, **{"pass": 32})), steps=("wait_and_watch", "guide_users")
    ),
    "just amber": case("amber", put(scores=scored(90.0, near=8, **{"pass": 32}))),
    "really low": case("low_scores", put(scores=scored(89.9, near=20, low=5, **{"pass": 15})), steps=LOW),
    "zeros explain it": case(
        "unfinished", put(scores=scored(72.0, zero=10, **{"pass": 30})), steps=UNFINISHED
    ),
    "nobody finished": case("unfinished", put(scores=scored(0.0, zero=40)), steps=UNFINISHED),
    "zeros do not explain it all": case("low_scores", put(scores=scored(60.0, zero=10, low=30))),
    "amber beside a few zeros": case("amber", put(scores=scored(90.0, zero=0, near=10, **{"pass": 30}))),
    "few checks": case("unknown", put(scores=scored(50.0, low=19)), steps=("check_dashboard",)),
    "just enough checks": case("low_scores", put(scores=scored(50.0, low=20))),
    "no checks": case("unknown", put(scores=scored())),
    "scores unread": case("unknown", without("scores")),
    "all unread": case("unknown", without("scores", "service", "failures", "changes", "health")),
}


@pytest.mark.parametrize("expected", CASES.values(), ids=CASES.keys())
def test_case(expected: Case) -> None:
    check(playbook, expected)


@pytest.mark.parametrize("look", ["service", "failures", "changes", "health"])
def test_what_else_could_not_be_read_does_not_hide_the_scores(look: str) -> None:
    assert decided(playbook, put(scores=scored(50.0, low=40)), without(look)).cause.key == "cause.low_scores"


def test_the_threshold_is_never_lowered_from_here() -> None:
    assert playbook.remedies == ()


def test_it_says_what_the_average_is_without_those_who_did_not_finish() -> None:
    why = decided(playbook, put(scores=scored(72.0, zero=10, **{"pass": 30}))).why
    assert (why.key, why.values["average"], why.values["finished"]) == ("why.scores_trend", 72.0, 96.0)


def test_it_says_why_it_knows_nothing() -> None:
    whys = [
        decided(playbook, twist).why.key
        for twist in (without("scores"), put(scores=scored()), put(scores=scored(50.0, low=3)))
    ]
    assert whys == ["why.metrics_unread", "why.no_scores", "why.few_checks"]
