"""Every week and month: how old the newest backup of the sessions table is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from responder.checks.backups.age import Backups as Check
from responder.checks.backups.age import interval
from responder.checks.finding import AMBER, GREEN, UNKNOWN, CheckItem
from responder.core.context import Context
from responder.core.errors import Denied
from responder.messages.language import say
from tests.unit.checks.backups_world import TABLE, Backups
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.safe_world import NOW, SETTINGS


def item(world: Backups, schedule: str = SETTINGS.backup_schedule) -> CheckItem:
    settings = replace(SETTINGS, backup_schedule=schedule)
    section = Check().run(Context(world.aws, settings, NOW, NOW))
    check_words(section)
    (found,) = section.items
    return found


def test_how_many_and_how_old_is_reported() -> None:
    world = Backups(NOW)
    for days in (2, 9, 33):
        world.ours(days=days)
    found = item(world)
    assert found.light is GREEN
    assert found.numbers == {"backups": 3.0, "newest_days": 2.0, "oldest_days": 33.0}


def test_none_is_amber_with_the_command_that_makes_one() -> None:
    found = item(Backups(NOW))
    assert found.light is AMBER
    assert "--function-name liveness-responder-sessions-backup" in found.command


def test_one_that_has_been_in_creation_for_days_is_named() -> None:
    world = Backups(NOW)
    world.ours(days=3, status="CREATING")
    found = item(world)
    assert found.light is AMBER
    assert "never completed: liveness-responder" in say(found.said, "en")
    assert "CREATING for 72 h" in reported(found)


@pytest.mark.parametrize("schedule", [SETTINGS.backup_schedule, ""])
def test_a_stuck_one_is_named_beside_whole_ones(schedule: str) -> None:
    world = Backups(NOW)
    world.ours(days=6)
    world.ours(days=3, status="CREATING")
    found = item(world, schedule)
    assert found.light is AMBER
    assert "never completed: liveness-responder" in say(found.said, "en")
    assert "There is 1 backup of" in say(found.said, "en")


def test_one_that_is_just_being_made_is_no_fault() -> None:
    world = Backups(NOW)
    world.ours(days=6)
    world.ours(days=0.02, status="CREATING")
    assert item(world).light is GREEN


def test_one_that_is_not_whole_yet_is_none() -> None:
    world = Backups(NOW)
    world.ours(days=0, status="CREATING")
    assert item(world).said.key == "check.backups.none"


def test_a_late_one_is_amber() -> None:
    world = Backups(NOW)
    world.ours(days=9)
    assert item(world).light is AMBER
    assert item(world, "cron(0 9 1 * ? *)").light is GREEN


def test_old_ones_that_no_one_pruned_are_amber() -> None:
    world = Backups(NOW)
    world.ours(days=1)
    world.ours(days=60)
    assert item(world).light is AMBER


def test_those_of_other_names_are_counted_and_are_not_ours() -> None:
    world = Backups(NOW)
    world.add(f"{TABLE}-20260203", days=1)
    found = item(world)
    assert found.said.key == "check.backups.none"
    assert "1 more has another name" in reported(found)


def test_where_they_are_switched_off_it_is_reported_and_asks_for_nothing() -> None:
    found = item(Backups(NOW), "")
    assert (found.light, found.said.key) == (GREEN, "check.backups.off")
    world = Backups(NOW)
    world.ours(days=300)
    assert item(world, "").light is GREEN


def test_what_may_not_be_read_is_unknown_and_names_the_right() -> None:
    world = Backups(NOW)
    world.aws.fail("dynamodb", "list_backups", Denied, times=9)
    found = item(world)
    assert found.light is UNKNOWN
    assert "dynamodb:ListBackups" in reported(found)


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("rate(12 hours)", 1), ("rate(14 days)", 14), ("cron(45 8 ? * MON *)", 7), ("cron(0 9 * * ? *)", 1),
        ("cron(0 9 1 * ? *)", 31), ("cron(0 9 ? * MON#1 *)", 31), ("cron(0 9 ? * 6l *)", 31),
        ("cron(0 9 1 1 ? *)", 366), ("at(soon)", 7),
    ],
)  # fmt: skip
def test_a_schedule_shows_how_often(expression: str, days: int) -> None:
    assert interval(expression) == timedelta(days=days)
