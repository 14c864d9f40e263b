"""An operator restores what was lost: on the deployed stack, from its backups and versions."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from liveness_ops.backups import steps
from local_aws.client import Fault, LocalAws
from rehearsal.drill.stack import STACK
from rehearsal.world.names import INDEX, TABLE, bucket
from responder.core.plain_data import Json
from tests.integration.operator import READY, RIGHTS, Operator, operator

pytestmark = pytest.mark.timeout(300)
NEW, KEY = "FaceAuth-LivenessSessions-Restored", "liveness-audit/abc/reference.jpg"
ALARM, OURS = f"{TABLE}-Reads", "FaceAuth-LivenessSessions-Throttles"
READ = {"ServiceNamespace": "dynamodb", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
OF_INDEX = {"ServiceNamespace": "dynamodb", "ScalableDimension": "dynamodb:index:ReadCapacityUnits"}


@pytest.fixture(scope="module")
def deployed(stack: LocalAws) -> Operator:
    return operator(stack)


@pytest.fixture
def here(deployed: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    deployed.aws.restore(READY)
    deployed.aws.clear()
    monkeypatch.setattr(steps, "_PAUSE_SECONDS", 0.05)
    return deployed


# --- tables ----------------------------------------------------------------------------------------


@pytest.fixture
def table(here: Operator) -> Operator:
    """With a row, tags, auto scaling of table and index with a schedule, an alarm."""
    dynamodb, scaling = here.aws.client("dynamodb"), here.aws.client("application-autoscaling")
    dynamodb.put_item(TableName=TABLE, Item={"session_id": {"S": "s"}, "employee_id": {"S": "e"}})
    arn = dynamodb.describe_table(TableName=TABLE)["Table"]["TableArn"]
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "auth"}])
    tracking = {
        "TargetValue": 70.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
    }
    for target in (
        {**READ, "ResourceId": f"table/{TABLE}"},
        {**OF_INDEX, "ResourceId": f"table/{TABLE}/index/{INDEX}"},
    ):
        suspended = {"ScheduledScalingSuspended": True}
        scaling.register_scalable_target(**target, MinCapacity=5, MaxCapacity=50, SuspendedState=suspended)
        scaling.put_scaling_policy(
            **target, PolicyName=f"read-{TABLE}", PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracking,
        )  # fmt: skip
        scaling.put_scheduled_action(
            **target, ScheduledActionName="evening", Schedule="cron(0 18 * * ? *)", Timezone="Asia/Tokyo",
            StartTime=datetime.now(UTC) - timedelta(days=1), EndTime=datetime(2050, 1, 1, tzinfo=UTC),
            ScalableTargetAction={"MinCapacity": 20},
        )  # fmt: skip
    here.aws.client("cloudwatch").put_metric_alarm(
        AlarmName=ALARM, Namespace="AWS/DynamoDB", MetricName="ConsumedReadCapacityUnits", Statistic="Sum",
        Dimensions=[{"Name": "TableName", "Value": TABLE}], Period=60, EvaluationPeriods=2, Threshold=0.0,
        ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching", ActionsEnabled=False,
    )  # fmt: skip
    here.may_only("backup-table")
    here.reported("backup-table --yes")
    here.may_only("restore-table")
    return here


def of(here: Operator, name: str) -> Json:
    """Everything that belongs to a table, by what its owner may ask; its own name is left out."""
    dynamodb, scaling = here.aws.client("dynamodb"), here.aws.client("application-autoscaling")
    described = dynamodb.describe_table(TableName=name)["Table"]
    pitr = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    alarms = here.aws.client("cloudwatch").get_paginator("describe_alarms").paginate().build_full_result()
    namespace = {"ServiceNamespace": "dynamodb"}
    found = {
        "rows": dynamodb.scan(TableName=name)["Items"],
        "index": [each["IndexName"] for each in described["GlobalSecondaryIndexes"]],
        "ttl": dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
        "pitr": pitr["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        "tags": dynamodb.list_tags_of_resource(ResourceArn=described["TableArn"])["Tags"],
        "targets": scaling.describe_scalable_targets(**namespace)["ScalableTargets"],
        "policies": scaling.describe_scaling_policies(**namespace)["ScalingPolicies"],
        "actions": scaling.describe_scheduled_actions(**namespace)["ScheduledActions"],
        "alarms": [
            {key: each.get(key) for key in ("MetricName", "Dimensions", "Metrics", "Threshold", "Period")}
            for each in alarms["MetricAlarms"]
        ],
    }
    for kind in ("targets", "policies", "actions"):
        found[kind] = [e for e in found[kind] if e["ResourceId"].split("/")[1] == name]
        for each in found[kind]:
            each.pop("StartTime", None)
            del each["CreationTime"]
    found["alarms"] = [each for each in found["alarms"] if f'"Value": "{name}"' in json.dumps(each)]
    text = json.dumps(found, default=str, sort_keys=True)
    result: Json = json.loads(text.replace(f'{name}"', 'NAME"').replace(f"{name}/", "NAME/"))
    return result


def test_a_backup_becomes_a_table_with_all_that_the_old_one_has(table: Operator) -> None:
    before = of(table, TABLE)
    with table.changing() as changed:
        shown = table.reported(f"restore-table --to {NEW}")["steps"]
    assert changed == []
    with table.changing() as changed:
        answer = table.reported(f"restore-table --to {NEW} --yes")
    assert (answer["exit"], answer["alarms"]) == (0, [])
    asked = [each["operation"].rpartition(":")[2].replace("_", "") for each in shown]
    assert asked == [name.lower() for name in changed]
    after = of(table, NEW)
    assert after == before
    assert [len(after[kind]) for kind in ("rows", "targets", "policies", "actions", "alarms")] == [
        1,
        2,
        2,
        2,
        2,
    ]
    assert of(table, TABLE) == before


# After every other write: tests/unit/backups/test_restore_again.py.
def test_a_restore_that_stopped_half_way_is_finished_by_the_same_command(table: Operator) -> None:
    before = of(table, TABLE)
    table.aws.inject([Fault("dynamodb", "RestoreTableFromBackup", "drop", when="after")])
    stopped = table.reported(f"restore-table --to {NEW} --yes")
    assert (stopped["exit"], stopped["left"][0]["operation"].startswith("dynamodb:")) == (6, True)
    answer = table.reported(f"restore-table --to {NEW} --yes")
    assert (answer["exit"], answer["begun"]) == (0, True)
    assert of(table, NEW) == before
    assert table.reported(f"restore-table --to {NEW} --yes")["steps"] == []


def test_a_lost_table_comes_back_under_its_own_name(table: Operator) -> None:
    before = of(table, TABLE)
    table.aws.client("dynamodb").delete_table(TableName=TABLE)
    answer = table.reported(f"restore-table --to {TABLE} --yes")
    assert answer["exit"] == 0
    # The tags of a deleted table are unknown.
    assert of(table, TABLE) == {**before, "tags": []}


@pytest.mark.long
def test_a_table_in_on_demand_mode_is_restored_in_on_demand_mode(table: Operator) -> None:
    dynamodb = table.aws.client("dynamodb")
    dynamodb.update_table(TableName=TABLE, BillingMode="PAY_PER_REQUEST")
    dynamodb.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1})
    assert table.reported(f"restore-table --to {NEW} --yes")["exit"] == 0
    found = dynamodb.describe_table(TableName=NEW)["Table"]
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert of(table, NEW)["targets"] == []


def test_backups_are_listed_made_by_hand_and_pruned_with_those_of_the_schedule(here: Operator) -> None:
    here.may_only("backup-table")
    due = {"time": (datetime.now(UTC) - timedelta(minutes=5)).isoformat()}
    here.aws.client("lambda").invoke(FunctionName=f"{STACK}-sessions-backup", Payload=json.dumps(due))
    here.aws.client("dynamodb").create_backup(TableName=TABLE, BackupName="mine")
    here.aws.age(40)
    with here.changing() as changed:
        shown = here.reported("backup-table")
    assert changed == []
    assert {each["name"].partition("-2")[0] for each in shown["backups"]} == {
        "mine", f"liveness-responder-{TABLE}",
    }  # fmt: skip
    with here.changing() as changed:
        answer = here.reported("backup-table --yes")
    assert changed == ["CreateBackup", "DeleteBackup"]
    left = here.aws.client("dynamodb").list_backups(TableName=TABLE)["BackupSummaries"]
    assert {each["BackupArn"] for each in left if each["BackupName"] != "mine"} == {answer["backup"]}
    assert len(left) == 2
    assert answer["backup"] in here.said("backup-table")


# --- objects ---------------------------------------------------------------------------------------


@pytest.fixture
def versioned(here: Operator) -> Operator:
    here.may_only("enable-versioning")
    assert here.reported("enable-versioning --yes")["exit"] == 0
    here.may_only("restore-object")
    return here


def put(here: Operator, body: str, key: str = KEY) -> str:
    made = here.aws.client("s3").put_object(Bucket=bucket(), Key=key, Body=body.encode())
    return str(made["VersionId"])


def now(here: Operator, key: str = KEY) -> str:
    """What a reader of the object gets."""
    try:
        found = here.aws.client("s3").get_object(Bucket=bucket(), Key=key)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return str(found["Body"].read().decode())


def stored(here: Operator) -> list[Any]:
    found = here.aws.client("s3").list_object_versions(Bucket=bucket())
    return [found.get("Versions"), found.get("DeleteMarkers")]


def test_versioning_is_enabled_only_with_an_expiry_and_every_rule_is_kept(here: Operator) -> None:
    s3 = here.aws.client("s3")
    before = s3.get_bucket_lifecycle_configuration(Bucket=bucket())["Rules"]
    before += [{"ID": "mine", "Status": "Disabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 7}}]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket(), LifecycleConfiguration={"Rules": before})
    here.may_only("enable-versioning")
    with here.changing() as changed:
        assert here.reported("enable-versioning")["dry_run"] is True
    assert changed == []
    with here.changing() as changed:
        assert here.reported("enable-versioning --yes")["exit"] == 0
    assert changed == ["PutLifecycleConfiguration", "PutBucketVersioning"]
    after = s3.get_bucket_lifecycle_configuration(Bucket=bucket())["Rules"]
    assert [{**each, "NoncurrentVersionExpiration": 0} for each in after] == [
        {**each, "NoncurrentVersionExpiration": 0} for each in before
    ]
    ends = {each["ID"]: each.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") for each in after}
    assert ends == {"logins/": 1, "temp/": 1, "liveness-audit/": 1, "mine": None}
    assert s3.get_bucket_versioning(Bucket=bucket())["Status"] == "Enabled"
    with here.changing() as changed:
        assert here.reported("enable-versioning --yes")["steps"] == []
    assert changed == []


def test_versions_of_one_key_are_listed_and_one_is_chosen(versioned: Operator) -> None:
    first, second = put(versioned, "first"), put(versioned, "second")
    put(versioned, "another one's", f"{KEY}.other")
    before = stored(versioned)
    answer = versioned.reported(f"restore-object {KEY}")
    assert [each["version"] for each in answer["versions"]] == [second, first]
    with versioned.changing() as changed:
        assert versioned.reported(f"restore-object {KEY} --version {first}")["dry_run"] is True
    assert (changed, stored(versioned)) == ([], before)
    assert versioned.reported(f"restore-object {KEY} --version {first} --yes")["exit"] == 0
    assert now(versioned) == "first"
    assert len(versioned.reported(f"restore-object {KEY}")["versions"]) == 3


def test_a_deleted_object_is_restored_with_its_original_date(versioned: Operator) -> None:
    kept = put(versioned, "face")
    versioned.aws.age(20)
    versioned.aws.client("s3").delete_object(Bucket=bucket(), Key=KEY)
    assert now(versioned) == "NoSuchKey"
    before = {
        each["version"]: each["made"] for each in versioned.reported(f"restore-object {KEY}")["versions"]
    }
    assert versioned.reported(f"restore-object {KEY} --version {kept} --yes")["exit"] == 0
    assert now(versioned) == "face"
    (back,) = versioned.reported(f"restore-object {KEY}")["versions"]
    assert (back["version"], back["made"]) == (kept, before[kept])


def test_a_key_with_every_kind_of_letter_is_found(versioned: Operator) -> None:
    key = "liveness-audit/a+b&c=d%20/顔?.jpg"
    first = put(versioned, "first", key)
    put(versioned, "second", key)
    assert versioned.reported(f"restore-object {key} --version {first} --yes")["exit"] == 0
    assert now(versioned, key) == "first"


@pytest.mark.parametrize("command", sorted(set(RIGHTS) - {"all"}))
def test_the_guide_names_every_right(command: str) -> None:
    reported = (Path(__file__).parents[2] / "docs" / "people.md").read_text(encoding="utf-8")
    assert [right for right in RIGHTS[command] if right.partition(":")[2] not in reported] == []
