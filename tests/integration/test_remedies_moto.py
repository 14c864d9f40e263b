"""The remedies through the real SDK: what they ask is what AWS's models take and answer."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from responder.aws import Boto
from responder.core.change import Lease, LeaseState, Plan, Status
from responder.core.context import Context
from responder.core.liveness_function import LivenessFunction
from responder.core.settings import Settings
from responder.remedies import Remedy
from responder.remedies.memory_increase import MemoryIncrease
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.rollout_to_zero import RolloutToZero
from tests.witness.stubs import revisions

SETTINGS = Settings(rollout_readers=Settings().rollout_functions)
VARIABLES = {"FACE_AUTH_BUCKET": "bucket", SETTINGS.rollout_variable: "50"}
NOW = datetime(2026, 2, 4, 10, 25, tzinfo=UTC)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Boto]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    # Each write names the revision that it replaces, which moto's functions do not have.
    with mock_aws(), revisions():
        yield Boto("us-east-1")


def deploy(*names: str) -> Any:
    """Functions as the CDK stack makes them."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): ...")
    role = boto3.client("iam", "us-east-1").create_role(RoleName="role", AssumeRolePolicyDocument="{}")
    client: Any = boto3.client("lambda", "us-east-1")
    for name in names:
        client.create_function(
            FunctionName=name,
            Runtime="python3.9",
            Role=role["Role"]["Arn"],
            Handler="handler.handler",
            Code={"ZipFile": code.getvalue()},
            MemorySize=256,
            Environment={"Variables": VARIABLES},
        )
    return client


def applied(aws: Boto, remedy: Remedy) -> tuple[Context, Plan, Lease]:
    context = Context(aws, SETTINGS, NOW, NOW)
    plan = remedy.prepare(context)
    assert plan.obstacles == ()
    changes = remedy.apply(context, plan)
    lease = Lease(remedy.name, plan.scope, "i", LeaseState.IN_FORCE, NOW, None, plan.snapshot, changes)
    changes = remedy.confirm(context, lease)
    assert [change.status for change in changes] == [Status.APPLIED] * len(changes)
    return (
        context,
        plan,
        Lease(remedy.name, plan.scope, "i", LeaseState.IN_FORCE, NOW, None, plan.snapshot, changes),
    )


def test_rollout_to_zero_and_back(aws: Boto) -> None:
    client = deploy(*SETTINGS.rollout_functions)

    def variables() -> list[dict[str, str]]:
        found = (client.get_function_configuration(FunctionName=name) for name in SETTINGS.rollout_functions)
        return [each["Environment"]["Variables"] for each in found]

    remedy = RolloutToZero()
    context, _, lease = applied(aws, remedy)
    assert variables() == [{**VARIABLES, SETTINGS.rollout_variable: "0"}] * 4
    changes = remedy.revert(context, lease, {})
    assert [change.status for change in changes] == [Status.REVERTED] * 4
    assert variables() == [VARIABLES] * 4


def test_memory_increase(aws: Boto) -> None:
    client = deploy(SETTINGS.result_function)
    applied(aws, MemoryIncrease(LivenessFunction.RESULT))
    assert client.get_function_configuration(FunctionName=SETTINGS.result_function)["MemorySize"] == 512


def test_on_demand_billing_and_back(aws: Boto) -> None:
    client: Any = boto3.client("dynamodb", "us-east-1")
    units = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 20}
    few = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}
    client.create_table(
        TableName=SETTINGS.sessions_table,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("session_id", "employee_id")
        ],
        KeySchema=[{"AttributeName": "session_id", "KeyType": "HASH"}],
        ProvisionedThroughput=units,
        GlobalSecondaryIndexes=[
            {
                "IndexName": "EmployeeIdIndex",
                "KeySchema": [{"AttributeName": "employee_id", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                "ProvisionedThroughput": few,
            }
        ],
    )
    remedy = OnDemandBilling()
    context, plan, lease = applied(aws, remedy)
    assert plan.snapshot["indexes"] == {"EmployeeIdIndex": {"read": 3, "write": 4}}
    (change,) = remedy.revert(context, lease, {})
    assert change.status is Status.REVERTED
    table = client.describe_table(TableName=SETTINGS.sessions_table)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 20
    assert table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"] == 4
