"""UpdateTable is as strict as DynamoDB."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.core.plain_data import Json
from tests.integration._local_aws import code_of

THROUGHPUT = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
INDEX = {"IndexName": "ByEmployee", "ProvisionedThroughput": THROUGHPUT}


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    bare.settings(table_seconds=0.05)
    return bare


def make(aws: LocalAws, name: str) -> Any:
    client = aws.client("dynamodb")
    keys = [("session_id", "HASH")]
    client.create_table(
        TableName=name, BillingMode="PROVISIONED", ProvisionedThroughput=THROUGHPUT,
        AttributeDefinitions=[
            {"AttributeName": each, "AttributeType": "S"} for each in ("session_id", "employee_id")
        ],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        GlobalSecondaryIndexes=[
            {**INDEX, "KeySchema": [{"AttributeName": "employee_id", "KeyType": "HASH"}],
             "Projection": {"ProjectionType": "ALL"}}
        ],
    )  # fmt: skip
    return client


def active(client: Any, name: str) -> Json:
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0.05})
    return dict(client.describe_table(TableName=name)["Table"])


def back(client: Any, name: str) -> None:
    updates = [{"Update": INDEX}]
    client.update_table(
        TableName=name, BillingMode="PROVISIONED", ProvisionedThroughput=THROUGHPUT,
        GlobalSecondaryIndexUpdates=updates,
    )  # fmt: skip
    active(client, name)


def refused(client: Any, name: str, **given: Any) -> str:
    with pytest.raises(ClientError) as caught:
        client.update_table(TableName=name, **given)
    return code_of(caught.value)


def test_a_switch_takes_a_while_and_zeroes_the_index(aws: LocalAws) -> None:
    client = make(aws, "switch")
    answer = client.update_table(TableName="switch", BillingMode="PAY_PER_REQUEST")
    assert answer["TableDescription"]["TableStatus"] == "UPDATING"
    table = active(client, "switch")
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["ReadCapacityUnits"] == 0


def test_the_fifth_switch_within_a_day_is_refused(aws: LocalAws) -> None:
    client = make(aws, "often")
    for _ in range(4):
        client.update_table(TableName="often", BillingMode="PAY_PER_REQUEST")
        active(client, "often")
        back(client, "often")
    assert refused(client, "often", BillingMode="PAY_PER_REQUEST") == "LimitExceededException"
    aws.table_state("often", switches=3)
    client.update_table(TableName="often", BillingMode="PAY_PER_REQUEST")


def test_a_table_that_is_updating_is_left_alone(aws: LocalAws) -> None:
    client = make(aws, "updating")
    aws.table_state("updating", status="UPDATING")
    assert refused(client, "updating", BillingMode="PAY_PER_REQUEST") == "ResourceInUseException"
    aws.table_state("updating", status="ACTIVE")
    client.update_table(TableName="updating", BillingMode="PAY_PER_REQUEST")


def test_going_back_needs_throughput_for_every_index(aws: LocalAws) -> None:
    client = make(aws, "back")
    client.update_table(TableName="back", BillingMode="PAY_PER_REQUEST")
    active(client, "back")
    code = refused(client, "back", BillingMode="PROVISIONED", ProvisionedThroughput=THROUGHPUT)
    assert code == "ValidationException"
    back(client, "back")


def test_a_table_of_a_backup_is_not_ready_immediately_and_names_its_backup(aws: LocalAws) -> None:
    client = make(aws, "kept")
    backup = client.create_backup(TableName="kept", BackupName="now")["BackupDetails"]["BackupArn"]
    aws.settings(table_seconds=1.0)  # long enough for three calls on a busy machine
    client.restore_table_from_backup(TargetTableName="again", BackupArn=backup)
    aws.settings(table_seconds=0.05)
    assert client.describe_table(TableName="again")["Table"]["TableStatus"] == "CREATING"
    recovery = {"PointInTimeRecoveryEnabled": True}
    ttl = {"Enabled": True, "AttributeName": "expires_at"}
    codes = []
    for call, given in (
        (client.delete_table, {}),
        (client.update_continuous_backups, {"PointInTimeRecoverySpecification": recovery}),
        (client.update_time_to_live, {"TimeToLiveSpecification": ttl}),
    ):
        with pytest.raises(ClientError) as caught:
            call(TableName="again", **given)
        codes.append(code_of(caught.value))
    in_use = "ResourceInUseException"
    assert codes == [in_use, "ContinuousBackupsUnavailableException", in_use]
    reported = active(client, "again")["RestoreSummary"]
    assert (reported["SourceBackupArn"], reported["RestoreInProgress"]) == (backup, False)


def test_auto_scaling_is_kept_for_tables_that_are_there(aws: LocalAws) -> None:
    make(aws, "scaled")
    scaling = aws.client("application-autoscaling")
    dimension = {"ServiceNamespace": "dynamodb", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
    here = {**dimension, "ResourceId": "table/scaled"}
    codes = []
    for call, given in (
        (scaling.register_scalable_target, {**dimension, "ResourceId": "table/nowhere"}),
        (scaling.put_scheduled_action, {**here, "ScheduledActionName": "evening"}),
    ):
        with pytest.raises(ClientError) as caught:
            call(**given)
        codes.append(code_of(caught.value))
    assert codes == ["ValidationException", "ObjectNotFoundException"]
    aws.snapshot("unscaled")
    scaling.register_scalable_target(**here, MinCapacity=1, MaxCapacity=2)
    scaling.register_scalable_target(**here, MaxCapacity=9)
    scaling.put_scheduled_action(**here, ScheduledActionName="evening", Schedule="cron(0 18 * * ? *)")
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 9)
    asked = {"ServiceNamespace": "dynamodb", "ResourceId": "table/scaled"}
    assert len(scaling.describe_scheduled_actions(**asked)["ScheduledActions"]) == 1
    aws.restore("unscaled")
    assert scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"] == []
