"""FaceAuth-Liveness-SureFaults: it fires first, and the conditions of a remedy are as strict as for any other
alarm."""

from alarms import high_error_rate
from alarms.sure_faults import playbook
from responder.core.cause import Cause
from responder.evidence.faults import Fault
from tests.rows import each_of
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    OBSERVES,
    RESULT,
    START,
    Case,
    Variation,
    case,
    changed,
    check,
    decided,
    failing,
    healthy,
    idle,
    quiet,
    throttled,
    unread,
    without,
)

FEW = "say.sample_short"


def opening(fault: Fault, count: int = 30) -> Variation:
    return failing(fault, count, function=CREATE, operation=START)


CASES = {
    "internal errors of results": case(
        "internal", failing(Fault.INTERNAL), steps=("check_health", "open_support_case"), rollout_to_zero=ACTS
    ),
    "internal errors of opening": case("internal", opening(Fault.INTERNAL), rollout_to_zero=ACTS),
    "access denied": case(
        "access_denied", failing(Fault.ACCESS_DENIED), propose_change=OBSERVES, rollout_to_zero=ACTS
    ),
    "import errors after a release": case(
        "release",
        failing(Fault.IMPORT_ERROR, operation=""),
        changed(RESULT),
        steps=("roll_back_release", "developers_logs"),
        alias_rollback=ASKS,
        rollout_to_zero=ACTS,
    ),
    "five, of few requests": case("internal", failing(Fault.INTERNAL, 5), quiet(10), rollout_to_zero=FEW),
    "four, of many": case("internal", failing(Fault.INTERNAL, 4), idle(RESULT, 200)),
    "under a throttled table": case(
        "internal", failing(Fault.INTERNAL), throttled(), on_demand_billing=ACTS, rollout_to_zero=ASKS
    ),
    "beside time-outs that a caller can cause": case(
        "slow_rekognition",
        failing(Fault.INTERNAL, 4),
        failing(Fault.TIMEOUT, 30, operation=""),
        rollout_to_zero=ASKS,
    ),
    "a log that cannot be read": case(
        "unknown", failing(Fault.INTERNAL), without("failures"), steps=("check_dashboard",)
    ),
}


@each_of("expected", CASES)
def test_case(expected: Case) -> None:
    check(playbook, expected)


ALIKE: dict[str, tuple[Variation, ...]] = {
    "nothing is wrong": (),
    "four of few": (failing(Fault.INTERNAL, 4), quiet(10)),
    "four of many": (failing(Fault.INTERNAL, 4),),
    "nineteen requests": (failing(Fault.INTERNAL, 19), quiet(19)),
    "4 % of many": (failing(Fault.INTERNAL, 30), idle(RESULT, 800)),
    "all of them": (failing(Fault.INTERNAL, 30),),
    "the log unread": (failing(Fault.INTERNAL, 30), unread(RESULT)),
    "denied reads of objects": (failing(Fault.ACCESS_DENIED, 30, operation="GetObject"),),
}


@each_of("variations", ALIKE)
def test_the_decision_is_that_of_high_error_rate_however_few_faults_raised_the_alarm(
    variations: tuple[Variation, ...],
) -> None:
    """So what switches the check off is as strict as for any other alarm, whatever k is."""
    assert decided(playbook, *variations) == decided(high_error_rate.playbook, *variations)


def test_the_alarm_alone_names_no_cause_and_proposes_nothing() -> None:
    assert healthy()
    verdict = decided(playbook)
    assert (verdict.cause.kind, verdict.proposals) == (Cause.UNKNOWN, ())
