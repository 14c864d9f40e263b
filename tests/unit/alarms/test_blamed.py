"""Which change CloudTrail shows is called the likely cause: only one that can bring such a failure about."""

from datetime import timedelta
from types import ModuleType

import pytest

from alarms import create_session_timeouts, high_error_rate, images_access_denied, sessions_table_throttles
from responder.causes.steps import Step
from responder.core.cause import Cause
from responder.core.plain_data import Data
from responder.core.text import text
from responder.core.verdict import Verdict
from responder.evidence.access import RoleAccess
from responder.evidence.faults import DenyingPolicy, Fault
from responder.evidence.modifications import RecentChanges
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.unit.alarms.limits_world import bucket
from tests.unit.alarms.test_absent import at_table, lacking, rights, table
from tests.unit.alarms.test_images_access_denied import DENY, said
from tests.unit.alarms.world import (
    CREATE,
    GET,
    RESULT,
    SETTINGS,
    START,
    Variation,
    decided,
    failing,
    put,
    silent,
)
from tests.unit.evidence.test_changes import LINKED, SCALING, call, with_bucket, world

BUCKET = "face-auth-images"
ROLE = {"roleName": SETTINGS.service_role, "policyName": SETTINGS.service_policy}
TABLE = {"tableName": SETTINGS.sessions_table}
FUNCTION = {"functionName": RESULT}


def recorded(service: str, operation: str, asked: Data, **who: str) -> Variation:
    """What the reading of changes finds where CloudTrail recorded this call 20 minutes ago."""
    aws = FakeAws()
    aws.now = NOW
    world(aws, events=[call(operation, NOW - timedelta(minutes=20), source=service, asked=asked, **who)])
    return put(changes=RecentChanges().look(with_bucket(aws)))


def verdict(fault: Fault, operation: str, code: str, change: Variation, *more: Variation) -> Verdict:
    failed = failing(fault, 30, operation=operation, code=code)
    return decided(high_error_rate.playbook, failed, change, *more)


LIFECYCLE = recorded("s3", "PutBucketLifecycle", {"bucketName": BUCKET})
SCALED = recorded(
    "dynamodb", "UpdateTable", TABLE, role=SCALING, path=LINKED, session="AutoScaling-UpdateTable"
)
UPDATED = recorded("dynamodb", "UpdateTable", TABLE)
DENIED, NOT_FOUND = Fault.ACCESS_DENIED, Fault.CONFIGURATION
RIGHTS = recorded("iam", "PutRolePolicy", ROLE)


@pytest.mark.parametrize(
    ("fault", "operation", "code", "change"),
    [
        pytest.param(DENIED, "GetItem", "AccessDeniedException", LIFECYCLE, id="lifecycle, table denied"),
        pytest.param(DENIED, "PutObject", "AccessDenied", LIFECYCLE, id="lifecycle, object denied"),
        pytest.param(DENIED, GET, "AccessDeniedException", UPDATED, id="table, Rekognition denied"),
        pytest.param(DENIED, "GetItem", "AccessDeniedException", UPDATED, id="capacity, table denied"),
        pytest.param(DENIED, "GetItem", "AccessDeniedException", SCALED, id="automatic scaling"),
        pytest.param(NOT_FOUND, "GetItem", "ResourceNotFoundException", SCALED, id="scaling, not found"),
        pytest.param(
            DENIED,
            "GetItem",
            "AccessDeniedException",
            recorded("s3", "PutBucketPolicy", {"bucketName": BUCKET}),
            id="bucket's policy, table denied",
        ),
        pytest.param(
            NOT_FOUND,
            "PutObject",
            "NoSuchBucket",
            recorded("dynamodb", "UpdateTimeToLive", TABLE),
            id="time to live, no bucket",
        ),
        pytest.param(
            NOT_FOUND,
            "GetItem",
            "ResourceNotFoundException",
            recorded("dynamodb", "UpdateTimeToLive", TABLE),
            id="time to live, no table",
        ),
        pytest.param(
            Fault.UNEXPECTED,
            "",
            "TypeError",
            recorded("lambda", "PutFunctionConcurrency20171031", FUNCTION),
            id="concurrency, exception",
        ),
        pytest.param(
            Fault.IMPORT_ERROR,
            "",
            "Runtime.ImportModuleError",
            recorded("lambda", "PutFunctionEventInvokeConfig", FUNCTION),
            id="asynchronous calls, import error",
        ),
        pytest.param(
            Fault.UNEXPECTED,
            "",
            "TypeError",
            recorded("lambda", "RemovePermission20150331v2", FUNCTION),
            id="who may call it, exception",
        ),
    ],
)
def test_a_change_that_cannot_bring_the_failure_about_is_not_blamed(
    fault: Fault, operation: str, code: str, change: Variation
) -> None:
    found = verdict(fault, operation, code, change)
    assert found.cause.kind is fault.cause
    assert not [each for each in found.proposals if each.remedy == "alias_rollback"]


@pytest.mark.parametrize(
    ("fault", "operation", "code", "change"),
    [
        pytest.param(DENIED, "GetItem", "AccessDeniedException", RIGHTS, id="role"),
        pytest.param(DENIED, GET, "AccessDeniedException", RIGHTS, id="role, Rekognition"),
        pytest.param(
            DENIED,
            "PutObject",
            "AccessDenied",
            recorded("s3", "PutBucketPolicy", {"bucketName": BUCKET}),
            id="bucket's policy",
        ),
        pytest.param(
            DENIED,
            START,
            "AccessDeniedException",
            recorded("s3", "PutBucketPolicy", {"bucketName": BUCKET}),
            id="bucket's policy, where Rekognition stores the images",
        ),
        pytest.param(
            DENIED,
            "GetItem",
            "AccessDeniedException",
            recorded("dynamodb", "PutResourcePolicy", {"resourceArn": f"x:table/{SETTINGS.sessions_table}"}),
            id="table's policy",
        ),
        pytest.param(
            NOT_FOUND,
            "PutObject",
            "NoSuchBucket",
            recorded("s3", "DeleteBucket", {"bucketName": BUCKET}),
            id="bucket deleted",
        ),
        pytest.param(
            Fault.UNEXPECTED,
            "",
            "TypeError",
            recorded("lambda", "UpdateFunctionConfiguration20150331v2", FUNCTION),
            id="settings",
        ),
    ],
)
def test_a_change_that_can_is_to_be_undone_and_no_deployment_rolled_back(
    fault: Fault, operation: str, code: str, change: Variation
) -> None:
    found = verdict(fault, operation, code, change)
    assert found.cause.values["who"] == text("say.changed_by", by="Deployer/alice")
    assert found.cause.kind.name == "CHANGE"
    keys = [each.key for each in found.steps]
    assert keys[0] == "step.undo_change"
    assert Step.ROLL_BACK_RELEASE.value not in keys


def test_new_code_is_to_be_rolled_back() -> None:
    change = recorded("lambda", "UpdateFunctionCode20150331v2", FUNCTION)
    found = verdict(Fault.UNEXPECTED, "", "TypeError", change)
    assert found.cause.kind is Cause.RELEASE
    assert found.steps[0].key == Step.ROLL_BACK_RELEASE.value


def test_what_the_role_allows_was_not_denied_by_a_change_of_the_role() -> None:
    allows = put(access=RoleAccess("role", "policy", (), judged={"dynamodb:GetItem": True}))
    found = verdict(DENIED, "GetItem", "AccessDeniedException", RIGHTS, allows)
    assert found.cause.kind is Cause.ACCESS_DENIED


NO_TABLE, LOCKED = table(absent=True), bucket(DENY)
REFUSED = at_table(DENIED, code="AccessDeniedException")
OPENED = recorded("s3", "PutBucketPolicy", {"bucketName": BUCKET})
DELETED = recorded("dynamodb", "DeleteTable", TABLE)
GONE = failing(NOT_FOUND, 30, operation="PutItem", code="ResourceNotFoundException", function=CREATE)
SPOILT = recorded("lambda", "UpdateFunctionConfiguration20150331v2", FUNCTION)


@pytest.mark.parametrize(
    ("alarm", "cause", "variations"),
    [
        (high_error_rate, Cause.TABLE_ABSENT, (NO_TABLE, GONE, DELETED)),
        (create_session_timeouts, Cause.TABLE_ABSENT, (NO_TABLE, GONE, DELETED)),
        (sessions_table_throttles, Cause.TABLE_ABSENT, (NO_TABLE, DELETED)),
        (high_error_rate, Cause.PERMISSION_ABSENT, (rights("dynamodb:PutItem"), REFUSED, RIGHTS)),
        (high_error_rate, Cause.ENVIRONMENT, (lacking("BUCKET", function=RESULT), silent(30), SPOILT)),
        (
            images_access_denied,
            Cause.DENIED_BUCKET_POLICY,
            (said(DenyingPolicy.BUCKET_DENIES), LOCKED, OPENED),
        ),
    ],
    ids=["table", "slow", "throttles", "right", "variable", "bucket's policy"],
)
def test_where_something_is_absent_the_reason_names_who_changed_it(
    alarm: ModuleType, cause: Cause, variations: tuple[Variation, ...]
) -> None:
    found = decided(alarm.playbook, *variations)
    assert found.cause.kind is cause
    assert found.why.key == "why.changed_before"
    assert found.why.values["who"] == text("say.changed_by", by="Deployer/alice")


def test_a_change_of_something_else_is_not_named_as_the_reason() -> None:
    found = decided(high_error_rate.playbook, NO_TABLE, GONE, SCALED)
    assert found.cause.kind is Cause.TABLE_ABSENT
    assert found.why.key != "why.changed_before"
