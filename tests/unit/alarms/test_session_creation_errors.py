"""FaceAuth-Liveness-SessionCreationErrors: what keeps users from starting a check."""

from alarms.session_creation_errors import playbook
from responder.core.cause import Cause
from responder.evidence.faults import Fault
from tests.rows import all_rows
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
    quiet,
    silent,
    throttled,
    unread,
    without,
)


def fails(fault: Fault, count: int = 30, operation: str = START, code: str = "") -> Variation:
    return failing(fault, count, function=CREATE, operation=operation, code=code)


CASES = {
    "internal errors": case(
        "internal", fails(Fault.INTERNAL), steps=("check_health", "open_support_case"), rollout_to_zero=ACTS
    ),
    "access denied": case(
        "access_denied", fails(Fault.ACCESS_DENIED), propose_change=OBSERVES, rollout_to_zero=ACTS
    ),
    "rekognition throttles": case(
        "throttling",
        fails(Fault.THROTTLING, code="ThrottlingException"),
        steps=("check_quota", "lower_traffic"),
        propose_change=OBSERVES,
        rollout_to_zero=ASKS,
    ),
    "a quota": case("quota", fails(Fault.QUOTA), propose_change=OBSERVES, rollout_to_zero=ASKS),
    "nothing of that name": case(
        "configuration", fails(Fault.CONFIGURATION, operation="PutItem"), rollout_to_zero=ASKS
    ),
    "import errors": case("import_error", fails(Fault.IMPORT_ERROR, operation=""), rollout_to_zero=ACTS),
    "import errors after a release": case(
        "release",
        fails(Fault.IMPORT_ERROR, operation=""),
        changed(CREATE),
        steps=("roll_back_release", "developers_logs"),
        alias_rollback=ASKS,
        rollout_to_zero=ACTS,
    ),
    "exceptions after a release of the other function": case(
        "unexpected", fails(Fault.UNEXPECTED, operation=""), changed(RESULT), rollout_to_zero=ASKS
    ),
    "time-outs": case("slow_dependency", fails(Fault.TIMEOUT, operation=""), rollout_to_zero=ASKS),
    "out of memory": case("memory", fails(Fault.MEMORY, operation=""), rollout_to_zero=ASKS),
    "exceptions": case("unexpected", fails(Fault.UNEXPECTED, operation=""), rollout_to_zero=ASKS),
    "errors without a code": case("other", fails(Fault.OTHER), rollout_to_zero=ASKS),
    "the table throttles": case(
        "table_throttled",
        fails(Fault.THROTTLING, operation="PutItem", code="ProvisionedThroughputExceededException"),
        throttled(),
        on_demand_billing=ACTS,
    ),
    "the table throttled one minute": case(
        "table_throttled",
        fails(Fault.THROTTLING, operation="PutItem"),
        throttled(minutes=1),
        steps=("capacity_by_hand",),
    ),
    "callers sent nonsense": case(
        "sessions_ended", fails(Fault.CALLER_INPUT, 60, operation=""), steps=("wait_and_watch",)
    ),
    "few requests": case("internal", fails(Fault.INTERNAL, 3), quiet(10), rollout_to_zero="say.sample_short"),
    "errors that left no line": case("unknown", silent(30, CREATE), rollout_to_zero=ASKS),
    "nothing": case("unknown", steps=("check_dashboard", "developers_logs", "check_health", "escalate_lead")),
    "no logs": case("unknown", fails(Fault.INTERNAL), without("failures")),
    "its log unread": case("unknown", silent(30, CREATE), unread(CREATE)),
}


@all_rows("expected", CASES.values())
def test_case(expected: Case) -> None:
    check(playbook, expected)


def test_results_that_fail_are_another_alarm_s() -> None:
    verdict = decided(playbook, failing(Fault.INTERNAL, function=RESULT), silent(30, RESULT))
    assert (verdict.cause.kind, verdict.proposals) == (Cause.UNKNOWN, ())


def test_only_the_function_that_creates_sessions_is_rolled_back() -> None:
    verdict = decided(playbook, fails(Fault.UNEXPECTED), changed(CREATE), changed(RESULT))
    scopes = [each.scope for each in verdict.proposals if each.remedy == "alias_rollback"]
    assert scopes == ["create"]
