"""A manual backup is made, named and pruned as on schedule; without --yes it only lists."""

import pytest

from responder.checks.backups import names as named
from responder.core.errors import AwsError, Denied, Rejected, Throttled
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.checks.backups_world import TABLE, Backups
from tests.unit.people.terminal import Terminal


@pytest.fixture
def world(here: Terminal, monkeypatch: pytest.MonkeyPatch) -> Backups:
    found = Backups(here.fake.now, aws=here.fake)
    monkeypatch.setattr("time.sleep", found.sleep)
    return found


@pytest.mark.parametrize("flags", ["", "--dry-run --yes"])
def test_a_dry_run_lists_them_shows_both_steps_and_writes_nothing(
    here: Terminal, world: Backups, flags: str
) -> None:
    old, newest = world.ours(days=60), world.ours(days=40)
    world.add("mine", days=400)
    answer = here.machine(f"backup-table {flags}")
    assert [each["name"] for each in answer["backups"]] == [newest, old, "mine"]
    create, *deleted = answer["steps"]
    assert named.name(TABLE, here.fake.now) in create["command"]
    assert create["command"].startswith("aws dynamodb create-backup ")
    assert [each["operation"] for each in deleted] == ["dynamodb:delete_backup"] * 2
    assert here.fake.writes == []


@in_both_languages
def test_the_list_marks_expired_foreign_and_unfinished_backups(
    here: Terminal, world: Backups, language: str
) -> None:
    found = [world.ours(days=60), world.ours(days=2), world.add("mine", days=3), world.ours(1, "CREATING")]
    done = here.run("backup-table", language=language)
    assert done.exit_code == 0
    assert all(f" {each}" in done.output for each in found)
    said = {
        "ja": ("保存期間切れ", "ほかの名前", "作成中"),
        "en": (piece("ops.backup_over"), "other name", piece("ops.backup_making")),
    }
    assert all(each in done.output for each in said[language])


def test_with_yes_it_is_made_and_the_old_ones_of_the_stack_end(here: Terminal, world: Backups) -> None:
    old, other = world.ours(days=60), world.add("mine", days=400)
    answer = here.machine("backup-table --yes")
    assert (answer["exit"], answer["made"], answer["pruned"]) == (0, True, [old])
    assert world.names == [other, named.name(TABLE, here.fake.now)]
    assert answer["backup"] == world.kept[-1]["BackupArn"]


def test_what_the_dry_run_showed_is_what_is_done(here: Terminal, world: Backups) -> None:
    for days in (34, 35, 36, 50):
        world.ours(days=days)
    shown = here.machine("backup-table")["steps"]
    here.machine("backup-table --yes")
    assert [each["operation"].rpartition(":")[2] for each in shown] == [
        operation for _, operation in here.fake.writes
    ]


def test_where_an_old_one_cannot_be_deleted_the_new_one_is_reported(here: Terminal, world: Backups) -> None:
    world.ours(days=60)
    here.fake.fail("dynamodb", "delete_backup", Denied, code="AccessDeniedException")
    answer = here.machine("backup-table --yes")
    assert (answer["exit"], answer["call"]) == (6, "dynamodb:DeleteBackup AccessDeniedException")
    assert answer["backup"] == world.kept[-1]["BackupArn"]
    assert here.run("backup-table --yes").output.count("Traceback") == 0


@pytest.mark.parametrize(
    ("operation", "error"),
    [("list_backups", Denied), ("create_backup", Denied), ("create_backup", Throttled)],
)
def test_what_aws_refuses_is_one_line_and_nothing_is_pruned(
    here: Terminal, world: Backups, operation: str, error: type[AwsError]
) -> None:
    world.ours(days=60)
    here.fake.fail("dynamodb", operation, error, times=9)
    assert here.machine("backup-table --yes")["exit"] == 6
    assert here.fake.count("dynamodb", "delete_backup") == 0


def test_the_same_minute_again_makes_no_second(here: Terminal, world: Backups) -> None:
    here.machine("backup-table --yes")
    answer = here.machine("backup-table --yes")
    assert (answer["made"], len(world.names)) == (False, 1)


def test_one_that_is_restored_right_now_is_left(here: Terminal, world: Backups) -> None:
    world.ours(days=60)
    here.fake.fail("dynamodb", "delete_backup", Rejected, code="BackupInUseException")
    assert here.machine("backup-table --yes")["pruned"] == []
