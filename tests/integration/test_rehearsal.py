"""A rehearsal of a restore as deployed: its own function under its own role, look by look."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from liveness_ops.policy import all_needs
from local_aws.client import LocalAws
from rehearsal.drill.stack import APPROVERS, STACK, register, settings
from rehearsal.world.build import World
from responder.core.permissions import PARAMETERS, SETTINGS_DOCUMENT, Permission
from tests.integration.in_use import back_up, file_an_earlier_day
from tests.used import unused, used_by

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
FUNCTION, TABLE = f"{STACK}-rehearsal-check", "FaceAuth-LivenessSessions"


@pytest.fixture(scope="module")
def aws(stack: LocalAws) -> LocalAws:
    """Switched on, with a backup of three sessions, and another person's table."""
    switch_on(stack)
    dynamo = stack.client("dynamodb")
    for number in range(3):
        item = {"session_id": {"S": f"session-{number}"}, "employee_id": {"S": "E-4711"}}
        dynamo.put_item(TableName=TABLE, Item=item)
    back_up(stack, datetime.now(UTC))
    file_an_earlier_day(stack)
    return stack


def switch_on(aws: LocalAws) -> None:
    register(aws, APPROVERS, given={**settings(World.ROLLED_OUT), "restore_rehearsal": True})


def look(aws: LocalAws) -> dict[str, Any]:
    """Manually, which begins one at any hour."""
    answered = aws.client("lambda").invoke(FunctionName=FUNCTION, Payload=b"{}")
    answer: dict[str, Any] = json.loads(answered["Payload"].read())
    assert "FunctionError" not in answered, answer
    return answer


def until_reported(aws: LocalAws) -> dict[str, Any]:
    for _ in range(30):
        answer = look(aws)
        if "check" in answer:
            return answer
        time.sleep(1)
    raise AssertionError("never reported")


def test_a_backup_is_restored_compared_and_deleted_under_a_role_of_its_own(aws: LocalAws) -> None:
    before, sent = len(aws.calls()), len(aws.inbox())
    assert look(aws)["rehearsal"] == "restoring"
    answer = until_reported(aws)
    assert (answer["rehearsal"], answer["light"]) == ("restored", "green")
    tables = aws.client("dynamodb").list_tables()["TableNames"]
    assert TABLE in tables and not [each for each in tables if "rehearsal" in each]
    mails = [each.text for each in aws.inbox()[sent:] if "-Notifications" in each.topic]
    assert len(mails) == 1 and answer["page"] in mails[0] and "E-4711" not in mails[0]

    calls = aws.calls()[before:]
    assert [each.action for each in calls if "RehearsalCheck" in each.role and not each.allowed] == []
    # AWS checks a path or what is below it; the history is read where the settings document cannot be used.
    others = {Permission("ssm:GetParametersByPath", PARAMETERS)}
    others |= {Permission("ssm:GetParameterHistory", SETTINGS_DOCUMENT)}
    assert unused(all_needs()["RehearsalCheck"] - others, used_by(calls)["RehearsalCheck"]) == []


def test_without_a_right_on_the_new_table_aws_refuses_the_restore(aws: LocalAws) -> None:
    """The restore writes with the caller's own rights."""
    iam, dynamo = aws.client("iam"), aws.client("dynamodb")
    (backup,) = dynamo.list_backups(TableName=TABLE)["BackupSummaries"]
    role = aws.client("lambda").get_function_configuration(FunctionName=FUNCTION)["Role"].rpartition("/")[2]
    deny = {"Effect": "Deny", "Action": "dynamodb:BatchWriteItem", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam.put_role_policy(RoleName=role, PolicyName="no-writes", PolicyDocument=document)
    s3 = aws.client("s3")
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "reports" in each["Name"]]
    s3.delete_object(Bucket=bucket, Key="rehearsal/run.json")
    answer = until_reported(aws)
    assert (answer["rehearsal"], answer["light"]) == ("unread", "unknown")
    assert backup["BackupStatus"] == "AVAILABLE"
