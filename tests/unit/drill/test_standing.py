"""The standing local AWS follows each incident once, in real time."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from local_aws.client import Execution, LocalAws
from rehearsal.drill import execution_process
from rehearsal.drill.driver import Driver, WallClock
from rehearsal.standing import following, past
from responder.checks import days
from responder.core.settings import Settings
from tests.rows import all_rows


def started(name: str) -> Execution:
    return Execution("follow-up", "live", name, {"incident": name}, 0, f"arn:{name}", "RUNNING")


class Started:
    """A local AWS on which these executions were started."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.followed = list[str]()
        self.done = threading.Semaphore(0)

    def executions(self) -> list[Execution]:
        return [started(each) for each in self.names]

    def follow(self, name: str) -> None:
        self.followed.append(name)
        self.done.release()


def test_each_execution_is_followed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def execute(aws: Any, wanted: Execution, *rest: Any, seconds: int) -> execution_process.Run:
        aws.follow(wanted.name)
        assert seconds > timedelta(days=365).total_seconds()
        return execution_process.Run(wanted.name, "SUCCEEDED", 1, "", "")

    monkeypatch.setattr(execution_process, "execute", execute)
    aws = Started("a", "b")
    found = following.Following(cast("LocalAws", aws))
    for _ in range(3):
        found.look()
    aws.names.append("c")
    found.look()
    assert all(aws.done.acquire(timeout=5) for _ in aws.names)
    assert sorted(aws.followed) == aws.names


def test_a_step_waits_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    slept = list[float]()
    monkeypatch.setattr("time.sleep", slept.append)
    driver = Driver(WallClock())
    assert driver.reach(datetime.now(UTC) + timedelta(minutes=5), did=True) == 0
    assert driver.reach(datetime.now(UTC) - timedelta(minutes=5)) == 0
    assert slept[0] == pytest.approx(300, abs=5)
    assert slept[1] == 0


@all_rows("hour", range(24))
def test_each_of_the_last_14_days_has_its_sessions_at_any_time_of_the_day(hour: int) -> None:
    now, where = datetime(2026, 2, 3, hour, tzinfo=UTC), days.zone(Settings().check_zone)
    today, sessions = days.day_of(now, where), Counter[Any]()
    for each in past.points(now):
        assert each.at <= now - timedelta(hours=3)
        if each.metric == "SessionCreated":
            sessions[days.day_of(each.at, where)] += int(each.value)
    assert {sessions[each] for each in days.between(days.before(today, 14), today)} == {300}
