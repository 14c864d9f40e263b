"""Every day: did the weekly and the monthly check run in time, and the backup, and was a restore tested."""
# ruff: noqa: N803 - the argument names are AWS's own

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from responder.checks.backups.schedules import Schedules
from responder.checks.base import Check
from responder.checks.finding import AMBER, GREEN, UNKNOWN, CheckItem, CheckStatus
from responder.checks.model import Cadence, CheckSection
from responder.checks.run.handler import file
from responder.core.context import Context
from responder.core.errors import Denied, Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Strings
from tests.times import utc
from tests.unit.checks.backups_world import TABLE, Backups
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.reports import report
from tests.unit.checks.test_restore_test import LIST, job

pytestmark = pytest.mark.unit

# 09:00 in Tokyo on a Wednesday.
NOW = utc("2026-02-04 00:00")
TODAY = date(2026, 2, 4)
SETTINGS = Settings(stack="responder", region="ap-northeast-1", reports_bucket="reports")


@cache
def keys_of(rhythm: Cadence, day: date) -> Strings:
    """Under which a report is filed, by the same code that files it."""
    world = World()
    file(Context(world.aws, SETTINGS, world.now, world.now), replace(report(rhythm=rhythm), day=day))
    return tuple(world.keys)


class World:
    """The bucket of reports, and the backups."""

    def __init__(self, now: datetime = NOW) -> None:
        self.backups = Backups(now)
        self.aws, self.now = self.backups.aws, now
        self.keys: list[str] = []
        self.aws.answer("s3", "list_objects_v2", self._list)
        self.aws.answer("s3", "put_object", self._put)
        self.aws.dynamo.add(TABLE)
        # Two days ago; of others: tests/unit/checks/test_restore_test.py.
        self.aws.answer(*LIST, {"RestoreJobs": [job(2)]})

    def filed(self, rhythm: Cadence, *ago: int) -> "World":
        for days in ago:
            self.keys += keys_of(rhythm, TODAY - timedelta(days=days))
        return self

    def run(self, **settings: Any) -> CheckSection:
        asked = replace(SETTINGS, **settings)
        section = Schedules().run(Context(self.aws, asked, self.now, self.now))
        check_words(section)
        return section

    def _put(self, Key: str, **_: Any) -> Json:
        self.keys.append(Key)
        return {}

    def _list(self, Bucket: str, Prefix: str, MaxKeys: int = 1000, StartAfter: str = "") -> Json:
        assert Bucket == "reports"
        found = sorted(each for each in self.keys if each.startswith(Prefix) and each > StartAfter)
        return {"Contents": [{"Key": each} for each in found[:MaxKeys]], "IsTruncated": len(found) > MaxKeys}


def old() -> World:
    """A stack that has run for months, with a backup of this week."""
    world = World().filed(Cadence.DAILY, *range(1, 100))
    world.backups.ours(days=2)
    return world


def items(section: CheckSection) -> tuple[CheckItem, CheckItem, CheckItem]:
    weekly, monthly, backup, restore = section.items
    assert restore.said.key == "check.restore.tested"
    return weekly, monthly, backup


def lights(section: CheckSection) -> list[CheckStatus]:
    return [each.light for each in items(section)]


def test_what_ran_in_time_is_green_and_shows_its_last_day() -> None:
    world = old().filed(Cadence.WEEKLY, 2, 9, 16).filed(Cadence.MONTHLY, 3, 34)
    weekly, monthly, _ = items(world.run())
    assert lights(world.run()) == [GREEN] * 3
    assert "2026-02-02" in reported(weekly) and weekly.numbers == {"days": 2.0}
    assert "2026-02-01" in reported(monthly)


@pytest.mark.parametrize(("ago", "light"), [(8, GREEN), (9, AMBER)])
def test_a_weekly_check_is_late_after_eight_days(ago: int, light: CheckStatus) -> None:
    weekly, *_ = items(old().filed(Cadence.WEEKLY, ago).filed(Cadence.MONTHLY, 3).run())
    assert weekly.light is light


@pytest.mark.parametrize(("ago", "light"), [(32, GREEN), (33, AMBER)])
def test_a_monthly_check_is_late_after_thirty_two_days(ago: int, light: CheckStatus) -> None:
    _, monthly, _ = items(old().filed(Cadence.WEEKLY, 2).filed(Cadence.MONTHLY, ago).run())
    assert monthly.light is light


def test_what_is_late_says_where_to_look_and_how_to_start_it() -> None:
    weekly, monthly, _ = items(old().run())
    assert "aws scheduler get-schedule --region ap-northeast-1 --name responder-weekly-check" in reported(
        weekly
    )
    assert "liveness-ops failures --region ap-northeast-1 --stack responder" in reported(weekly)
    assert weekly.command == (
        "aws lambda invoke --region ap-northeast-1 --function-name responder-weekly-check "
        "--invocation-type Event /dev/stdout"
    )
    assert "responder-monthly-check" in monthly.command


def test_a_report_half_filed_is_none() -> None:
    world = old().filed(Cadence.WEEKLY, 2)
    world.keys.remove("checks/weekly/2026-02-02/report.json")
    weekly, *_ = items(world.run())
    assert weekly.light is AMBER


def test_the_first_days_of_a_stack_are_no_fault() -> None:
    assert lights(World().run()) == [GREEN] * 3
    young = World().filed(Cadence.DAILY, *range(1, 9))
    assert lights(young.run()) == [GREEN] * 3
    assert "2026-01-27" in reported(items(young.run())[0])
    older = World().filed(Cadence.DAILY, *range(1, 10))
    assert lights(older.run()) == [AMBER, GREEN, AMBER]


def test_reports_that_are_not_kept_so_long_are_not_missed() -> None:
    """Reports kept for 20 days: that of last month is gone, as it is meant to be."""
    world = World().filed(Cadence.DAILY, *range(1, 21)).filed(Cadence.WEEKLY, 2)
    world.backups.ours(days=2)
    assert lights(world.run()) == [GREEN] * 3


def test_backups_that_are_switched_off_are_no_fault() -> None:
    world = World().filed(Cadence.DAILY, *range(1, 100)).filed(Cadence.WEEKLY, 2).filed(Cadence.MONTHLY, 3)
    *_, backup = items(world.run(backup_schedule=""))
    assert (backup.light, backup.said.key) == (GREEN, "check.backups.off")
    *_, backup = items(world.run())
    assert (backup.light, backup.said.key) == (AMBER, "check.backups.none")


def test_a_schedule_that_comes_round_less_often_is_waited_for() -> None:
    world = old().filed(Cadence.WEEKLY, 13).filed(Cadence.MONTHLY, 3)
    assert items(world.run())[0].light is AMBER
    assert items(world.run(weekly_check_schedule="rate(14 days)"))[0].light is GREEN


def test_the_days_are_the_owners() -> None:
    """It is the 4th in Tokyo and still the 3rd in New York."""
    world = old().filed(Cadence.WEEKLY, 9).filed(Cadence.MONTHLY, 3)
    assert items(world.run())[0].light is AMBER
    assert items(world.run(check_zone="America/New_York"))[0].light is GREEN


def test_a_missing_right_is_unknown_and_named_and_hides_no_other() -> None:
    world = old()
    world.aws.fail("s3", "list_objects_v2", Denied, times=9)
    checks, backup, _ = world.run().items
    assert (checks.light, backup.light) == (UNKNOWN, GREEN)
    assert "s3:ListBucket" in reported(checks)
    world = old().filed(Cadence.WEEKLY, 2).filed(Cadence.MONTHLY, 3)
    world.aws.fail("dynamodb", "list_backups", Denied, times=9)
    *_, backup = items(world.run())
    assert (backup.light, "dynamodb:ListBackups" in reported(backup)) == (UNKNOWN, True)


def test_one_listing_that_fails_costs_one_line() -> None:
    world = old().filed(Cadence.WEEKLY, 2).filed(Cadence.MONTHLY, 3)
    world.aws.fail("s3", "list_objects_v2", Unreachable, call=2)
    assert lights(world.run()) == [UNKNOWN, GREEN, GREEN]


def test_without_a_bucket_nothing_is_known_of_the_checks() -> None:
    checks, backup, _ = old().run(reports_bucket="").items
    assert (checks.light, backup.light) == (UNKNOWN, GREEN)


def test_keys_of_another_form_are_not_counted_as_reports() -> None:
    world = old().filed(Cadence.MONTHLY, 3)
    world.keys += [
        f"checks/weekly/{each}" for each in ("2026-02-30/report.json", "report.json", "x/report.json")
    ]
    assert items(world.run())[0].light is AMBER


def test_it_only_lists() -> None:
    world = old()
    world.run()
    assert isinstance(Schedules(), Check)
    asked = {
        f"{service}:{operation}" for service, operation, _ in world.aws.calls if operation != "put_object"
    }
    restores = "backup:list_restore_jobs_by_protected_resource"
    listed = {"s3:list_objects_v2", "dynamodb:list_backups", "dynamodb:list_tables"}
    assert asked == {*listed, restores, "dynamodb:describe_table"}
    needed = {"s3:ListBucket", "dynamodb:ListBackups", "dynamodb:ListTables", "dynamodb:DescribeTable"}
    actions = {each.action for each in Schedules().needs()}
    assert actions == {*needed, "backup:ListRestoreJobsByProtectedResource"}
