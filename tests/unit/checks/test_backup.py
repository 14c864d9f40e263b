"""The sessions table is backed up on schedule, and only our own old backups ever end."""

import json
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from responder.checks.backups import names as named
from responder.checks.backups.making import back_up
from responder.core.context import Context
from responder.core.errors import AwsError, Denied, Rejected, ResponderError, Throttled, Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.failures.handler import keep_and_report
from tests.fakes import FakeAws
from tests.times import utc
from tests.unit.checks.backups_world import TABLE, Backups

pytestmark = pytest.mark.unit

NOW = utc("2026-02-04 00:00:30")
SETTINGS = Settings(stack="responder", account="123456789012", failures_queue="queue", topic="topic")


def made(world: Backups, event: Any = None) -> Json:
    return back_up(event, Context(world.aws, SETTINGS, world.now, world.now), sleep=world.sleep)


def test_one_is_made_under_a_name_with_its_table_and_time() -> None:
    world = Backups(NOW)
    answer = made(world)
    assert world.names == [f"liveness-responder-{TABLE}-20260204T000030Z"]
    assert (answer["made"], answer["pruned"], answer["backups"]) == (True, [], 1)


def test_what_aws_turns_away_for_its_rate_is_asked_again() -> None:
    world = Backups(NOW)
    world.aws.fail("dynamodb", "list_backups", Throttled, times=6)
    assert made(world)["made"]


def test_the_same_minute_again_makes_no_second() -> None:
    world = Backups(NOW)
    first = made(world)
    world.now += timedelta(seconds=29)
    assert made(world)["backup"] == first["backup"]
    assert len(world.names) == 1


def test_another_attempt_at_the_same_order_makes_no_second() -> None:
    world = Backups(NOW)
    event = {"time": "2026-02-04T00:00:00Z"}
    made(world, event)
    world.now += timedelta(minutes=4)
    assert made(world, event)["made"] is False


UNKNOWN = (Denied("ssm", "GetParametersByPath", "AccessDenied"), {"/responder/settings": "{"})


@pytest.mark.parametrize("parameters", UNKNOWN, ids=["unreadable", "broken"])
def test_nothing_is_pruned_where_it_is_not_known_how_long_it_is_to_be_kept(parameters: Any) -> None:
    world = Backups(NOW)
    old = world.ours(days=400)
    with pytest.raises(ResponderError):
        back_up(None, Context(world.aws, SETTINGS, world.now, world.now, parameters), sleep=world.sleep)
    assert old in world.names
    assert len(world.names) == 2


def test_a_time_that_cannot_be_that_of_the_order_counts_for_nothing() -> None:
    for said in ("2026-02-01T00:00:00Z", "2027-01-01T00:00:00Z", "soon", None):
        world = Backups(NOW)
        made(world, {"time": said})
        assert world.names == [named.name(TABLE, NOW)]


@pytest.mark.parametrize("length", [3, 219, 220, 255])
def test_a_table_of_any_name_has_backups_that_aws_takes_and_we_know_again(length: int) -> None:
    table = "t" * length
    made = named.name(table, NOW)
    assert len(made) <= 255
    assert re.fullmatch("[a-zA-Z0-9_.-]{3,255}", made)
    mine = named.Backup("arn", made, "AVAILABLE", NOW)
    assert named.ours((mine,), table) == (mine,)


def test_a_backup_of_exactly_the_days_is_kept_and_one_a_second_older_is_deleted() -> None:
    world = Backups(NOW)
    at, over = world.ours(days=35), world.ours(days=35 + 1 / 86400)
    world.ours(days=1)
    found = named.read(world.summaries(), TABLE)
    assert [each.name for each in named.over(found, TABLE, NOW, 35)] == [over]
    assert at in world.names


def test_the_time_zone_of_an_answer_does_not_move_the_day() -> None:
    world = Backups(NOW)
    world.ours(days=1)
    old = world.ours(days=35.2)
    for each in world.kept:
        each["BackupCreationDateTime"] = each["BackupCreationDateTime"].astimezone(ZoneInfo("Asia/Tokyo"))
    found = named.read(world.summaries(), TABLE)
    assert [each.name for each in named.over(found, TABLE, NOW, 35)] == [old]


@pytest.mark.parametrize(
    "line",
    [
        {"TableName": f"{TABLE}-v2"},
        {"BackupStatus": "DELETED"},
        {"BackupArn": ""},
        {"BackupCreationDateTime": None},
    ],
)
def test_a_line_of_another_table_or_that_is_gone_or_unreadable_counts_for_nothing(
    line: Json,
) -> None:
    world = Backups(NOW)
    world.ours(days=400)
    world.ours(days=1)
    world.kept[0].update(line)
    assert len(named.read(world.summaries(), TABLE)) == 1


def test_two_backups_of_the_same_name_are_both_deleted() -> None:
    world = Backups(NOW)
    world.add(named.name(TABLE, NOW - timedelta(days=40)), days=40)
    world.add(named.name(TABLE, NOW - timedelta(days=40)), days=40)
    assert len(made(world)["pruned"]) == 2
    assert len(world.names) == 1


def test_only_expired_backups_of_the_stack_are_deleted() -> None:
    world = Backups(NOW)
    old, young = world.ours(days=36), world.ours(days=34)
    other = world.add(f"{TABLE}-20250101", days=400)
    near = world.add(f"liveness-responder-{TABLE}-v2-20250101T000000Z", days=400)
    kept = world.add(f"{old}-keep", days=300)
    assert made(world)["pruned"] == [old]
    assert {young, other, near, kept} < set(world.names)


def test_the_newest_is_never_pruned() -> None:
    world = Backups(NOW)
    world.ours(days=400)
    kept = world.ours(days=300)
    context = Context(world.aws, SETTINGS, NOW, NOW)
    found = named.read(world.summaries(), TABLE)
    assert kept not in [each.name for each in named.over(found, TABLE, context.now, 35)]


def test_a_backup_in_creation_is_not_the_newest_and_is_not_deleted() -> None:
    world = Backups(NOW)
    whole = world.ours(days=100)
    unfinished = world.ours(days=50, status="CREATING")
    found = named.read(world.summaries(), TABLE)
    assert not {whole, unfinished} & {each.name for each in named.over(found, TABLE, NOW, 35)}


@pytest.mark.parametrize("error", [Denied, Rejected, Unreachable])
def test_nothing_is_pruned_where_the_new_one_failed(error: type[AwsError]) -> None:
    world = Backups(NOW)
    world.ours(days=100)
    world.ours(days=50)
    world.aws.fail("dynamodb", "create_backup", error)
    with pytest.raises(error):
        made(world)
    assert world.aws.count("dynamodb", "delete_backup") == 0


def test_nothing_is_pruned_before_the_new_one_can_be_restored() -> None:
    world = Backups(NOW, becomes="CREATING")
    world.ours(days=100)
    with pytest.raises(Unreachable):
        made(world)
    assert world.aws.count("dynamodb", "delete_backup") == 0
    assert world.slept


def test_one_that_cannot_be_deleted_keeps_none_of_the_others_and_is_reported() -> None:
    world = Backups(NOW)
    for days in (36, 50, 60):
        world.ours(days=days)
    world.aws.fail("dynamodb", "delete_backup", Denied, call=1)
    with pytest.raises(Denied):
        made(world)
    assert len(world.names) == 2


def test_what_dynamodb_turns_away_for_its_rate_is_deleted_again() -> None:
    world = Backups(NOW)
    for days in (36, 50, 60):
        world.ours(days=days)
    world.aws.fail("dynamodb", "delete_backup", Throttled, times=4)
    assert len(made(world)["pruned"]) == 3
    assert world.slept


def test_one_that_a_person_restores_is_left_for_the_next_time() -> None:
    world = Backups(NOW)
    world.ours(days=50)
    world.aws.fail("dynamodb", "delete_backup", Rejected, code="BackupInUseException")
    assert made(world)["pruned"] == []


def test_nothing_is_reported_where_it_worked() -> None:
    world = Backups(NOW)
    made(world)
    assert world.aws.sns.published == []


def test_on_call_is_notified_of_a_failure_and_of_what_to_do() -> None:
    aws = FakeAws(NOW)
    aws.dynamo.create("Incidents", "pk", "sk")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:responder-sessions-backup:$LATEST"
    kept = {
        "requestContext": {"functionArn": arn, "condition": "RetriesExhausted"},
        "requestPayload": {"source": "aws.scheduler", "detail-type": "Scheduled Event"},
        "responsePayload": {"errorType": "Denied"},
    }
    settings = Settings(stack="responder", language="en", incidents_table="Incidents", failures_queue="q")
    keep_and_report(kept, Context(aws, settings, NOW, NOW))
    (sent,) = aws.sns.published
    bodies = json.loads(sent["Message"])
    assert json.loads(bodies["lambda"])["severity"] == "medium"
    assert f"The backup of {TABLE} did not complete" in bodies["email"]
    assert "aws lambda invoke --region us-east-1 --function-name responder-sessions-backup" in bodies["email"]
