"""All checks of a rhythm side by side; what one of them cannot do costs that one alone."""

import time
from datetime import datetime
from threading import Barrier, Event

import pytest

from responder.aws.gateway import Paced, through
from responder.checks.finding import UNKNOWN, CheckItem, CheckStatus
from responder.checks.model import Cadence, CheckReport, CheckSection
from responder.checks.run import running
from responder.checks.run.running import run
from responder.core.context import Context, Gateway
from responder.core.errors import Denied, Throttled
from responder.core.log import log
from responder.core.settings import Settings
from responder.messages.language import say
from tests.fakes import FakeAws
from tests.texts import piece
from tests.times import utc
from tests.unit.checks.reports import GREEN, NOW, SETTINGS, StubCheck
from tests.unit.remedies.world import FOUR, rolled_out

pytestmark = pytest.mark.unit
RATES = running.RATES


@pytest.fixture(autouse=True)
def _quiet() -> None:
    log().setLevel("CRITICAL")


class Answering(Gateway):
    """A `Gateway` that answers anything with nothing."""

    def call(self, service: str, operation: str, /, **_: object) -> dict[str, object]:
        return {}


def ran(
    *checks: StubCheck, now: datetime = NOW, settings: Settings = SETTINGS, each: float = 20.0
) -> CheckReport:
    return run(Cadence.DAILY, checks, Context(FakeAws(now), settings, now, now), each)


def fine(name: str = "figures") -> StubCheck:
    return StubCheck(name, lambda: CheckSection(name, (GREEN,)))


def raising(name: str, error: Exception) -> StubCheck:
    def fail() -> CheckSection:
        raise error

    return StubCheck(name, fail)


def only(section: CheckSection) -> CheckItem:
    (item,) = section.items
    return item


def test_they_run_side_by_side() -> None:
    meet = Barrier(2, timeout=5)

    def wait(name: str) -> CheckSection:
        meet.wait()
        return CheckSection(name, (GREEN,))

    report = ran(StubCheck("one", lambda: wait("one")), StubCheck("two", lambda: wait("two")))
    assert [each.light for each in report.sections] == [CheckStatus.GREEN, CheckStatus.GREEN]


def asked(aws: FakeAws, times: int = 20) -> list[float]:
    """When each of so many questions was asked, in seconds from the first."""
    now, found = [0.0], []

    def pause(seconds: float) -> None:
        now[0] += seconds

    paced = through(aws, Paced(RATES, lambda: now[0], pause))
    for _ in range(times):
        paced.call("lambda", "get_function_configuration", FunctionName=FOUR[0])
        found.append(now[0])
    return found


def test_they_take_about_half_of_the_requests_of_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "RATES", RATES)
    found = asked(rolled_out())
    # AWS takes 15 a second.
    assert max(sum(at <= each < at + 1 for each in found) for at in found) <= 9
    assert found[-1] == pytest.approx(19 / 8)


@pytest.mark.parametrize(
    ("service", "operation", "most"),
    [
        ("lambda", "get_policy", 15),
        ("cloudwatch", "describe_alarms", 9),
        ("cloudwatch", "get_metric_data", 50),
        ("cloudwatch", "list_alarm_mute_rules", 50),
        ("dynamodb", "list_backups", 5),
        ("dynamodb", "describe_continuous_backups", 10),
        ("ssm", "get_parameters_by_path", 40),
    ],
)
def test_no_operation_takes_more_than_half_of_its_own_rate(
    monkeypatch: pytest.MonkeyPatch, service: str, operation: str, most: int
) -> None:
    monkeypatch.setattr(running, "RATES", RATES)
    now = 0.0

    def pause(seconds: float) -> None:
        nonlocal now
        now += seconds

    paced = through(Answering(), Paced(RATES, lambda: now, pause))
    for _ in range(3 * most):
        paced.call(service, operation)
    assert now + 0.001 >= (3 * most - 1) / (most / 2)


def test_what_aws_turns_away_for_its_rate_is_asked_again() -> None:
    aws = rolled_out()
    aws.fail("lambda", "get_function_configuration", Throttled, times=3)

    def look(context: Context) -> CheckSection:
        context.aws.call("lambda", "get_function_configuration", FunctionName=FOUR[0])
        return CheckSection("figures", (GREEN,))

    class Looking(StubCheck):
        def run(self, context: Context) -> CheckSection:
            return look(context)

    checks = [Looking("figures", lambda: CheckSection("figures", ()))]
    reported = run(Cadence.DAILY, checks, Context(aws, SETTINGS, NOW, NOW))
    assert reported.sections[0].light is CheckStatus.GREEN


def test_they_are_notified_in_their_own_order() -> None:
    report = ran(fine("cost"), fine("alarms"), fine("figures"))
    assert [each.name for each in report.sections] == ["cost", "alarms", "figures"]


def test_a_defect_in_one_stops_no_other_and_is_never_green() -> None:
    report = ran(raising("cost", ZeroDivisionError("secret")), fine())
    assert [each.light for each in report.sections] == [UNKNOWN, CheckStatus.GREEN]
    said = say(only(report.sections[0]).said, "en")
    assert "ZeroDivisionError" in said
    assert "Cost" in said
    assert "secret" not in said


def test_a_refusal_of_aws_names_the_missing_right() -> None:
    report = ran(raising("cost", Denied("ce", "GetCostAndUsage", "AccessDenied")))
    assert "ce:GetCostAndUsage" in say(only(report.sections[0]).said, "ja")


def test_a_late_one_is_left_behind_and_said_to_be_late() -> None:
    release = Event()

    def stuck() -> CheckSection:
        release.wait(10)
        return CheckSection("cost", (GREEN,))

    began = time.monotonic()
    report = ran(StubCheck("cost", stuck), fine(), each=0.2)
    release.set()
    assert time.monotonic() - began < 5
    assert report.sections[0].light is UNKNOWN
    assert piece("evidence.failed.late") in say(only(report.sections[0]).said, "en")
    assert report.sections[1].light is CheckStatus.GREEN


def test_what_is_no_section_is_a_defect() -> None:
    report = ran(StubCheck("cost", lambda: None))  # type: ignore[arg-type,return-value]
    assert report.sections[0].light is UNKNOWN


def test_the_day_is_the_owners() -> None:
    evening = utc("2026-01-31 15:30")
    assert ran(fine(), now=evening).day.isoformat() == "2026-02-01"
    assert ran(fine(), now=evening, settings=Settings(check_zone="UTC")).day.isoformat() == "2026-01-31"


def test_the_last_minute_of_february_is_still_february() -> None:
    last = utc("2026-02-28 14:59")
    assert ran(fine(), now=last).day.isoformat() == "2026-02-28"
    assert ran(fine(), now=last.replace(hour=15)).day.isoformat() == "2026-03-01"
