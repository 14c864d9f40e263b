"""Every month a backup is really restored, compared and deleted, and on-call is notified of the result."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from responder.checks.backups.restore_rehearsal import (
    STATE,
    RestoreRehearsal,
    RestoreRehearsalOutcome,
    RestoreRehearsalRun,
    RestoreRehearsalStage,
    TableShape,
    due,
    is_rehearsal,
    judged,
    price,
    rehearsed,
    said_cost,
    table_of,
)
from responder.checks.backups.restore_rehearsal_run import NEEDS
from responder.checks.base import Check
from responder.checks.model import CheckItem, CheckStatus
from responder.core.codec import Misfit, dump, load
from responder.core.context import Context
from responder.core.errors import Denied, Rejected, ResponderError, Unreachable
from responder.core.permissions import ANY, APPROVALS_TABLE
from tests.fakes import Died
from tests.unit.checks.backups_world import TABLE
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.rehearsal_world import ITEMS, REHEARSAL, SCHEMA, SETTINGS, TEN, World

pytestmark = pytest.mark.unit

OFF = replace(SETTINGS, restore_rehearsal="off")
HALF_AN_HOUR = timedelta(minutes=30)


def daily(world: World) -> tuple[CheckItem, ...]:
    """The daily check's finding about it."""
    now = world.aws.now
    return rehearsed(Context(world.aws, world.settings, now, now))


def ended(world: World) -> dict[str, Any]:
    """The item of its report, after the looks of a day."""
    world.looks()
    return world.item()


# --- the whole way ---------------------------------------------------------------------------------


def test_the_newest_backup_is_restored_compared_deleted_and_reported_once() -> None:
    world = World()
    world.backups.add("made-by-hand", days=1)
    world.looks()
    (restored,) = world.aws.sent("dynamodb", "restore_table_from_backup")
    assert (restored["TargetTableName"], restored["BackupArn"]) == (REHEARSAL, world.backup(2))
    assert world.tables.keys() == {TABLE}
    assert world.item()["light"] == "green"
    assert world.item()["numbers"]["items"] == ITEMS
    assert len(world.aws.sns.published) == 1
    assert world.run.stage is RestoreRehearsalStage.REPORTED and world.run.gone


def test_a_look_leaves_a_restore_in_progress_to_the_next_one() -> None:
    world = World()
    assert world.look() == {"rehearsal": "restoring", "table": REHEARSAL}
    assert world.aws.sns.published == []
    world.aws.tick(minutes=10)
    assert world.look()["rehearsal"] == "restoring"
    world.aws.tick(minutes=20)
    assert world.look()["rehearsal"] == "restored"


def test_the_record_is_written_before_the_table_is_made() -> None:
    world = World()
    world.look()
    assert world.aws.writes == [
        ("s3", "put_object"),
        # Once more: nothing has ended it meanwhile.
        ("s3", "put_object"),
        ("dynamodb", "restore_table_from_backup"),
    ]


def test_once_a_month_and_from_ten_to_eleven_only() -> None:
    world = World()
    world.looks()
    for day in range(1, 28):
        world.aws.now = TEN + timedelta(days=day)
        world.look()
    assert world.aws.count("dynamodb", "restore_table_from_backup") == 1
    world.aws.now = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    assert world.look() == {"rehearsal": "done"}
    world.aws.now = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert world.look()["rehearsal"] == "restoring"


def test_where_it_is_off_nothing_is_restored() -> None:
    world = World(settings=OFF)
    assert world.looks() == {"rehearsal": "off"}
    assert world.aws.writes == []
    assert world.look(by_hand=True) == {"rehearsal": "off"}


def test_where_it_was_switched_off_before_the_table_was_made_none_is_made() -> None:
    world = World()
    world.aws.fail("dynamodb", "restore_table_from_backup", Unreachable)
    with pytest.raises(Unreachable):
        world.look()
    world.settings = OFF
    world.look(by_hand=True)
    assert world.tables.keys() == {TABLE}


def test_what_was_made_before_it_was_switched_off_is_deleted_by_the_next_look() -> None:
    world = World()
    world.look()
    world.settings = OFF
    world.aws.tick(minutes=30)
    assert world.look(by_hand=True)["rehearsal"] == "restored"
    assert world.tables.keys() == {TABLE}


def test_by_hand_it_begins_at_any_time_but_a_good_one_is_not_repeated_that_day() -> None:
    world = World(now=TEN + timedelta(days=9, hours=8))
    assert world.look(by_hand=True)["rehearsal"] == "restoring"
    world.aws.tick(minutes=30)
    assert world.look(by_hand=True)["rehearsal"] == "restored"
    assert world.look(by_hand=True) == {"rehearsal": "done"}
    world.aws.tick(days=1)
    assert world.look(by_hand=True)["rehearsal"] == "restoring"


def test_by_hand_a_bad_one_is_repeated_on_its_day() -> None:
    world = World(backed_up=False)
    assert world.look()["rehearsal"] == "no_backup"
    world.backups.ours(days=0)
    assert world.look()["rehearsal"] == "done"
    assert world.look(by_hand=True)["rehearsal"] == "restoring"


# --- what it finds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "light", "key"),
    [
        (1_000, "green", "restored"),
        (751, "green", "restored"),
        (749, "red", "fewer"),
        (0, "red", "fewer"),
        (1_250, "green", "restored"),
        (1_251, "amber", "more"),
    ],
)
def test_the_count_may_differ_by_what_six_hours_bring(items: int, light: str, key: str) -> None:
    world = World()
    world.items = items
    found = ended(world)
    assert (found["light"], found["said"]["key"]) == (light, f"check.rehearsal.{key}")


def test_of_a_large_table_a_fifth_may_differ() -> None:
    for items, light in ((80_000, "green"), (79_999, "red")):
        world = World()
        world.source["ItemCount"], world.items = 100_000, items
        assert ended(world)["light"] == light


def test_an_empty_table_is_amber_where_the_backup_had_few_items_and_green_where_it_had_none() -> None:
    for expected, light in ((12, "amber"), (0, "green")):
        world = World()
        world.source["ItemCount"], world.items = expected, 0
        assert ended(world)["light"] == light


def test_another_key_or_a_missing_index_is_red_and_named() -> None:
    world = World()
    world.source = {**world.source, "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
    found = ended(world)
    assert found["light"] == "red"
    assert "- id HASH" in found["said"]["en"] and "+ session_id HASH" in found["said"]["en"]
    world = World()
    second = {**SCHEMA["GlobalSecondaryIndexes"][0], "IndexName": "by_day"}
    world.source = {**world.source, "GlobalSecondaryIndexes": [*SCHEMA["GlobalSecondaryIndexes"], second]}
    found = ended(world)
    assert found["light"] == "red" and "- by_day (employee_id HASH) ALL" in found["said"]["en"]


def test_a_backup_older_than_an_index_of_today_is_amber() -> None:
    world = World()
    second = {**SCHEMA["GlobalSecondaryIndexes"][0], "IndexName": "by_day"}
    world.tables[TABLE]["GlobalSecondaryIndexes"] = [*SCHEMA["GlobalSecondaryIndexes"], second]
    found = ended(world)
    assert (found["light"], found["said"]["key"]) == ("amber", "check.rehearsal.outdated")


@pytest.mark.parametrize("code", ["BackupNotFoundException", "ValidationException"])
def test_a_backup_that_aws_does_not_restore_is_red_immediately_with_the_code(code: str) -> None:
    world = World()
    world.aws.fail("dynamodb", "restore_table_from_backup", Rejected, code=code)
    world.look()
    found = world.item()
    assert (found["light"], code in found["said"]["en"]) == ("red", True)
    assert found["command"].endswith("--function-name responder-rehearsal-check /dev/stdout")
    assert json.loads(json.loads(world.aws.sns.published[0]["Message"])["lambda"])["severity"] == "medium"


def test_a_restore_that_takes_more_than_five_hours_is_red_and_its_table_is_deleted_when_it_can_be() -> None:
    world = World()
    world.takes = timedelta(hours=30)
    world.looks()
    found = world.item()
    assert (found["light"], "CREATING" in found["said"]["en"]) == ("red", True)
    assert REHEARSAL in world.tables
    world.aws.now = TEN + timedelta(days=2)
    world.look()
    assert world.tables.keys() == {TABLE}
    assert len(world.aws.sns.published) == 1


@pytest.mark.parametrize("code", ["BackupInUseException", "LimitExceededException"])
def test_what_will_pass_is_tried_again_by_the_next_look(code: str) -> None:
    world = World()
    world.aws.fail("dynamodb", "restore_table_from_backup", Rejected, code=code)
    assert ended(world)["light"] == "green"


def test_without_an_on_demand_backup_it_is_unknown_and_reports_it_once() -> None:
    world = World(backed_up=False)
    world.backups.ours(days=1, status="CREATING")
    found = ended(world)
    assert (found["light"], found["said"]["key"]) == ("unknown", "check.rehearsal.no_backup")
    assert len(world.aws.sns.published) == 1


@pytest.mark.parametrize(
    ("operation", "right"),
    [
        ("list_backups", "dynamodb:ListBackups"),
        ("describe_backup", "dynamodb:DescribeBackup"),
        ("restore_table_from_backup", "dynamodb:RestoreTableFromBackup"),
        ("scan", "dynamodb:Scan"),
    ],
)
def test_a_missing_right_is_unknown_and_named_and_says_nothing_of_the_backup(
    operation: str, right: str
) -> None:
    world = World()
    world.aws.fail("dynamodb", operation, Denied, times=99)
    found = ended(world)
    assert (found["light"], right in found["said"]["en"]) == ("unknown", True)
    assert world.tables.keys() == {TABLE}


def test_what_it_costs_and_what_it_does_not_test_is_reported() -> None:
    found = ended(World())
    details = " ".join(each["en"] for each in found["details"])
    assert "cost about 0.01 USD" in details
    for each in ("TTL", "auto scaling", "tags", "alarms", "point-in-time recovery", "capacity"):
        assert each in details


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0.01 USD"), (1024**3, "0.16 USD"), (100 * 1024**3, "15.85 USD")]
)
def test_the_price_is_that_of_the_restored_size(size: int, said: str) -> None:
    assert said_cost(price(size)) == said


# --- nothing else is touched -------------------------------------------------------------------------


def test_a_table_of_that_name_that_was_there_before_is_never_deleted() -> None:
    for made_of in (None, "arn:aws:dynamodb:us-east-1:1:table/Payroll/backup/1"):
        world = World()
        world.restored(REHEARSAL, made_of)
        found = ended(world)
        assert (found["light"], found["said"]["key"]) == ("unknown", "check.rehearsal.foreign")
        assert REHEARSAL in world.tables
        assert world.aws.count("dynamodb", "delete_table") == 0


def test_a_table_of_the_same_backup_that_a_person_had_made_is_not_taken_for_ours() -> None:
    world = World()
    world.restored(REHEARSAL, world.backup())
    assert ended(world)["said"]["key"] == "check.rehearsal.foreign"
    assert REHEARSAL in world.tables


def test_a_table_that_a_person_created_under_that_name_is_never_deleted() -> None:
    world = World()
    world.look()
    world.tables.pop(REHEARSAL)
    world.made.clear()
    world.restored(REHEARSAL, world.backup(1))
    world.aws.tick(minutes=30)
    world.looks()
    assert REHEARSAL in world.tables and world.aws.count("dynamodb", "delete_table") == 0


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        (REHEARSAL, True),
        (TABLE, False),
        (f"{TABLE}-rehearsal-", False),
        (f"{TABLE}-rehearsal-2026", False),
        (f"{TABLE}-rehearsal-20260201-keep", False),
        ("Payroll-rehearsal-20260201", False),
        (f"x{REHEARSAL}", False),
    ],
)
def test_only_a_table_with_the_whole_suffix_is_one_of_a_rehearsal(name: str, ours: bool) -> None:
    assert is_rehearsal(name, TABLE) is ours
    assert table_of(TABLE, date(2026, 2, 1)) == REHEARSAL


def test_no_item_is_read_or_kept() -> None:
    world = World()
    world.looks()
    said = json.dumps([str(each) for each in world.objects.values()]) + str(world.aws.sns.published)
    assert "secret-session" not in said
    assert not [each for each in world.aws.calls if each[1] in ("get_item", "query", "batch_get_item")]


def test_rights_to_write_reach_no_other_table() -> None:
    wide = {
        each.resource
        for each in NEEDS
        if each.action.startswith("dynamodb:") and each.resource not in (ANY, APPROVALS_TABLE)
    }
    assert {each.action for each in NEEDS if each.resource == APPROVALS_TABLE} == {"dynamodb:Query"}
    table = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${SessionsTableName}"
    assert wide == {table, f"{table}-rehearsal-*", f"{table}/backup/*"}
    assert {each.action for each in NEEDS if each.resource == table} == {"dynamodb:DescribeTable"}


# --- repeats, crashes, failures ----------------------------------------------------------------------

WRITES = (
    ("s3", "put_object"),
    ("dynamodb", "restore_table_from_backup"),
    ("dynamodb", "delete_table"),
    ("sns", "publish"),
)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("service", "operation"), WRITES)
def test_a_run_that_died_is_continued(service: str, operation: str, after: bool) -> None:
    for number in range(1, 10):
        world = World()
        world.aws.fail(service, operation, Died(), call=number, after=after)
        died = False
        for _ in range(14):
            try:
                world.look()
            except Died:
                died = True
            world.aws.tick(minutes=30)
        assert world.tables.keys() == {TABLE}
        assert world.item()["light"] == "green"
        assert world.aws.count("dynamodb", "restore_table_from_backup") - died <= 1
        if not died:
            assert number > 1
            return
    pytest.fail("it never came so far")


def test_a_run_of_last_month_that_died_is_ended_before_a_new_one_begins() -> None:
    world = World()
    world.look()
    world.aws.now = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
    assert world.look()["rehearsal"] == "restored"
    assert world.tables.keys() == {TABLE}
    world.aws.tick(minutes=30)
    assert world.look() == {"rehearsal": "restoring", "table": f"{TABLE}-rehearsal-20260301"}


def test_two_simultaneous_looks_make_one_table() -> None:
    world = World()
    world.aws.between("s3", "put_object", world.look)
    with pytest.raises(ResponderError):
        world.look()
    assert world.look()["rehearsal"] == "restoring"
    assert world.aws.count("dynamodb", "restore_table_from_backup") == 1


def test_a_look_that_another_one_has_overtaken_makes_no_table_again() -> None:
    """The other one has compared and deleted it in the meantime."""
    world = World()
    world.look()
    world.aws.tick(minutes=30)
    world.aws.between("dynamodb", "describe_table", world.look)
    with pytest.raises(ResponderError):
        world.look()
    assert world.tables.keys() == {TABLE}
    assert world.aws.count("dynamodb", "restore_table_from_backup") == 1


def test_a_failure_is_reported_by_the_first_looks_of_a_day_only() -> None:
    world = World()
    world.aws.fail("s3", "get_object", Denied, times=99)
    for hour, raises in ((0, True), (1, False), (6, False)):
        world.aws.now = TEN + timedelta(hours=hour)
        if raises:
            with pytest.raises(Denied):
                world.look()
        else:
            assert world.look() == {"rehearsal": "later"}
    with pytest.raises(Denied):
        world.look(by_hand=True)


def test_a_topic_that_fails_is_tried_again_and_the_report_has_one_id() -> None:
    world = World()
    world.look()
    world.aws.tick(hours=1)
    world.aws.fail("sns", "publish", Unreachable)
    assert world.look() == {"rehearsal": "later"}
    assert world.tables.keys() == {TABLE}
    world.aws.tick(minutes=30)
    assert world.look()["check"] == "check-rehearsal-2026-02-01"
    assert len(world.aws.sns.published) == 1


def test_a_table_that_cannot_be_deleted_does_not_hold_the_message_back_for_ever() -> None:
    world = World()
    world.aws.fail("dynamodb", "delete_table", Denied, times=99)
    world.looks(2)
    assert world.aws.sns.published == []
    world.looks(1)
    (section,) = world.report()["sections"]
    assert [each["light"] for each in section["items"]] == ["green", "amber"]
    assert REHEARSAL in section["items"][1]["said"]["en"]
    assert len(world.aws.sns.published) == 1


def test_a_record_that_is_not_ours_is_an_error_and_nothing_is_done() -> None:
    for body in (b"[]", b"{}", b'{"day": "soon"}', b"\xff"):
        world = World()
        world.objects[STATE] = body
        with pytest.raises(ResponderError):
            world.look()
        (found,) = daily(world)
        assert found.light is CheckStatus.UNKNOWN
        assert world.aws.count("dynamodb", "restore_table_from_backup") == 0


def test_what_is_kept_is_read_again() -> None:
    run = RestoreRehearsalRun(date(2026, 2, 1), REHEARSAL, TEN)
    assert load(RestoreRehearsalRun, json.loads(json.dumps(dump(run)))) == run
    whole = replace(
        run,
        backup="b",
        name="n",
        made=TEN,
        size=1,
        items=2,
        shape=TableShape(("a",), ("b",)),
        found=TableShape(("c",), ()),
    ).end(RestoreRehearsalOutcome.RESTORED, TEN, counted=3, whole=False, today=TableShape())
    assert load(RestoreRehearsalRun, json.loads(json.dumps(dump(whole)))) == whole
    for name in ("stage", "outcome", "shape"):
        stored = {**dump(run), name: "a word of nobody"}
        with pytest.raises(Misfit, match=name):
            load(RestoreRehearsalRun, stored)


# --- what the daily check says -----------------------------------------------------------------------


def test_a_rehearsal_that_is_switched_off_is_green_and_reported_as_off() -> None:
    (found,) = daily(World(settings=OFF))
    assert (found.light, found.said.key) == (CheckStatus.GREEN, "check.rehearsal.off")


def test_on_and_never_rehearsed_is_amber() -> None:
    (found,) = daily(World())
    assert (found.light, found.said.key) == (CheckStatus.AMBER, "check.rehearsal.never")


@pytest.mark.parametrize(
    ("days", "light"), [(1, CheckStatus.GREEN), (35, CheckStatus.GREEN), (36, CheckStatus.RED)]
)
def test_the_last_one_may_be_thirty_five_days_old(days: int, light: CheckStatus) -> None:
    world = World()
    world.looks()
    world.aws.now = TEN + timedelta(days=days)
    (found,) = daily(world)
    assert found.light is light


def test_where_it_was_switched_off_an_old_one_is_no_fault() -> None:
    world = World()
    world.looks()
    world.aws.now, world.settings = TEN + timedelta(days=90), OFF
    (found,) = daily(world)
    assert found.light is CheckStatus.GREEN


def test_a_backup_that_cannot_be_restored_stays_red_until_one_can_be() -> None:
    world = World()
    world.aws.fail("dynamodb", "restore_table_from_backup", Rejected)
    world.looks()
    world.aws.now = TEN + timedelta(days=20)
    (found,) = daily(world)
    assert found.light is CheckStatus.RED
    world.look(by_hand=True)
    world.aws.tick(minutes=30)
    world.look(by_hand=True)
    (found,) = daily(world)
    assert found.light is CheckStatus.GREEN


def test_one_that_has_not_ended_is_amber_the_day_after() -> None:
    world = World()
    world.look()
    assert [each.light for each in daily(world)] == [CheckStatus.GREEN]
    world.aws.tick(hours=23)
    first, table = daily(world)
    assert (first.light, first.said.key) == (CheckStatus.AMBER, "check.rehearsal.stopped")
    assert table.light is CheckStatus.RED


def test_a_table_that_is_left_is_red_by_name_with_its_age_and_the_command() -> None:
    world = World(settings=OFF)
    world.restored(REHEARSAL, world.backup(), CreationDateTime=TEN - timedelta(hours=30))
    _, found = daily(world)
    assert found.light is CheckStatus.RED
    assert REHEARSAL in reported(found) and "30 h" in reported(found)
    assert f"aws dynamodb delete-table --region us-east-1 --table-name {REHEARSAL}" in found.command
    assert f'["id-{REHEARSAL}","{world.backup()}"]' in found.command
    assert found.caution is not None and found.numbers == {"hours": 30.0}
    check_words(RestoreRehearsal().run(Context(world.aws, OFF, TEN, TEN)))


def test_a_table_of_that_name_from_another_backup_is_only_shown() -> None:
    world = World(settings=OFF)
    world.restored(REHEARSAL, None, CreationDateTime=TEN - timedelta(hours=30))
    _, found = daily(world)
    assert (found.light, "delete-table" in found.command) == (CheckStatus.RED, False)


def test_a_table_that_a_rehearsal_works_on_is_not_left() -> None:
    world = World()
    world.restored(REHEARSAL, world.backup(), CreationDateTime=TEN - timedelta(hours=11))
    world.restored("Payroll-rehearsal-20260101", None, CreationDateTime=TEN - timedelta(days=9))
    assert len(daily(world)) == 1


def test_a_missing_right_of_the_daily_check_is_unknown_and_named() -> None:
    world = World(settings=OFF)
    world.aws.fail("dynamodb", "list_tables", Denied, times=9)
    _, found = daily(world)
    assert (found.light, "dynamodb:ListTables" in reported(found)) == (CheckStatus.UNKNOWN, True)


# --- manually ----------------------------------------------------------------------------------------


def test_before_it_is_switched_on_the_console_says_what_it_would_cost() -> None:
    world = World(settings=OFF)
    world.backups.kept[0]["BackupSizeBytes"] = 10 * 1024**3
    section = RestoreRehearsal().run(Context(world.aws, OFF, TEN, TEN))
    check_words(section)
    assert isinstance(RestoreRehearsal(), Check)
    assert "1.59 USD" in reported(section.items[1])
    assert world.aws.writes == []


@pytest.mark.parametrize("outcome", list(RestoreRehearsalOutcome))
def test_every_result_is_reported_in_both_languages(outcome: RestoreRehearsalOutcome) -> None:
    run = RestoreRehearsalRun(date(2026, 2, 1), REHEARSAL, TEN, backup="b", name="n", made=TEN, items=9_000)
    for whole in (True, False):
        made = (
            run.end(outcome, TEN, whole=whole, code="c")
            if outcome is not RestoreRehearsalOutcome.PENDING
            else run
        )
        world = World()
        world.objects[STATE] = json.dumps(dump(made)).encode()
        check_words(RestoreRehearsal().run(Context(world.aws, SETTINGS, TEN, TEN)))
        assert due(made, TEN, SETTINGS).said == judged(made, SETTINGS).said
