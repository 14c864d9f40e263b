"""Filed, then sent; whatever cannot be filed is reported all the same, and what cannot be reported is
raised."""

import json
import sys
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.checks.finding import CheckStatus
from responder.checks.model import Cadence, CheckSection
from responder.checks.run.handler import ScheduledCheck
from responder.core.errors import AwsError, BadEvent, Denied, Unreachable
from responder.core.log import log
from responder.core.permissions import Permission
from responder.core.plain_data import Json
from responder.core.settings import Settings
from tests.texts import piece
from tests.times import utc
from tests.unit.checks.reports import AMBER, GREEN, RED, SETTINGS, StubCheck, World, chart

pytestmark = pytest.mark.unit

FOLDER = "checks/daily/2026-02-04"


@pytest.fixture(autouse=True)
def _quiet() -> None:
    log().setLevel("CRITICAL")


def round_(*sections: CheckSection) -> ScheduledCheck:
    def checks(_: Settings) -> list[StubCheck]:
        return [StubCheck(each.name, lambda each=each: each) for each in sections]  # type: ignore[misc]

    return ScheduledCheck(Cadence.DAILY, checks)


BAD = round_(CheckSection("cost", (RED, GREEN)), CheckSection("alarms", (AMBER,)))
GOOD = round_(CheckSection("cost", (GREEN,)))


def published(world: World) -> Json:
    (sent,) = world.aws.sns.published
    return sent


def mail(world: World) -> str:
    return str(json.loads(published(world)["Message"])["email"])


def test_a_page_in_each_language_and_the_data_are_filed_under_the_day() -> None:
    world = World()
    BAD.answer(world.context)
    assert set(world.files) == {f"{FOLDER}/report.{end}" for end in ("ja.html", "en.html", "json")}
    assert world.files[f"{FOLDER}/report.ja.html"]["ContentType"].startswith("text/html")
    assert b'<html lang="ja">' in world.files[f"{FOLDER}/report.ja.html"]["Body"]
    assert json.loads(world.files[f"{FOLDER}/report.json"]["Body"])["light"] == "red"
    assert {each["ExpectedBucketOwner"] for each in world.files.values()} == {"123456789012"}


def test_the_message_leads_to_the_page_in_the_stacks_language() -> None:
    world = World(replace(SETTINGS, language="en"))
    BAD.answer(world.context)
    assert f"{FOLDER}/report.en.html" in mail(world)


def test_what_is_red_makes_a_message_of_medium_severity() -> None:
    world = World()
    BAD.answer(world.context)
    attributes = {name: each["StringValue"] for name, each in published(world)["MessageAttributes"].items()}
    assert (attributes["severity"], attributes["kind"], attributes["level"]) == ("medium", "check", "1")
    assert attributes["incident"] == "check-daily-2026-02-04"
    assert published(world)["Subject"].startswith("[MEDIUM] 1 to do today, ")


def test_a_good_day_is_reported_too_and_hurries_no_one() -> None:
    world = World()
    assert GOOD.answer(world.context)["light"] == CheckStatus.GREEN
    assert published(world)["MessageAttributes"]["severity"]["StringValue"] == "info"
    assert published(world)["Subject"] == "[OK] all green - Daily check 2026-02-04"


@pytest.mark.parametrize("error", [Denied, Unreachable])
def test_people_are_notified_also_where_nothing_can_be_filed(error: type[AwsError]) -> None:
    world = World(replace(SETTINGS, language="en"))
    world.aws.fail("s3", "put_object", error, times=3)
    BAD.answer(world.context)
    assert piece("checks.not_filed") in mail(world)
    assert "s3:PutObject" in mail(world)
    assert "console" not in mail(world)


@pytest.mark.parametrize("call", [2, 3])
def test_where_a_part_is_missing_the_way_to_the_page_is_not_called_missing(call: int) -> None:
    world = World()
    world.aws.fail("s3", "put_object", Denied, call=call)
    BAD.answer(world.context)
    assert f"{FOLDER}/report.ja.html" in mail(world)
    assert "レポートの一部を保存できませんでした" in mail(world)
    assert "レポートを保存できませんでした" not in mail(world)


def test_without_a_bucket_people_are_notified_that_there_is_no_page() -> None:
    world = World(replace(SETTINGS, reports_bucket="", language="en"))
    BAD.answer(world.context)
    assert world.files == {}
    assert "no bucket" in mail(world)


def test_a_page_that_cannot_be_drawn_keeps_nothing_back() -> None:
    world = World(replace(SETTINGS, language="en"))
    broken = round_(CheckSection("cost", (replace(RED, link=7),)))  # type: ignore[arg-type]
    broken.answer(world.context)
    assert piece("checks.not_filed") in mail(world)
    assert set(world.files) == {f"{FOLDER}/report.json"}


def test_what_cannot_be_reported_is_raised_so_that_it_is_tried_again() -> None:
    world = World()
    world.aws.fail("sns", "publish", Unreachable)
    with pytest.raises(Unreachable):
        BAD.answer(world.context)


def test_a_repeat_has_the_same_id_and_overwrites_the_same_files() -> None:
    world = World()
    BAD.answer(world.context)
    BAD.answer(world.context)
    one, two = (json.loads(json.loads(each["Message"])["sqs"])["id"] for each in world.aws.sns.published)
    assert one == two
    assert len(world.files) == 3


def test_it_may_do_what_its_checks_read_and_also_file_and_report() -> None:
    needs = GOOD.needs()
    assert {each.action for each in needs} == {
        "cloudwatch:GetMetricData",
        "dynamodb:Query",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "sns:Publish",
        "ssm:GetParameterHistory",
        "ssm:GetParametersByPath",
    }
    (put,) = [each for each in needs if each.action == "s3:PutObject"]
    assert put.resource == "${ReportsBucket.Arn}/checks/*"
    assert isinstance(put, Permission)


def test_a_zone_that_does_not_exist_is_no_silence_and_asks_for_nothing_that_costs() -> None:
    asked: list[str] = []

    def look() -> CheckSection:
        asked.append("cost")
        return CheckSection("cost", (GREEN,))

    world = World(replace(SETTINGS, check_zone="Mars/Olympus"))
    with pytest.raises(BadEvent, match="CHECK_ZONE"):
        ScheduledCheck(Cadence.DAILY, lambda _: [StubCheck("cost", look)]).answer(world.context)
    assert asked == []


@pytest.fixture
def no_zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An image without a zone database. The package with one belongs to the console alone."""
    for name in [each for each in sys.modules if each.partition(".")[0] == "tzdata"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.usefixtures("no_zones")
def test_an_image_without_a_zone_database_still_files_and_reports() -> None:
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        zoneinfo.ZoneInfo("Asia/Tokyo")
    world = World()
    round_(CheckSection("cost", (RED,), (chart(97.0, 96.0),))).answer(world.context)
    assert set(world.files) == {f"{FOLDER}/report.{end}" for end in ("ja.html", "en.html", "json")}
    assert len(world.aws.sns.published) == 1


def test_a_repeat_after_midnight_is_that_of_the_same_day() -> None:
    """Due at 23:58 in Tokyo; Lambda's second attempt comes two minutes and a half later."""
    event = {"time": "2026-02-04T14:58:00Z"}
    first = utc("2026-02-04 14:58:02")
    world, ids = World(), set()
    for now in (first, first + timedelta(seconds=150)):
        context = GOOD.context(event, world.aws, SETTINGS, now)
        ids.add(GOOD.answer(context)["check"])
    assert ids == {"check-daily-2026-02-04"}
    assert len(world.files) == 3


def test_by_hand_it_is_made_now() -> None:
    now = utc("2026-02-04 15:01")
    for event in ({}, None, {"time": "2026-02-04T00:00:00Z"}):
        assert GOOD.context(event, World().aws, SETTINGS, now).now == now
