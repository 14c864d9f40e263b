"""A backup becomes a new table with all that it had; nothing is written over, nothing without --yes."""

import pytest

from responder.core.errors import Denied, Throttled
from tests.rows import in_both_languages
from tests.unit.backups.tables_world import ARN, NEW, RESTORE, TABLE, Tables
from tests.unit.people.terminal import Terminal


@pytest.fixture
def world(here: Terminal) -> Tables:
    return Tables(here.fake)


@pytest.mark.parametrize("flags", ["", "--dry-run", "--dry-run --yes"])
def test_a_dry_run_shows_each_step_and_writes_nothing(here: Terminal, world: Tables, flags: str) -> None:
    answer = here.machine(f"restore-table --to {NEW} {flags}")
    assert answer["dry_run"] is True
    assert [each["operation"] for each in answer["steps"]] == [
        "dynamodb:restore_table_from_backup",
        "dynamodb:update_time_to_live",
        "dynamodb:update_continuous_backups",
        "dynamodb:tag_resource",
        "application-autoscaling:register_scalable_target",
        "application-autoscaling:put_scaling_policy",
        "cloudwatch:put_metric_alarm",
        "cloudwatch:put_metric_alarm",
    ]
    assert all(each["command"].startswith("aws ") for each in answer["steps"])
    assert here.fake.writes == []


@in_both_languages
def test_people_see_the_steps_and_what_is_left_to_them(here: Terminal, world: Tables, language: str) -> None:
    done = here.run(f"restore-table --to {NEW}", language=language)
    assert done.exit_code == 0
    for part in ("restore-table-from-backup", f"Throttles-{NEW}", "--yes", "FaceAuthLambdaExecutionRole"):
        assert part in done.stdout
    assert "TargetTracking-" not in done.stdout


def test_the_newest_whole_backup_becomes_the_new_table_with_all_that_the_old_one_had(
    here: Terminal, world: Tables
) -> None:
    answer = here.machine(RESTORE)
    aws = here.fake
    assert (answer["dry_run"], answer["begun"], answer["alarms"]) == (False, False, [])
    assert world.made_of(NEW) == f"{ARN}/backup/new"
    (ttl,) = aws.sent("dynamodb", "update_time_to_live")
    assert ttl == {
        "TableName": NEW,
        "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expires_at"},
    }
    (pitr,) = aws.sent("dynamodb", "update_continuous_backups")
    assert pitr["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"] == 20
    (tags,) = aws.sent("dynamodb", "tag_resource")
    assert tags == {"ResourceArn": ARN.replace(TABLE, NEW), "Tags": [{"Key": "team", "Value": "auth"}]}
    (target,) = aws.sent("application-autoscaling", "register_scalable_target")
    assert (target["ResourceId"], target["MaxCapacity"]) == (f"table/{NEW}", 50)
    (policy,) = aws.sent("application-autoscaling", "put_scaling_policy")
    assert (policy["ResourceId"], policy["PolicyName"]) == (f"table/{NEW}", f"read-{NEW}")


def test_one_backup_may_be_named(here: Terminal, world: Tables) -> None:
    here.machine(f"restore-table --to {NEW} --backup {ARN}/backup/old --yes")
    assert world.made_of(NEW).endswith("/old")


@pytest.mark.parametrize("name", [TABLE, "no", "a/b"])
def test_a_table_that_exists_is_not_touched_nor_a_name_that_is_none(
    here: Terminal, world: Tables, name: str
) -> None:
    answer = here.machine(f"restore-table --to {name} --yes")
    assert answer["exit"] == (7 if name == TABLE else 2)
    assert here.fake.writes == []


@pytest.mark.parametrize(("name", "status"), [("gone", 2), ("half", 2), ("foreign", 2)])
def test_a_backup_that_cannot_be_restored_or_is_not_ours_is_refused(
    here: Terminal, world: Tables, name: str, status: int
) -> None:
    world.backups.append({**world.backup(1, "foreign"), "TableName": "Payments"})
    answer = here.machine(f"restore-table --to {NEW} --backup {ARN}/backup/{name} --yes")
    assert answer["exit"] == status
    assert here.fake.writes == []


def test_without_any_backup_it_reports_it(here: Terminal, world: Tables) -> None:
    world.backups = world.backups[2:]
    assert here.machine(f"restore-table --to {NEW}")["exit"] == 5


def test_a_table_that_is_lost_comes_back_from_what_its_backup_knows(here: Terminal, world: Tables) -> None:
    world.lose(TABLE)
    answer = here.machine(f"restore-table --to {TABLE} --yes")
    assert answer["exit"] == 0
    assert here.fake.count("dynamodb", "update_time_to_live") == 1
    assert here.fake.count("dynamodb", "tag_resource") == 0


def test_where_a_step_fails_the_commands_of_the_rest_are_reported(here: Terminal, world: Tables) -> None:
    here.fake.fail("dynamodb", "update_continuous_backups", Denied, times=9)
    answer = here.machine(RESTORE)
    assert answer["exit"] == 6
    assert [each["operation"] for each in answer["done"]] == [
        "dynamodb:restore_table_from_backup", "dynamodb:update_time_to_live",
    ]  # fmt: skip
    assert len(answer["left"]) == 6


def test_a_table_that_takes_longer_leaves_the_rest_to_a_person(
    here: Terminal, world: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.looks = 10**9
    clock = iter(range(0, 10**6, 30))
    monkeypatch.setattr("liveness_ops.backups.steps.time.monotonic", lambda: float(next(clock)))
    answer = here.machine(f"restore-table --to {NEW} --minutes 2 --yes")
    assert answer["exit"] == 7
    assert len(answer["left"]) == 7


def test_an_error_of_aws_is_one_line(here: Terminal, world: Tables) -> None:
    here.fake.fail("dynamodb", "list_backups", Throttled, code="ThrottlingException")
    answer = here.machine(f"restore-table --to {NEW}")
    assert (answer["exit"], answer["call"]) == (6, "dynamodb:ListBackups ThrottlingException")
