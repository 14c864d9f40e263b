"""FaceAuth-Liveness-HighErrorRate: the leading fault names the cause; only sure faults act."""

import pytest

from alarms.high_error_rate import playbook
from responder.core.cause import Cause
from responder.evidence.changes import Dependency
from responder.evidence.faults import Fault
from tests.rows import all_rows
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    GET,
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
    idle,
    proposed,
    quiet,
    silent,
    throttled,
    unread,
    without,
)

FEW = "say.sample_short"

CASES = {
    # the table, whatever leads
    "internal errors under a throttled table": case(
        "internal", failing(Fault.INTERNAL), throttled(), on_demand_billing=ACTS, rollout_to_zero=ASKS
    ),
    "time-outs under a throttled table": case(
        "table_throttled", failing(Fault.TIMEOUT, operation=""), throttled(), on_demand_billing=ACTS
    ),
    "exceptions under a throttled table": case(
        "unexpected", failing(Fault.UNEXPECTED), throttled(), on_demand_billing=ACTS, rollout_to_zero=ASKS
    ),
    "no line at all under a throttled table": case(
        "table_throttled", silent(30), throttled(), on_demand_billing=ACTS
    ),
    "no logs under a throttled table": case(
        "table_throttled", without("failures"), throttled(), on_demand_billing=ACTS
    ),
    # faults that no caller can cause
    "internal errors": case(
        "internal",
        failing(Fault.INTERNAL),
        steps=("check_health", "open_support_case", "escalate_lead"),
        rollout_to_zero=ACTS,
    ),
    "access denied": case(
        "access_denied",
        failing(Fault.ACCESS_DENIED),
        steps=("check_permissions", "escalate_lead"),
        propose_change=OBSERVES,
        rollout_to_zero=ACTS,
    ),
    "import errors": case(
        "import_error",
        failing(Fault.IMPORT_ERROR, operation=""),
        steps=("roll_back_release", "developers_logs"),
        rollout_to_zero=ACTS,
    ),
    "time-outs": case(
        "slow_dependency",
        failing(Fault.TIMEOUT, operation=""),
        steps=("check_health", "check_vpc", "client_timeouts", "escalate_lead"),
        rollout_to_zero=ASKS,
    ),
    "out of memory": case(
        "memory", failing(Fault.MEMORY, operation=""), steps=("memory_by_hand",), rollout_to_zero=ASKS
    ),
    "in the other function": case(
        "internal", failing(Fault.INTERNAL, function=CREATE, operation=START), rollout_to_zero=ACTS
    ),
    # faults that callers could drive
    "rekognition throttles": case(
        "throttling",
        failing(Fault.THROTTLING, code="ProvisionedThroughputExceededException"),
        steps=("check_quota", "lower_traffic"),
        propose_change=OBSERVES,
        rollout_to_zero=ASKS,
    ),
    "a quota": case(
        "quota",
        failing(Fault.QUOTA),
        steps=("check_quota", "request_quota"),
        propose_change=OBSERVES,
        rollout_to_zero=ASKS,
    ),
    "nothing of that name": case(
        "configuration", failing(Fault.CONFIGURATION), steps=("check_environment",), rollout_to_zero=ASKS
    ),
    "exceptions": case(
        "unexpected", failing(Fault.UNEXPECTED), steps=("developers_logs",), rollout_to_zero=ASKS
    ),
    "errors without a code": case(
        "other", failing(Fault.OTHER), steps=("developers_logs",), rollout_to_zero=ASKS
    ),
    # the table
    "the table throttles": case(
        "table_throttled",
        failing(Fault.THROTTLING, code="ProvisionedThroughputExceededException", operation="PutItem"),
        throttled(),
        steps=("escalate_lead",),
        on_demand_billing=ACTS,
    ),
    "the table throttled one minute": case(
        "table_throttled",
        failing(Fault.THROTTLING, operation="GetItem"),
        throttled(minutes=1),
        steps=("capacity_by_hand",),
    ),
    "the table throttles, metrics unread": case(
        "table_throttled",
        failing(Fault.THROTTLING, operation="UpdateItem"),
        without("table_pressure"),
        steps=("capacity_by_hand",),
    ),
    # a release just before
    "import errors after a release": case(
        "release", failing(Fault.IMPORT_ERROR), changed(), alias_rollback=ASKS, rollout_to_zero=ACTS
    ),
    "exceptions after a release": case(
        "release", failing(Fault.UNEXPECTED), changed(), alias_rollback=ASKS, rollout_to_zero=ASKS
    ),
    "memory after a release": case(
        "release", failing(Fault.MEMORY), changed(), alias_rollback=ASKS, rollout_to_zero=ASKS
    ),
    "nothing of that name after a release": case(
        "release", failing(Fault.CONFIGURATION), changed(), alias_rollback=ASKS, rollout_to_zero=ASKS
    ),
    "a few exceptions after a release": case(
        "release", failing(Fault.UNEXPECTED, 3), changed(), alias_rollback=FEW, rollout_to_zero=FEW
    ),
    "exceptions below 5 percent after a release": case(
        "release", failing(Fault.UNEXPECTED, 8), changed(), quiet(200), alias_rollback=ASKS
    ),
    "a release of the function that works": case(
        "import_error", failing(Fault.IMPORT_ERROR), changed(CREATE), rollout_to_zero=ACTS
    ),
    "it failed long before the release": case(
        "unexpected",
        failing(Fault.UNEXPECTED, 20, minutes=50),
        failing(Fault.UNEXPECTED, 20),
        changed(),
        rollout_to_zero=ASKS,
    ),
    "a few failed long before the release": case(
        "release",
        failing(Fault.UNEXPECTED, 20, minutes=50),
        failing(Fault.UNEXPECTED, 21),
        changed(),
        alias_rollback=ASKS,
        rollout_to_zero=ASKS,
    ),
    "a release, metrics unread": case(
        "release", failing(Fault.IMPORT_ERROR), changed(), without("invocations")
    ),
    "internal errors after a release are AWS's": case(
        "internal", failing(Fault.INTERNAL), changed(), rollout_to_zero=ACTS
    ),
    "a release long before": case(
        "import_error", failing(Fault.IMPORT_ERROR), changed(minutes=76), rollout_to_zero=ACTS
    ),
    "a release of something else": case(
        "import_error", failing(Fault.IMPORT_ERROR), changed("FaceAuth-Status"), rollout_to_zero=ACTS
    ),
    "our own change is no release": case(
        "import_error", failing(Fault.IMPORT_ERROR), changed(ours=True), rollout_to_zero=ACTS
    ),
    # normal ends
    "sessions ended": case("sessions_ended", failing(Fault.SESSION_ENDED, 60), steps=("wait_and_watch",)),
    "callers sent nonsense": case("sessions_ended", failing(Fault.CALLER_INPUT, 60, operation="")),
    "AWS refused what callers sent": case("unknown", failing(Fault.CALLER_INPUT, 60, operation=GET)),
    "DynamoDB refuses every item": case(
        "validation",
        failing(Fault.VALIDATION, 40, function=CREATE, operation="PutItem", code="ValidationException"),
        steps=("check_parameters",),
        rollout_to_zero=ASKS,
    ),
    "a code that is not sorted": case(
        "refused",
        failing(Fault.REFUSED, operation="PutObject", code="PermanentRedirect"),
        steps=("look_up_code",),
        rollout_to_zero=ASKS,
    ),
    "many ended, some failed": case(
        "internal", failing(Fault.SESSION_ENDED, 150), failing(Fault.INTERNAL), rollout_to_zero=ACTS
    ),
    # too little to act on
    "few requests": case("internal", failing(Fault.INTERNAL, 3), quiet(10), rollout_to_zero=FEW),
    "few failures": case("internal", failing(Fault.INTERNAL, 4), quiet(20), rollout_to_zero=FEW),
    "failures of before the last hour": case("unknown", failing(Fault.INTERNAL, 4, minutes=90)),
    "old failures": case("internal", failing(Fault.INTERNAL, 19, minutes=50), quiet(19), rollout_to_zero=FEW),
    "below 5 percent": case("internal", failing(Fault.INTERNAL, 2)),
    "sure faults below 5 percent, others above": case(
        "throttling",
        failing(Fault.INTERNAL, 2),
        failing(Fault.THROTTLING, 20),
        propose_change=OBSERVES,
        rollout_to_zero=ASKS,
    ),
    "enough in one, a higher share of too little in the other": case(
        "internal",
        failing(Fault.INTERNAL, 4, function=CREATE),
        failing(Fault.INTERNAL, 30),
        idle(CREATE, 4),
        rollout_to_zero=ACTS,
    ),
    # nothing to see
    "nothing": case("unknown", steps=("check_dashboard", "developers_logs", "check_health", "escalate_lead")),
    "errors that left no line": case("unknown", silent(30), rollout_to_zero=ASKS),
    "beside ended sessions": case("unknown", failing(Fault.SESSION_ENDED), silent(30), rollout_to_zero=ASKS),
    "few without a line, beside ended sessions": case("unknown", failing(Fault.SESSION_ENDED), silent(1)),
    # what could not be read
    "no logs": case("unknown", failing(Fault.INTERNAL), without("failures")),
    "no logs, though errors": case("unknown", silent(30), without("failures")),
    "no metrics": case("internal", failing(Fault.INTERNAL), without("invocations")),
    "ended sessions, no metrics": case("unknown", failing(Fault.SESSION_ENDED), without("invocations")),
    "ended sessions, one log unread": case("unknown", failing(Fault.SESSION_ENDED), unread(CREATE)),
    "one log unread, faults in the other": case(
        "internal", failing(Fault.INTERNAL), unread(CREATE), rollout_to_zero=ASKS
    ),
    "faults only where the log is unread": case("unknown", silent(30), unread(RESULT)),
}


@all_rows("expected", CASES.values())
def test_case(expected: Case) -> None:
    check(playbook, expected)


@pytest.mark.parametrize("operation", ["PutItem", "GetItem", "UpdateItem", "Query"])
def test_the_operation_separates_dynamodb_from_rekognition(operation: str) -> None:
    """Both say ProvisionedThroughputExceededException."""
    code = "ProvisionedThroughputExceededException"
    table = decided(playbook, failing(Fault.THROTTLING, code=code, operation=operation), throttled())
    rekognition = decided(playbook, failing(Fault.THROTTLING, code=code), throttled())
    assert (table.cause.kind, rekognition.cause.kind) == (Cause.TABLE_THROTTLED, Cause.THROTTLING)
    assert "on_demand_billing" in proposed(rekognition)


def test_the_reason_says_how_many_of_how_many_over_how_long() -> None:
    values = decided(playbook, failing(Fault.INTERNAL)).proposals[0].reason.values
    assert values == {
        "function": RESULT,
        "percent": 60.0,
        "faulty": 30,
        "invocations": 50,
        "minutes": 15,
    }


@all_rows(("mine", "other"), [(CREATE, RESULT), (RESULT, CREATE)])
def test_the_rate_of_one_function_names_no_fault_of_another_as_its_own(mine: str, other: str) -> None:
    """Both fail at the same rate: it is that of the function whose fault leads, and the counts of both
    functions are named as such."""
    alone = failing(Fault.INTERNAL, function=mine)
    besides = [failing(Fault.TIMEOUT, 20, function=other), failing(Fault.UNEXPECTED, 10, function=other)]
    both, one = decided(playbook, alone, *besides).why, decided(playbook, alone).why
    assert (both.values["function"], one.values["function"]) == (mine, mine)
    assert (both.key, one.key) == ("why.leading_rate_overall", "why.leading_rate")


def test_a_release_names_what_changed_and_what_fails() -> None:
    cause = decided(playbook, failing(Fault.IMPORT_ERROR), changed()).cause
    assert cause.values["target"] == RESULT
    assert cause.values["fault"] == Cause.IMPORT_ERROR().text


def test_a_change_of_rights_explains_no_time_outs() -> None:
    found = decided(playbook, failing(Fault.TIMEOUT), changed("role", kind=Dependency.ROLE))
    assert found.cause.kind is Cause.SLOW_DEPENDENCY


def test_several_simultaneous_causes_are_reported_as_several() -> None:
    found = decided(
        playbook,
        failing(Fault.INTERNAL),
        failing(Fault.ACCESS_DENIED, 5),
        failing(Fault.QUOTA, 4),
        throttled(),
    )
    assert found.cause.kind is Cause.INTERNAL
    assert [each.kind for each in found.others] == [Cause.ACCESS_DENIED, Cause.TABLE_THROTTLED]


def test_what_was_looked_at_and_found_well_is_ruled_out() -> None:
    def out(*variations: Variation) -> set[str]:
        return {each.kind.value for each in decided(playbook, failing(Fault.INTERNAL), *variations).ruled_out}

    everything = {"out.health", "out.changes", "out.table"}
    assert out() == everything
    for look, key in (("health", "out.health"), ("changes", "out.changes"), ("table_pressure", "out.table")):
        assert out(without(look)) == everything - {key}
    assert out(changed()) == everything - {"out.changes"}
    assert out(throttled()) == everything - {"out.table"}
