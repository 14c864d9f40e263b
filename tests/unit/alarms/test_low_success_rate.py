"""FaceAuth-Liveness-LowSuccessRate: faults of the service first, then what the failed checks score."""

from dataclasses import replace

import pytest

from alarms.low_success_rate import playbook
from responder.core.cause import Cause
from responder.evidence.faults import Fault
from tests.rows import all_rows
from tests.unit.alarms import world
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    OBSERVES,
    RESULT,
    Case,
    case,
    changed,
    check,
    checks,
    decided,
    failing,
    put,
    quiet,
    scored,
    series,
    silent,
    throttled,
    unread,
    without,
)

GOOD = {"pass": 60}
BAD = checks(60, 40)
_FEW = {"success": series((5, 9), (90, 60)), "failure": series((5, 9), (90, 40))}
_EARLIER = replace(world.healthy()["service"], **_FEW)

CASES = {
    "service faults": case(
        "internal",
        BAD,
        failing(Fault.INTERNAL),
        steps=("check_health", "open_support_case"),
        rollout_to_zero=ACTS,
    ),
    "a bad release": case(
        "release",
        BAD,
        failing(Fault.IMPORT_ERROR),
        changed(),
        steps=("roll_back_release",),
        alias_rollback=ASKS,
        rollout_to_zero=ACTS,
    ),
    "throttled": case(
        "throttling", BAD, failing(Fault.THROTTLING), propose_change=OBSERVES, rollout_to_zero=ASKS
    ),
    "time-outs": case("slow_dependency", BAD, failing(Fault.TIMEOUT, operation=""), rollout_to_zero=ASKS),
    "internal errors under a throttled table": case(
        "internal", BAD, failing(Fault.INTERNAL), throttled(), on_demand_billing=ACTS, rollout_to_zero=ASKS
    ),
    "low scores under a throttled table": case(
        "low_scores", BAD, throttled(), put(scores=scored(70.0, low=40, **GOOD)), on_demand_billing=ACTS
    ),
    "errors without a line": case("unknown", BAD, silent(30), rollout_to_zero=ASKS),
    "few requests": case(
        "internal", BAD, failing(Fault.INTERNAL, 3), quiet(10), rollout_to_zero="say.sample_short"
    ),
    "unfinished": case(
        "unfinished",
        BAD,
        put(scores=scored(60.0, zero=25, low=15, **GOOD)),
        steps=("guide_users", "check_health"),
    ),
    "just below the threshold": case(
        "near_threshold",
        BAD,
        put(scores=scored(88.0, near=25, zero=15, **GOOD)),
        steps=("consult_threshold", "guide_users"),
        lower_threshold=ASKS,
    ),
    "few near misses": case(
        "near_threshold",
        checks(20, 6),
        put(scores=scored(88.0, near=6, **{"pass": 20})),
        lower_threshold="say.few_near",
    ),
    "really low": case(
        "low_scores",
        BAD,
        put(scores=scored(70.0, low=10, middle=15, zero=15, **GOOD)),
        steps=("guide_users", "check_health", "consult_threshold"),
    ),
    "half unfinished is no majority": case(
        "low_scores", BAD, put(scores=scored(70.0, zero=20, low=20, **GOOD))
    ),
    "faults below 5 percent do not explain it": case(
        "unfinished", BAD, failing(Fault.INTERNAL, 2), put(scores=scored(60.0, zero=40, **GOOD))
    ),
    "users who give up are no fault": case(
        "unfinished", BAD, failing(Fault.SESSION_ENDED, 50), put(scores=scored(60.0, zero=40, **GOOD))
    ),
    "no failed score": case("unknown", BAD, put(scores=scored(96.0, **GOOD)), steps=("check_dashboard",)),
    "few checks": case("unknown", checks(10, 9), put(scores=scored(40.0, zero=9, **{"pass": 10}))),
    "just enough checks": case(
        "unfinished", checks(10, 10), put(scores=scored(40.0, zero=10, **{"pass": 10}))
    ),
    "checks of before the last hour": case("unknown", put(service=_EARLIER), put(scores=scored())),
    "the rate is normal": case(
        "rate_normal", checks(95, 5), put(scores=scored(91.0, zero=5, **{"pass": 95}))
    ),
    "the rate is just not normal": case(
        "unfinished", checks(94, 6), put(scores=scored(90.0, zero=6, **{"pass": 94}))
    ),
    "no checks at all": case("unknown", checks(0, 0), put(scores=scored())),
}
ZEROS = put(scores=scored(60.0, zero=40, **GOOD))


@all_rows("expected", CASES.values())
def test_case(expected: Case) -> None:
    check(playbook, expected)


@pytest.mark.parametrize(
    ("blind", "why"),
    [
        (without("failures"), "why.logs_unread"),
        (unread(CREATE), "why.logs_unread"),
        (unread(RESULT), "why.logs_unread"),
        (without("service"), "why.metrics_unread"),
        (without("scores"), "why.metrics_unread"),
        (without("failures", "invocations", "service", "scores", "changes", "health"), "why.logs_unread"),
    ],
)
def test_scores_explain_nothing_while_faults_cannot_be_excluded(blind: object, why: str) -> None:
    assert callable(blind)
    verdict = decided(playbook, BAD, ZEROS, blind)
    assert (verdict.cause.kind, verdict.why.key, verdict.proposals) == (Cause.UNKNOWN, why, ())


@pytest.mark.parametrize("look", ["invocations", "changes", "health"])
def test_other_looks_that_failed_do_not_hide_it(look: str) -> None:
    assert decided(playbook, BAD, ZEROS, without(look)).cause.kind is Cause.UNFINISHED


@pytest.mark.parametrize(
    ("band", "cause"), [("zero", Cause.UNFINISHED), ("near", Cause.NEAR_THRESHOLD), ("low", Cause.LOW_SCORES)]
)
def test_a_single_failed_score_determines_the_cause(band: str, cause: Cause) -> None:
    """The other failed checks left no score."""
    one = put(scores=scored(90.0, **{band: 1, "pass": 60}))
    assert decided(playbook, BAD, one).cause.kind is cause


def test_a_normal_rate_is_called_normal_and_few_checks_few() -> None:
    assert decided(playbook, checks(95, 5)).why.key == "why.rate_normal"
    assert decided(playbook, checks(10, 9)).why.key == "why.few_checks"


def test_the_success_rate_says_how_many_it_counted() -> None:
    why = decided(playbook, BAD, ZEROS).why
    assert (why.key, dict(why.values)) == (
        "why.success_rate",
        {"percent": 60.0, "failed": 40, "samples": 100},
    )
