"""What the service needs and is absent or wrong is the cause where requests fail because of it."""

from dataclasses import replace

import pytest

from alarms import (
    create_session_timeouts,
    get_result_errors,
    get_result_timeouts,
    high_error_rate,
    low_success_rate,
    session_creation_errors,
    sessions_table_throttles,
    slow_session_creation,
    slow_verification,
)
from responder.core.cause import Cause
from responder.core.manual import GENERAL
from responder.core.refusals import Refusal
from responder.core.text import Strings
from responder.evidence.access import RoleAccess
from responder.evidence.bucket import BucketState
from responder.evidence.configuration import FunctionConfigurations
from responder.evidence.faults import DenyingPolicy, Fault
from responder.evidence.table import IndexThroughput, TableState
from responder.messages.language import say
from responder.messages.steps import with_commands
from responder.respond.playbook import Playbook
from tests.rows import all_rows
from tests.unit.alarms import limits_world, world
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    OBSERVES,
    RESULT,
    SETTINGS,
    START,
    Case,
    Variation,
    case,
    changed,
    check,
    checks,
    created,
    decided,
    edit,
    failing,
    proposed,
    put,
    silent,
    starts,
    state,
    throttled,
    unread,
    without,
)

TABLE, BUCKET = "LIVENESS_SESSIONS_TABLE", "FACE_AUTH_BUCKET"
THRESHOLD = "LIVENESS_CONFIDENCE_THRESHOLD"
UNITS = IndexThroughput(5, 5, "ACTIVE")


def lacking(*missing: str, function: str = CREATE, wrong: Strings = ()) -> Variation:
    """Variables of one function; the other has all of them."""
    other = RESULT if function == CREATE else CREATE
    found = state(function, expected_missing=missing, expected_wrong=wrong)
    return put(configuration=FunctionConfigurations({other: state(other), function: found}))


def table(status: str = "ACTIVE", index: str | None = "ACTIVE", *, absent: bool = False) -> Variation:
    indexes = {} if index is None else {"EmployeeIdIndex": replace(UNITS, status=index)}
    return lambda facts: facts.update(
        table=TableState("Sessions", "PROVISIONED", status, UNITS, indexes, absent=absent)
    )


def no_bucket(facts: dict[str, object]) -> None:
    facts["bucket"] = BucketState("images", absent=True)


def rights(*missing: str, gone: str | None = None) -> Variation:
    def variation(facts: dict[str, object]) -> None:
        from responder.evidence.access import Gone

        facts["access"] = RoleAccess("role", "policy", missing, (), {}, Gone(gone) if gone else None)

    return variation


def at_table(fault: Fault = Fault.CONFIGURATION, operation: str = "PutItem", code: str = "") -> Variation:
    return failing(fault, function=CREATE, operation=operation, code=code or "ResourceNotFoundException")


def crashing(count: int = 30, function: str = CREATE, name: str = TABLE) -> Variation:
    return failing(
        Fault.VARIABLE, count, function=function, operation="", code=f"KeyError {name}", variable=name
    )


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
        failing(Fault.VALIDATION, function=CREATE, operation=START, code="InvalidParameterException"),
        repair_environment=ASKS,
        rollout_to_zero=ASKS,
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
        at_table(Fault.VALIDATION, "Query", "ValidationException"),
        steps=("restore_index",),
        rollout_to_zero=ASKS,
    ),
    "the index is being made": case(
        "index_unusable",
        table(index="CREATING"),
        at_table(Fault.VALIDATION, "Query", "ValidationException"),
        steps=("wait_for_table",),
        rollout_to_zero=ASKS,
    ),
    "the index is gone, writes fail": case(
        "configuration", table(index=None), at_table(), rollout_to_zero=ASKS
    ),
    # the bucket, objects, keys
    "the bucket is gone": case(
        "bucket_absent",
        no_bucket,
        failing(Fault.VALIDATION, function=CREATE, operation=START, code="InvalidParameterException"),
        steps=("restore_bucket",),
        rollout_to_zero=ASKS,
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
        steps=("restore_table", "check_permissions"),
        propose_change=OBSERVES,
        rollout_to_zero=ACTS,
    ),
}


@all_rows("expected", CASES.values())
def test_case(expected: Case) -> None:
    check(high_error_rate.playbook, expected)


CREATES = [session_creation_errors.playbook, low_success_rate.playbook]


@all_rows("playbook", CREATES)
@all_rows(
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
    found = decided(playbook, checks(60, 40), *expected.variations)
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
    first = say(with_commands(found.steps, GENERAL, SETTINGS)[0], "en")
    assert CREATE in first
    assert RESULT not in first


@pytest.mark.parametrize("of_result", [20, 30])
def test_both_functions_can_lack_variables(of_result: int) -> None:
    both = edit(
        "configuration",
        lambda found: FunctionConfigurations(
            {name: state(name, expected_missing=(TABLE,)) for name in (CREATE, RESULT)}
        ),
    )
    found = decided(high_error_rate.playbook, both, crashing(), crashing(of_result, RESULT))
    assert found.cause.values["function"] == CREATE
    assert [(each.kind, each.values["function"]) for each in found.others] == [(Cause.ENVIRONMENT, RESULT)]
    scopes = [each.scope for each in found.proposals if each.remedy == "repair_environment"]
    assert scopes == ["create", "result"]


def test_several_things_that_are_absent_are_reported_as_several() -> None:
    found = decided(high_error_rate.playbook, *CASES["the table gone, a right missing"].variations)
    assert [each.kind for each in found.others] == [Cause.PERMISSION_ABSENT]


def test_a_policy_that_is_gone_is_proposed_again_one_service_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(world, "SETTINGS", replace(SETTINGS, account="123456789012"))
    found = decided(high_error_rate.playbook, *CASES["the policy is gone"].variations)
    (change,) = [each for each in found.proposals if each.remedy == "propose_change"]
    actions = [each.document["Statement"][0]["Action"] for each in change.proposed]
    assert actions == [["dynamodb:PutItem", "dynamodb:GetItem"], [f"rekognition:{START}"]]


def test_nothing_is_granted_on_what_is_not_known() -> None:
    """Neither the account nor the bucket is."""
    found = decided(high_error_rate.playbook, *CASES["the policy is gone"].variations)
    (change,) = [each for each in found.proposals if each.remedy == "propose_change"]
    actions = [each.document["Statement"][0]["Action"] for each in change.proposed]
    assert actions == [[f"rekognition:{START}"]]
    alone = (rights("s3:PutObject"), failing(Fault.ACCESS_DENIED, operation="PutObject", function=CREATE))
    assert "propose_change" not in proposed(decided(high_error_rate.playbook, *alone))


# --- who denied it ---


def denial(reason: DenyingPolicy = DenyingPolicy.UNSAID) -> Variation:
    return failing(Fault.ACCESS_DENIED, function=CREATE, operation=START, reason=reason)


def attached(*names: str) -> Variation:
    return edit("access", lambda access: replace(access, attached=names))


def roles(name: str) -> Variation:
    return edit(
        "configuration",
        lambda found: FunctionConfigurations(
            {key: replace(each, role=name) for key, each in found.functions.items()}
        ),
    )


LACKING = rights(f"rekognition:{START}")
DENIED_BY: dict[str, tuple[Cause, tuple[Variation, ...]]] = {
    "AWS names the role's policies": (
        Cause.PERMISSION_ABSENT,
        (LACKING, attached("Mine"), denial(DenyingPolicy.NOT_ALLOWED)),
    ),
    "a policy of AWS is attached that allows none of it": (
        Cause.PERMISSION_ABSENT,
        (LACKING, attached("AWSLambdaVPCAccessExecutionRole"), denial()),
    ),
    "another policy is attached": (Cause.ACCESS_DENIED, (LACKING, attached("Mine"), denial())),
    "an organization's policy": (Cause.DENIED_ABOVE, (LACKING, denial(DenyingPolicy.ORGANIZATION))),
    "a boundary": (Cause.DENIED_ABOVE, (LACKING, denial(DenyingPolicy.BOUNDARY))),
    "a policy of the role denies it": (Cause.DENIED_BY_ROLE, (LACKING, denial(DenyingPolicy.ROLE_DENIES))),
    "the function has another role": (Cause.DENIED_OTHER_ROLE, (LACKING, roles("Other"), denial())),
    "the role that is gone is another one": (
        Cause.DENIED_OTHER_ROLE,
        (rights(gone="role"), roles("Other"), denial()),
    ),
    "the role is gone, and the function's is not known": (
        Cause.ACCESS_DENIED,
        (rights(gone="role"), roles(""), denial()),
    ),
    "the role is gone": (Cause.ROLE_ABSENT, (rights(gone="role"), denial())),
}


@all_rows(("cause", "variations"), DENIED_BY.values())
def test_a_denial_is_explained_by_what_decided_it(cause: Cause, variations: tuple[Variation, ...]) -> None:
    found = decided(high_error_rate.playbook, *variations)
    assert found.cause.kind is cause
    mended = cause in (Cause.PERMISSION_ABSENT, Cause.ACCESS_DENIED)
    assert ("propose_change" in proposed(found)) == mended


@pytest.mark.parametrize(
    ("operation", "resource"), [("PutItem", SETTINGS.sessions_table), ("PutObject", "images")]
)
def test_the_key_is_that_of_what_was_called(
    monkeypatch: pytest.MonkeyPatch, operation: str, resource: str
) -> None:
    monkeypatch.setattr(world, "SETTINGS", replace(SETTINGS, bucket="images"))
    refused = failing(Fault.CONFIGURATION, operation=operation, code="KMSInvalidStateException")
    assert decided(high_error_rate.playbook, refused).cause == Cause.KEY_UNUSABLE(resource=resource)


# --- what was not read ---


@pytest.mark.parametrize(
    ("look", "operation", "code", "variable"),
    [
        ("table", "PutItem", "ResourceNotFoundException", TABLE),
        ("bucket", "PutObject", "NoSuchBucket", BUCKET),
    ],
)
@pytest.mark.parametrize("state_of", ["unreadable", "wrong"])
def test_nothing_is_absent_that_the_function_may_not_have_asked_for(
    look: str, operation: str, code: str, variable: str, state_of: str
) -> None:
    """AWS says that a table or a bucket does not exist; only the variable shows which one."""
    refused = failing(Fault.CONFIGURATION, function=CREATE, operation=operation, code=code)
    one = state(CREATE, variables_readable=False) if state_of == "unreadable" else None
    one = one or state(CREATE, expected_wrong=(variable,))
    found = decided(
        high_error_rate.playbook,
        without(look),
        put(configuration=FunctionConfigurations({CREATE: one})),
        refused,
    )
    expected = Cause.CONFIGURATION if state_of == "unreadable" else Cause.ENVIRONMENT
    assert (found.cause.kind, found.others) == (expected, ())


def test_an_error_without_a_code_may_come_of_a_missing_variable() -> None:
    bare = failing(Fault.OTHER, function=CREATE, operation="")
    assert decided(high_error_rate.playbook, lacking(TABLE), bare).cause.kind is Cause.ENVIRONMENT


def test_time_outs_under_a_throttled_table_are_no_cause_of_their_own() -> None:
    found = decided(
        high_error_rate.playbook,
        failing(Fault.THROTTLING, operation="PutItem"),
        failing(Fault.TIMEOUT, 20),
        failing(Fault.MEMORY, 10),
        throttled(),
    )
    assert found.cause.kind is Cause.TABLE_THROTTLED
    assert [each.kind for each in found.others] == [Cause.MEMORY]


def test_where_the_log_cannot_be_read_lambdas_errors_show_what_a_missing_variable_does() -> None:
    unlogged = (lacking(TABLE, function=RESULT), unread(RESULT), silent(30, RESULT))
    assert decided(get_result_errors.playbook, *unlogged).cause.kind is Cause.ENVIRONMENT
    assert decided(get_result_errors.playbook, *unlogged[:2]).cause.kind is Cause.UNKNOWN


NOT_EXPLAINED: dict[str, tuple[Cause, tuple[Variation, ...]]] = {
    "a variable that the function does not read": (
        Cause.UNEXPECTED,
        (lacking(THRESHOLD, function=RESULT), failing(Fault.UNEXPECTED, operation="", code="TypeError")),
    ),
    "errors without a line, of such a variable": (
        Cause.UNKNOWN,
        (lacking(THRESHOLD, function=RESULT), silent(30, RESULT)),
    ),
    "only ended sessions": (
        Cause.SESSIONS_ENDED,
        (lacking(TABLE, function=RESULT), failing(Fault.SESSION_ENDED, operation="")),
    ),
    "a module that is not there": (
        Cause.RELEASE,
        (lacking(TABLE, function=RESULT), failing(Fault.IMPORT_ERROR), changed(RESULT)),
    ),
    "a KeyError of another key": (
        Cause.UNEXPECTED,
        (lacking(TABLE, function=RESULT), failing(Fault.UNEXPECTED, operation="", code="KeyError")),
    ),
    "an exception, of a wrong name": (
        Cause.UNEXPECTED,
        (
            lacking(wrong=(TABLE,), function=RESULT),
            failing(Fault.UNEXPECTED, operation="", code="TypeError"),
        ),
    ),
}


@all_rows(("cause", "variations"), NOT_EXPLAINED.values())
@all_rows("playbook", [high_error_rate.playbook, get_result_errors.playbook])
def test_a_variable_explains_no_failure_that_it_cannot_cause(
    playbook: Playbook, cause: Cause, variations: tuple[Variation, ...]
) -> None:
    found = decided(playbook, *variations)
    assert found.cause.kind is cause
    assert Cause.ENVIRONMENT not in {each.kind for each in found.others}


def test_the_function_that_opens_sessions_reads_the_threshold() -> None:
    variations = (
        lacking(THRESHOLD),
        failing(Fault.UNEXPECTED, function=CREATE, operation="", code="TypeError"),
    )
    assert decided(high_error_rate.playbook, *variations).cause.kind is Cause.ENVIRONMENT


@pytest.mark.parametrize(
    "fails",
    [
        failing(Fault.UNEXPECTED, function=CREATE, operation="", code="TypeError"),
        failing(Fault.VALIDATION, function=CREATE, operation=""),
    ],
)
def test_callers_are_not_blamed_for_what_a_missing_variable_explains(fails: Variation) -> None:
    def asks(*variations: Variation) -> set[Refusal]:
        proposals = decided(high_error_rate.playbook, *variations).proposals
        return {each.asks.kind for each in proposals if each.asks}

    assert asks(lacking(TABLE), fails) == {Refusal.SURE_TOO_FEW}
    others = failing(Fault.MEMORY, 3, function=CREATE)
    assert asks(lacking(TABLE), fails, others) == asks(fails) == {Refusal.PROVOKABLE}


# --- several causes together ---

NO_TABLE = (table(absent=True), at_table())
SEVERAL: dict[str, Case] = {
    "AWS fails, and the table is gone": case(
        "internal",
        failing(Fault.INTERNAL, 40),
        *NO_TABLE,
        steps=("check_health", "open_support_case", "restore_table", "escalate_lead"),
        rollout_to_zero=ACTS,
    ),
    "a throttled table, and a variable": case(
        "table_throttled",
        failing(
            Fault.THROTTLING,
            40,
            function=CREATE,
            operation="PutItem",
            code="ProvisionedThroughputExceededException",
        ),
        throttled(),
        lacking(TABLE, function=RESULT),
        crashing(20, RESULT),
        steps=("repair_environment_by_hand", "developers_logs", "escalate_lead"),
        on_demand_billing=ACTS,
        repair_environment=ASKS,
    ),
    "AWS fails, and a module is not there since a release": case(
        "internal",
        failing(Fault.INTERNAL, 40),
        failing(Fault.IMPORT_ERROR, 20),
        changed(RESULT),
        steps=("check_health", "open_support_case", "roll_back_release"),
        alias_rollback=ASKS,
        rollout_to_zero=ACTS,
    ),
    "a variable, and calls of Rekognition denied": case(
        "environment",
        lacking(TABLE),
        crashing(40),
        rights(f"rekognition:{START}"),
        failing(Fault.ACCESS_DENIED, 20, function=CREATE, operation=START),
        steps=("repair_environment_by_hand", "developers_logs", "check_permissions"),
        repair_environment=ASKS,
        propose_change=OBSERVES,
        rollout_to_zero=ACTS,
    ),
}


@pytest.mark.parametrize("name", SEVERAL)
def test_every_cause_that_counts_has_its_remedies_and_steps(name: str) -> None:
    check(high_error_rate.playbook, SEVERAL[name])


def test_what_two_causes_have_a_person_review_is_one_proposal() -> None:
    found = decided(
        high_error_rate.playbook,
        rights(f"rekognition:{START}"),
        failing(Fault.ACCESS_DENIED, 40, function=CREATE, operation=START),
        failing(Fault.QUOTA, 20, function=CREATE, operation=START),
    )
    (review,) = [each for each in found.proposals if each.remedy == "propose_change"]
    assert len(review.proposed) == 2


# --- requests are slow, and some fail because something is absent ---

SLOW = [
    (create_session_timeouts.playbook, CREATE),
    (slow_session_creation.playbook, CREATE),
    (get_result_timeouts.playbook, RESULT),
    (slow_verification.playbook, RESULT),
]
OF_EACH = pytest.mark.parametrize(("playbook", "mine"), SLOW, ids=[each.slug for each, _ in SLOW])


def slow_cases(mine: str) -> dict[str, Case]:
    def fails(fault: Fault, operation: str, code: str = "", count: int = 30) -> Variation:
        return failing(fault, count, function=mine, operation=operation, code=code)

    late = failing(Fault.TIMEOUT, 40, function=mine, operation="")
    missing = lacking(TABLE, function=mine)
    not_found = "ResourceNotFoundException"
    no_table = fails(Fault.CONFIGURATION, "UpdateItem", not_found)
    function = "create" if mine == CREATE else "result"
    slow = put(creation_time=created(6.2))
    cold = put(
        **{
            f"cold_starts__{function}": starts(
                mine, cold=90, init_average=7.0, cold_average=8.0, memory_used=256
            )
        }
    )
    found = {
        "a variable": case(
            "environment",
            missing,
            crashing(function=mine),
            steps=("repair_environment_by_hand", "developers_logs", "escalate_lead"),
            repair_environment=ASKS,
        ),
        "a variable, and three requests": case(
            "environment", missing, crashing(3, mine), repair_environment=ASKS
        ),
        "a variable, and two requests": case("unknown", missing, crashing(2, mine)),
        "a variable, and no request": case("unknown", missing),
        "a variable, and requests that hang": case(
            "slow_dependency", missing, crashing(5, mine), late, repair_environment=ASKS
        ),
        "the table": case("table_absent", table(absent=True), no_table, steps=("restore_table",)),
        "the table in the log alone": case("table_absent", without("table"), no_table),
        "the table is there": case("unknown", no_table),
        "the table, after it was throttled": case(
            "table_absent", table(absent=True), no_table, throttled(), steps=("restore_table",)
        ),
        "the index": case(
            "index_absent",
            table(index=None),
            fails(Fault.VALIDATION, "Query", "ValidationException"),
            steps=("restore_index",),
        ),
        "the bucket": case(
            "bucket_absent",
            no_bucket,
            fails(Fault.CONFIGURATION, "PutObject", "NoSuchBucket"),
            steps=("restore_bucket",),
        ),
        "the key": case(
            "key_unusable",
            fails(Fault.CONFIGURATION, "PutObject", "KMS.DisabledException"),
            steps=("restore_key",),
        ),
        "a permission": case(
            "permission_absent",
            rights(f"rekognition:{START}"),
            fails(Fault.ACCESS_DENIED, START),
            steps=("check_permissions",),
            propose_change=OBSERVES,
        ),
        "the role": case(
            "role_absent",
            rights(gone="role"),
            fails(Fault.CREDENTIALS, "UpdateItem"),
            steps=("restore_role",),
        ),
        "a variable, cold starts and full memory": case(
            "environment", missing, crashing(function=mine), cold, repair_environment=ASKS
        ),
        "two requests, cold starts and full memory": case(
            "memory",
            missing,
            crashing(2, mine),
            cold,
            memory_increase=ASKS,
            provisioned_concurrency=ACTS,
        ),
    }
    return {name: replace(each, variations=(slow, *each.variations)) for name, each in found.items()}


@OF_EACH
@all_rows("name", slow_cases(CREATE))
def test_slow_requests_beside_something_absent(playbook: Playbook, mine: str, name: str) -> None:
    check(playbook, slow_cases(mine)[name])


@OF_EACH
def test_what_the_other_function_lacks_makes_this_one_no_slower(playbook: Playbook, mine: str) -> None:
    other = RESULT if mine == CREATE else CREATE
    slow = put(creation_time=created(6.2))
    found = decided(playbook, slow, lacking(TABLE, function=other), crashing(function=other))
    assert (found.cause.kind, found.proposals) == (Cause.UNKNOWN, ())


@OF_EACH
def test_what_is_absent_is_reported_beside_requests_that_hang(playbook: Playbook, mine: str) -> None:
    found = decided(playbook, *slow_cases(mine)["a variable, and requests that hang"].variations)
    assert [each.kind for each in found.others] == [Cause.ENVIRONMENT]


@OF_EACH
def test_the_command_to_repair_is_for_the_slow_function(playbook: Playbook, mine: str) -> None:
    found = decided(playbook, *slow_cases(mine)["a variable"].variations)
    first = say(with_commands(found.steps, playbook.manual, SETTINGS)[0], "en")
    assert mine in first
    assert [each.scope for each in found.proposals] == ["create" if mine == CREATE else "result"]


# --- the table whose alarm it is ---

TABLE_THROTTLES = sessions_table_throttles.playbook
THREE = put(
    capacity=limits_world.table(limits_world.load(throttled=dict.fromkeys((2.0, 3.0, 4.0), 10.0), peak=5))
)
NO_INDEX = (table(index=None), at_table(Fault.VALIDATION, "Query", "ValidationException"))
TABLE_CASES: dict[str, Case] = {
    "gone": case("table_absent", without("capacity"), table(absent=True), steps=("restore_table",)),
    "gone, and throttled before": case(
        "table_absent", THREE, table(absent=True), at_table(), steps=("restore_table",)
    ),
    "being deleted": case("table_unusable", THREE, table("DELETING"), steps=("wait_for_table",)),
    "its key is lost": case(
        "key_unusable", table("INACCESSIBLE_ENCRYPTION_CREDENTIALS"), steps=("restore_key",)
    ),
    "the index is gone": case("index_absent", *NO_INDEX, steps=("restore_index",)),
    "the index is gone, and nobody asks": case("unknown", table(index=None)),
    "the index is gone, and the table throttled": case(
        "table_capacity", *NO_INDEX, THREE, on_demand_billing=ACTS
    ),
    "being changed": case("table_capacity", THREE, table("UPDATING"), on_demand_billing=ACTS),
    "unread": case("table_capacity", THREE, without("table"), on_demand_billing=ACTS),
}


@pytest.mark.parametrize("name", TABLE_CASES)
def test_the_alarm_about_the_table_says_what_is_the_matter_with_it(name: str) -> None:
    """A table that is gone needs no failed request besides."""
    check(TABLE_THROTTLES, TABLE_CASES[name])


def test_an_index_that_is_gone_is_reported_beside_a_throttled_table() -> None:
    found = decided(TABLE_THROTTLES, *NO_INDEX, THREE)
    assert [each.kind for each in found.others] == [Cause.INDEX_ABSENT]
