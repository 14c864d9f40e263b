"""A restore that stopped half-way is finished by the same command, which writes nothing over."""

from datetime import timedelta

import pytest

from responder.core.errors import AwsError, Busy, Denied, Missing, Rejected, Throttled, Unreachable
from tests.unit.backups.tables_world import ARN, NEW, RESTORE, TABLE, TABLES, Tables
from tests.unit.people.terminal import Terminal

WRITES = (
    ("dynamodb", "restore_table_from_backup"),
    ("dynamodb", "update_time_to_live"),
    ("dynamodb", "update_continuous_backups"),
    ("dynamodb", "tag_resource"),
    ("application-autoscaling", "register_scalable_target"),
    ("application-autoscaling", "put_scaling_policy"),
    ("application-autoscaling", "put_scheduled_action"),
    ("cloudwatch", "put_metric_alarm"),
)
READS = (
    ("lambda", "get_function_configuration"),
    ("dynamodb", "list_backups"),
    ("dynamodb", "describe_backup"),
    ("dynamodb", "describe_table"),
    ("dynamodb", "describe_time_to_live"),
    ("dynamodb", "describe_continuous_backups"),
    ("dynamodb", "list_tags_of_resource"),
    ("application-autoscaling", "describe_scalable_targets"),
    ("application-autoscaling", "describe_scaling_policies"),
    ("application-autoscaling", "describe_scheduled_actions"),
    ("cloudwatch", "describe_alarms"),
)


@pytest.fixture
def world(here: Terminal) -> Tables:
    found = Tables(here.fake)
    found.act("evening")
    return found


def standing(world: Tables) -> list[object]:
    scaling = world.aws.autoscaling
    kept = (world.ttl, world.pitr, world.tags, scaling.targets, scaling.policies, scaling.actions)
    names = sorted(each["AlarmName"] for each in world.alarms)
    return [world.tables[NEW]["TableStatus"], world.made_of(NEW), *map(repr, kept), names]


@pytest.mark.parametrize("failed", WRITES)
@pytest.mark.parametrize("after", [False, True])
def test_after_any_failed_write_the_same_command_brings_it_to_the_same_end(
    here: Terminal, world: Tables, failed: tuple[str, str], after: bool
) -> None:
    twin = Tables(here.fake)
    twin.act("evening")
    here.machine(RESTORE)
    whole = standing(twin)
    world = Tables(here.fake)
    world.act("evening")
    here.fake.fail(*failed, Unreachable, after=after)
    assert here.machine(RESTORE)["exit"] == 6
    here.fake.heal()
    answer = here.machine(RESTORE)
    assert (answer["exit"], answer["begun"]) == (
        0,
        (failed[1], after) != ("restore_table_from_backup", False),
    )
    assert standing(world) == whole


@pytest.mark.parametrize("failed", WRITES)
def test_a_right_that_is_missing_names_its_call_and_leaves_the_commands(
    here: Terminal, world: Tables, failed: tuple[str, str]
) -> None:
    here.fake.fail(*failed, Denied, code="AccessDeniedException", times=9)
    answer = here.machine(RESTORE)
    assert answer["exit"] == 6
    assert f"{failed[0]}:" in answer["message"]
    assert answer["left"][0]["operation"] == ":".join(failed)


@pytest.mark.parametrize("failed", READS)
def test_what_cannot_be_read_stops_it_before_anything_is_written(
    here: Terminal, world: Tables, failed: tuple[str, str]
) -> None:
    here.fake.fail(*failed, Denied, code="AccessDeniedException", times=9)
    assert here.refused(RESTORE) == (6, "console.aws_failed")
    assert here.fake.writes == []


def test_a_table_that_lacks_nothing_is_left_alone(here: Terminal, world: Tables) -> None:
    here.machine(RESTORE)
    before = len(here.fake.writes)
    answer = here.machine(RESTORE)
    assert (answer["exit"], answer["steps"]) == (0, [])
    assert len(here.fake.writes) == before


def test_what_a_person_set_meanwhile_stays(here: Terminal, world: Tables) -> None:
    here.fake.fail("dynamodb", "update_time_to_live", Denied)
    here.machine(RESTORE)
    world.ttl[NEW], world.pitr[NEW], world.tags[f"{TABLES}/{NEW}"] = "gone_at", 3, {"team": "mine", "a": "b"}
    answer = here.machine(RESTORE)
    operations = {each["operation"] for each in answer["steps"]}
    assert not {each for each in operations if each.startswith("dynamodb:")}
    assert (world.ttl[NEW], world.pitr[NEW]) == ("gone_at", 3)
    assert world.tags[f"{TABLES}/{NEW}"] == {"team": "mine", "a": "b"}


def test_a_dry_run_shows_only_what_is_missing(here: Terminal, world: Tables) -> None:
    here.fake.fail("application-autoscaling", "put_scaling_policy", Denied)
    here.machine(RESTORE)
    answer = here.machine(f"restore-table --to {NEW}")
    assert [each["operation"].rpartition(":")[2] for each in answer["steps"]] == [
        "put_scaling_policy", "put_scheduled_action", "put_metric_alarm", "put_metric_alarm",
    ]  # fmt: skip


def test_one_that_is_still_being_made_is_waited_for(here: Terminal, world: Tables) -> None:
    world.looks = 10
    here.fake.fail("dynamodb", "restore_table_from_backup", Unreachable, after=True)
    here.machine(RESTORE)
    answer = here.machine(RESTORE)
    assert answer["steps"][0]["operation"] == "dynamodb:describe_table"
    assert (answer["exit"], world.ttl[NEW]) == (0, "expires_at")


def test_a_newer_backup_does_not_take_its_place(here: Terminal, world: Tables) -> None:
    here.fake.fail("dynamodb", "update_time_to_live", Denied)
    here.machine(RESTORE)
    world.backups.append(world.backup(0, "newest"))
    assert here.machine(RESTORE)["backup"] == f"{ARN}/backup/new"


@pytest.mark.parametrize(
    "summary",
    [
        {},
        {"SourceTableArn": ARN},
        {"SourceBackupArn": f"{TABLES}/Payments/backup/foreign"},
        {"SourceBackupArn": f"{ARN}/backup/pruned-since"},
        {"SourceBackupArn": f"{ARN}/backup/old"},
    ],
)
def test_any_other_table_of_that_name_is_refused(
    here: Terminal, world: Tables, summary: dict[str, str]
) -> None:
    """Manual, from a point in time, from a backup of another table, or gone, or not the one asked for."""
    world.backups.append(
        {**world.backup(1, "x"), "TableName": "Payments", "BackupArn": f"{TABLES}/Payments/backup/foreign"}
    )
    world.tables[NEW] = {"TableStatus": "ACTIVE", "TableArn": f"{TABLES}/{NEW}", "RestoreSummary": summary}
    option = f"--backup {ARN}/backup/new" if summary.get("SourceBackupArn", "").endswith("/old") else ""
    assert here.refused(f"restore-table --to {NEW} {option} --yes") == (7, "ops.table_exists")
    assert here.fake.writes == []


def test_a_lost_table_that_came_back_half_is_finished_under_its_own_name(
    here: Terminal, world: Tables
) -> None:
    world.lose(TABLE)
    here.fake.fail("dynamodb", "update_time_to_live", Throttled)
    assert here.machine(f"restore-table --to {TABLE} --yes")["exit"] == 6
    answer = here.machine(f"restore-table --to {TABLE} --yes")
    assert (answer["exit"], answer["begun"]) == (0, True)
    assert (world.ttl[TABLE], world.pitr[TABLE]) == ("expires_at", 35)


# --- while AWS is still at it ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Missing, "ResourceNotFoundException"),
        (Throttled, "ThrottlingException"),
        (Unreachable, "ReadTimeout"),
    ],
)
def test_a_table_that_aws_cannot_show_yet_is_waited_for(
    here: Terminal, world: Tables, error: type[AwsError], code: str
) -> None:
    """DescribeTable is eventually consistent: what was just made may not be there (API reference)."""
    aws = here.fake
    aws.fail("dynamodb", "describe_table", error, code=code, call=3, times=2, where={"TableName": NEW})
    assert here.machine(RESTORE)["exit"] == 0


@pytest.mark.parametrize(
    ("service", "operation", "error", "code"),
    [
        ("dynamodb", "update_continuous_backups", Rejected, "ContinuousBackupsUnavailableException"),
        ("dynamodb", "tag_resource", Busy, "ResourceInUseException"),
        ("application-autoscaling", "put_scaling_policy", Missing, "ObjectNotFoundException"),
    ],
)
def test_a_new_table_that_is_not_ready_for_a_step_is_asked_again(
    here: Terminal, world: Tables, service: str, operation: str, error: type[AwsError], code: str
) -> None:
    here.fake.fail(service, operation, error, code=code, times=3)
    assert here.machine(RESTORE)["exit"] == 0


def test_ctrl_c_while_it_waits_leaves_the_commands_of_the_rest(
    here: Terminal, world: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    world.looks = 10**9
    monkeypatch.setattr("liveness_ops.backups.steps.time.sleep", interrupted)
    answer = here.machine(RESTORE)
    assert answer["exit"] == 130
    assert [each["operation"] for each in answer["done"]] == ["dynamodb:restore_table_from_backup"]
    assert answer["left"][0]["operation"] == "dynamodb:update_time_to_live"


def test_a_backup_that_aws_made_of_the_deleted_table_counts_as_the_newest(
    here: Terminal, world: Tables
) -> None:
    last = {**world.backup(0, "system"), "BackupType": "SYSTEM", "BackupName": f"{TABLE}$DeletedTableBackup"}
    last["BackupCreationDateTime"] += timedelta(seconds=1)
    world.backups.append(last)
    world.lose(TABLE)
    assert here.machine(f"restore-table --to {TABLE}")["backup"] == f"{ARN}/backup/system"
