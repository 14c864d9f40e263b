"""What the service needs and is absent or wrong is the cause where requests fail because of it."""

from dataclasses import replace

import pytest

from alarms import get_result_errors, high_error_rate, low_success_rate, session_creation_errors
from responder.cause import Cause
from responder.facts import Configuration, Fault, IndexThroughput, RoleAccess, TableState
from responder.facts.bucket import BucketState
from responder.playbook import Playbook
from responder.render.language import say
from responder.render.manual import with_commands
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    OBSERVES,
    RESULT,
    SETTINGS,
    START,
    Case,
    Twist,
    case,
    changed,
    check,
    checks,
    decided,
    edit,
    failing,
    proposed,
    put,
    silent,
    state,
    throttled,
    unread,
    without,
)

pytestmark = pytest.mark.unit
TABLE, BUCKET = "LIVENESS_SESSIONS_TABLE", "FACE_AUTH_BUCKET"
UNITS = IndexThroughput(5, 5, "ACTIVE")


def lacking(*missing: str, function: str = CREATE, wrong: tuple[str, ...] = ()) -> Twist:
    """Variables of one function; the other has all of them."""
    other = RESULT if function == CREATE else CREATE
    found = state(function, expected_missing=missing, expected_wrong=wrong)
    return put(configuration=Configuration({other: state(other), function: found}))


def table(status: str = "ACTIVE", index: str | None = "ACTIVE", *, absent: bool = False) -> Twist:
    indexes = {} if index is None else {"EmployeeIdIndex": replace(UNITS, status=index)}
    return lambda facts: facts.update(
        table=TableState("Sessions", "PROVISIONED", status, UNITS, indexes, absent=absent)
    )


def no_bucket(facts: dict[str, object]) -> None:
    facts["bucket"] = BucketState("images", absent=True)


def rights(*missing: str, gone: str | None = None) -> Twist:
    def twist(facts: dict[str, object]) -> None:
        from responder.facts import Gone

        facts["access"] = RoleAccess("role", "policy", missing, (), {}, Gone(gone) if gone else None)

    return twist


def at_table(fault: Fault = Fault.CONFIGURATION, operation: str = "PutItem", code: str = "") -> Twist:
    return failing(fault, function=CREATE, operation=operation, code=code or "ResourceNotFoundException")


def crashing(count: int = 30, function: str = CREATE, name: str = TABLE) -> Twist:
    return failing(Fault.VARIABLE, count, function=function, operation="", code=f"KeyError {name}")


CASES: dict[str, Case] = {
    # variables
    "a variable of the other function": case(
        "environment",
        lacking(TABLE),
        crashing(),
        steps=("repair_environment_by_hand", "developers_logs", "escalate_lead"),
        repair_environment=ASKS,
        rollout_to_zero=ASKS,
    ),
    "a wrong table": case(
        "environment", lacking(wrong=(TABLE,)), at_table(), repair_environment=ASKS, rollout_to_zero=ASKS
    ),
    "a wrong bucket, which AWS calls invalid input": case(
        "environment",
        lacking(wrong=(BUCKET,)),
        failing(Fault.CALLER_INPUT, function=CREATE, operation=START, code="InvalidParameterException"),
        repair_environment=ASKS,
    ),
    "a wrong bucket that denies": case(
        "environment",
        lacking(wrong=(BUCKET,)),
        failing(Fault.ACCESS_DENIED, function=CREATE, operation="PutObject"),
        repair_environment=ASKS,
        rollout_to_zero=ACTS,
    ),
    "parameters without the variable": case(
        "environment",
        lacking(BUCKET),
        failing(Fault.VALIDATION, function=CREATE, operation=""),
        repair_environment=ASKS,
        rollout_to_zero=ASKS,
    ),
    "a release that lost a variable": case(
        "environment",
        lacking(TABLE),
        crashing(),
        changed(CREATE),
        repair_environment=ASKS,
        rollout_to_zero=ASKS,
    ),
    "errors without a line": case(
        "environment", lacking(TABLE), silent(30, CREATE), repair_environment=ASKS, rollout_to_zero=ASKS
    ),
    "a variable that explains only some failures": case(
        "internal",
        lacking(TABLE),
        crashing(4),
        failing(Fault.INTERNAL),
        repair_environment=ASKS,
        rollout_to_zero=ACTS,
    ),
    "a throttled table besides": case(
        "environment",
        lacking(TABLE),
        crashing(),
        throttled(),
        on_demand_billing=ACTS,
        repair_environment=ASKS,
        rollout_to_zero=ASKS,
    ),
    "no request fails": case("unknown", lacking(TABLE)),
    "only others fail": case("internal", lacking(TABLE), failing(Fault.INTERNAL), rollout_to_zero=ACTS),
    "the other function fails": case(
        "variable", lacking(TABLE), crashing(function=RESULT), rollout_to_zero=ASKS
    ),
    "another variable is missed": case(
        "variable", lacking(TABLE), crashing(name="OTHER"), rollout_to_zero=ASKS
    ),
    "another variable is wrong": case(
        "configuration", lacking(wrong=(BUCKET,)), at_table(), rollout_to_zero=ASKS
    ),
    "configuration unread": case("variable", without("configuration"), crashing(), rollout_to_zero=ASKS),
    # the table and its index
    "the table is gone": case(
        "table_absent",
        table(absent=True),
        at_table(),
        steps=("restore_table", "escalate_lead"),
        rollout_to_zero=ASKS,
    ),
    "DynamoDB says it, the table unread": case(
        "table_absent", without("table"), at_table(), rollout_to_zero=ASKS
    ),
    "neither table nor variables read": case(
        "configuration", without("table", "configuration"), at_table(), rollout_to_zero=ASKS
    ),
    "the table is there": case("configuration", at_table(), rollout_to_zero=ASKS),
    "the table is gone, only Rekognition fails": case(
        "internal", table(absent=True), failing(Fault.INTERNAL), rollout_to_zero=ACTS
    ),
    "the table is being deleted": case(
        "table_unusable", table("DELETING"), at_table(), steps=("wait_for_table",), rollout_to_zero=ASKS
    ),
    "the table is being changed": case("configuration", table("UPDATING"), at_table(), rollout_to_zero=ASKS),
    "the table's key is lost": case(
        "key_unusable",
        table("INACCESSIBLE_ENCRYPTION_CREDENTIALS"),
        at_table(),
        steps=("restore_key",),
        rollout_to_zero=ASKS,
    ),
    "the index is gone": case(
        "index_absent",
        table(index=None),
        at_table(Fault.CALLER_INPUT, "Query", "ValidationException"),
        steps=("restore_index",),
    ),
    "the index is being made": case(
        "index_unusable",
        table(index="CREATING"),
        at_table(Fault.CALLER_INPUT, "Query", "ValidationException"),
        steps=("wait_for_table",),
    ),
    "the index is gone, writes fail": case(
        "configuration", table(index=None), at_table(), rollout_to_zero=ASKS
    ),
    # the bucket, objects, keys
    "the bucket is gone": case(
        "bucket_absent",
        no_bucket,
        failing(Fault.CALLER_INPUT, function=CREATE, operation=START, code="InvalidParameterException"),
        steps=("restore_bucket",),
    ),
    "S3 says it, the bucket unread": case(
        "bucket_absent",
        without("bucket"),
        failing(Fault.CONFIGURATION, operation="PutObject", code="NoSuchBucket"),
        rollout_to_zero=ASKS,
    ),
    "an object is gone": case(
        "object_absent",
        failing(Fault.CONFIGURATION, operation="GetObject", code="NoSuchKey"),
        steps=("restore_object",),
        rollout_to_zero=ASKS,
    ),
    "the key is disabled": case(
        "key_unusable",
        failing(Fault.CONFIGURATION, operation="PutObject", code="KMS.DisabledException"),
        steps=("restore_key",),
        rollout_to_zero=ASKS,
    ),
    # rights
    "a permission is missing": case(
        "permission_absent",
        rights(f"rekognition:{START}"),
        failing(Fault.ACCESS_DENIED, function=CREATE, operation=START),
        steps=("check_permissions",),
        propose_change=OBSERVES,
        rollout_to_zero=ACTS,
    ),
    "another permission is missing": case(
        "access_denied",
        rights("dynamodb:GetItem"),
        failing(Fault.ACCESS_DENIED, function=CREATE, operation=START),
        propose_change=OBSERVES,
        rollout_to_zero=ACTS,
    ),
    "the policy is gone": case(
        "policy_absent",
        rights("dynamodb:PutItem", "dynamodb:GetItem", f"rekognition:{START}", gone="policy"),
        failing(Fault.ACCESS_DENIED, function=CREATE, operation=START),
        propose_change=OBSERVES,
        rollout_to_zero=ACTS,
    ),
    "the role is gone": case(
        "role_absent",
        rights(gone="role"),
        failing(Fault.CREDENTIALS, function=CREATE, operation=START),
        steps=("restore_role",),
        rollout_to_zero=ASKS,
    ),
    # several
    "the table gone, a right missing": case(
        "table_absent",
        table(absent=True),
        at_table(),
        rights(f"rekognition:{START}"),
        failing(Fault.ACCESS_DENIED, 20, function=CREATE, operation=START),
        rollout_to_zero=ACTS,
    ),
}


@pytest.mark.parametrize("expected", CASES.values(), ids=CASES.keys())
def test_case(expected: Case) -> None:
    check(high_error_rate.playbook, expected)


CREATES = [session_creation_errors.playbook, low_success_rate.playbook]


@pytest.mark.parametrize("playbook", CREATES, ids=lambda each: each.slug)
@pytest.mark.parametrize(
    "name",
    [
        "a variable of the other function",
        "a wrong bucket, which AWS calls invalid input",
        "the table is gone",
        "the index is gone",
        "the bucket is gone",
        "a permission is missing",
        "the policy is gone",
        "the role is gone",
    ],
)
def test_every_playbook_that_counts_failures_concludes_the_same(playbook: Playbook, name: str) -> None:
    expected = CASES[name]
    found = decided(playbook, checks(60, 40), *expected.twists)
    assert (found.cause.kind, proposed(found)) == (expected.cause, expected.proposals)


def test_few_failures_that_something_absent_explains_are_not_blamed_on_scores() -> None:
    few = failing(Fault.CONFIGURATION, 2, function=CREATE, operation="PutItem")
    found = decided(low_success_rate.playbook, checks(60, 40), table(absent=True), few)
    assert found.cause.kind is Cause.TABLE_ABSENT


def test_the_cause_names_the_function_and_its_variables() -> None:
    found = decided(high_error_rate.playbook, lacking(TABLE, wrong=(BUCKET,)), crashing())
    assert found.cause.values == {"function": CREATE, "variables": f"{TABLE}, {BUCKET}"}
    assert [each.scope for each in found.proposals if each.remedy == "repair_environment"] == ["create"]


def test_the_command_to_repair_is_for_the_function_that_lacks_it() -> None:
    """The alarm is about both functions, and its commands are otherwise for the other one."""
    found = decided(high_error_rate.playbook, lacking(TABLE), crashing())
    first = say(with_commands(found.steps, "high-error-rate", SETTINGS)[0], "en")
    assert CREATE in first
    assert RESULT not in first


@pytest.mark.parametrize("of_result", [20, 30])
def test_both_functions_can_lack_variables(of_result: int) -> None:
    both = edit(
        "configuration",
        lambda found: Configuration(
            {name: state(name, expected_missing=(TABLE,)) for name in (CREATE, RESULT)}
        ),
    )
    found = decided(high_error_rate.playbook, both, crashing(), crashing(of_result, RESULT))
    assert found.cause.values["function"] == CREATE
    assert [(each.kind, each.values["function"]) for each in found.others] == [(Cause.ENVIRONMENT, RESULT)]
    scopes = [each.scope for each in found.proposals if each.remedy == "repair_environment"]
    assert scopes == ["create", "result"]


def test_several_things_that_are_absent_are_told_as_several() -> None:
    found = decided(high_error_rate.playbook, *CASES["the table gone, a right missing"].twists)
    assert [each.kind for each in found.others] == [Cause.PERMISSION_ABSENT]


def test_a_policy_that_is_gone_is_proposed_again_one_service_at_a_time() -> None:
    found = decided(high_error_rate.playbook, *CASES["the policy is gone"].twists)
    (change,) = [each for each in found.proposals if each.remedy == "propose_change"]
    actions = [each.document["Statement"][0]["Action"] for each in change.proposed]
    assert actions == [["dynamodb:PutItem", "dynamodb:GetItem"], [f"rekognition:{START}"]]


def test_an_alarm_about_lambda_errors_needs_no_line_to_see_what_its_function_lacks() -> None:
    found = decided(get_result_errors.playbook, lacking(TABLE, function=RESULT), unread(RESULT))
    assert found.cause.kind is Cause.ENVIRONMENT
