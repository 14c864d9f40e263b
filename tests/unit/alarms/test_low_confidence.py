"""FaceAuth-Liveness-LowConfidence: unfinished checks, amber and really low scores are three things."""

from dataclasses import replace

import pytest

from alarms.low_confidence import playbook
from responder.core.cause import Cause
from tests.rows import all_rows
from tests.texts import catalogue
from tests.unit.alarms.world import ASKS, Case, case, check, decided, put, scored, without

UNFINISHED = ("guide_users", "check_health")
LOW = ("guide_users", "check_health", "consult_threshold")

CASES = {
    "it passed by": case("passed_by", put(scores=scored(92.0, **{"pass": 40})), steps=("wait_and_watch",)),
    "amber": case(
        "amber", put(scores=scored(91.9, near=8, **{"pass": 32})), steps=("wait_and_watch", "guide_users")
    ),
    "just amber": case("amber", put(scores=scored(90.0, near=8, **{"pass": 32}))),
    "really low": case("low_scores", put(scores=scored(89.9, near=5, low=20, **{"pass": 15})), steps=LOW),
    "just below the threshold": case(
        "near_threshold",
        put(scores=scored(88.0, near=20, low=5, **{"pass": 15})),
        steps=("consult_threshold", "guide_users"),
        lower_threshold=ASKS,
    ),
    "ten near misses suffice": case(
        "near_threshold", put(scores=scored(89.0, near=10, **{"pass": 30})), lower_threshold=ASKS
    ),
    "nine near misses do not": case(
        "near_threshold", put(scores=scored(89.0, near=9, **{"pass": 31})), lower_threshold="say.few_near"
    ),
    "half of them near is no majority": case(
        "low_scores", put(scores=scored(80.0, near=15, low=15, **{"pass": 10}))
    ),
    "zeros explain it": case(
        "unfinished", put(scores=scored(72.0, zero=10, **{"pass": 30})), steps=UNFINISHED
    ),
    "without the zeros it is just well": case(
        "unfinished", put(scores=scored(69.0, zero=10, **{"pass": 30})), steps=UNFINISHED
    ),
    "a single one finished": case(
        "unfinished", put(scores=scored(4.8, zero=19, **{"pass": 1})), steps=UNFINISHED
    ),
    "nobody came last week": case(
        "low_scores", put(scores=replace(scored(50.0, low=20), last_week=None, last_week_samples=0))
    ),
    "only middling ones": case("low_scores", put(scores=scored(75.0, middle=40))),
    "nobody finished": case("unfinished", put(scores=scored(0.0, zero=40)), steps=UNFINISHED),
    "zeros do not explain it all": case("low_scores", put(scores=scored(60.0, zero=10, low=30))),
    "amber beside a few zeros": case("amber", put(scores=scored(90.0, zero=0, near=10, **{"pass": 30}))),
    "few checks": case("unknown", put(scores=scored(50.0, low=19)), steps=("check_dashboard",)),
    "just enough checks": case("low_scores", put(scores=scored(50.0, low=20))),
    "no checks": case("unknown", put(scores=scored())),
    "scores unread": case("unknown", without("scores")),
    "all unread": case("unknown", without("scores", "service", "failures", "changes", "health")),
}


@all_rows("expected", CASES.values())
def test_case(expected: Case) -> None:
    check(playbook, expected)


@pytest.mark.parametrize("look", ["service", "failures", "changes", "health"])
def test_what_else_could_not_be_read_does_not_hide_the_scores(look: str) -> None:
    assert decided(playbook, put(scores=scored(50.0, low=40)), without(look)).cause.kind is Cause.LOW_SCORES


def test_no_near_miss_is_no_reason_to_lower_the_threshold() -> None:
    """Amber, photographs and people who leave are no better off with a lower one."""
    for variation in (scored(91.0, near=30, **{"pass": 30}), scored(50.0, low=40), scored(0.0, zero=40)):
        assert decided(playbook, put(scores=variation)).proposals == ()


def test_a_request_to_lower_it_says_that_an_attack_looks_the_same() -> None:
    (asked,) = decided(playbook, put(scores=scored(88.0, near=30, **{"pass": 10}))).proposals
    assert asked.reason.key == "why.lower_threshold"
    assert asked.reason.values == {"count": 30, "threshold": 90.0, "lowered": 85.0}
    assert "攻撃" in catalogue()["why.lower_threshold"][0]
    assert "attack" in catalogue()["why.lower_threshold"][1]


def test_it_says_what_the_average_is_without_those_who_did_not_finish() -> None:
    why = decided(playbook, put(scores=scored(72.0, zero=10, **{"pass": 30}))).why
    assert (why.key, why.values["average"], why.values["finished"]) == ("why.scores_trend", 72.0, 96.0)


def test_it_says_why_it_knows_nothing() -> None:
    whys = [
        decided(playbook, variation).why.key
        for variation in (without("scores"), put(scores=scored()), put(scores=scored(50.0, low=3)))
    ]
    assert whys == ["why.metrics_unread", "why.no_scores", "why.few_checks"]
