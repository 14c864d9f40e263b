"""The daily check of detection: how soon an outage becomes an alarm, and alarms without data."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from responder.checks import days
from responder.checks.alarms.session_traffic import read_traffic
from responder.checks.detection import observed, speed
from responder.checks.detection.change import most_helpful, quickest_addition
from responder.checks.detection.check import Detection
from responder.checks.detection.observed import ObservedTraffic
from responder.checks.detection.speed import AlarmsSeen, quickest, speeds
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, Checked, CheckItem
from responder.checks.model import CheckSection
from responder.checks.run.alarm_names import audited
from responder.core.deployed_alarm import deployed
from responder.core.errors import Denied, Missing, Throttled
from responder.core.liveness_function import LivenessFunction
from responder.core.plain_data import Json
from responder.detection.rules import CountedFailures, NotModelled
from responder.detection.traffic import over_day
from responder.evidence.log_filters import FILTERS
from responder.messages.language import say
from responder.respond.playbook import PLAYBOOKS
from tests.times import utc
from tests.unit.checks import alarms_world
from tests.unit.checks.alarms_world import CORRECTED, DEPLOYED, NOW, OURS, OWN, SETTINGS
from tests.unit.evidence.worlds import CREATE, RESULT, Figures, Logs, keys

pytestmark = pytest.mark.unit
SERVICE = SETTINGS.namespace
TOKYO = days.zone(SETTINGS.check_zone)
TODAY = days.day_of(NOW, TOKYO)
RATE = "FaceAuth-Liveness-HighErrorRate-Corrected"
DEAD = "FaceAuth-Liveness-LowSuccessRate", "FaceAuth-Liveness-SlowVerification"


@pytest.fixture(autouse=True)
def _few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared here differs by far more than what a run differs from another."""
    monkeypatch.setattr(speed, "_RUNS_A_LINE", 60)
    monkeypatch.setattr(speed, "_RUNS_AN_HOUR", 20)


class World(alarms_world.World):
    """Alarms as deployed, and hours of traffic."""

    def __init__(self, *groups: Any) -> None:
        super().__init__(*(groups or (DEPLOYED, OWN)))
        self.figures, self.logs = Figures().serve(self.aws), Logs().serve(self.aws)
        self.filters = {
            function.deployed_name(SETTINGS): [
                (metric, pattern, "1")
                for metric, wanted in FILTERS.items()
                for pattern in sorted(wanted.get(function, ()))
            ]
            for function in LivenessFunction
        }
        self.aws.answer("logs", "describe_metric_filters", self._filters)

    def _filters(self, logGroupName: str) -> Json:  # noqa: N803 - AWS's own name
        made = []
        for metric, pattern, value in self.filters[logGroupName.removeprefix("/aws/lambda/")]:
            counts = {"metricName": metric, "metricNamespace": f"LivenessResponder/{SETTINGS.stack}"}
            counts["metricValue"] = value
            made.append({"filterPattern": pattern, "metricTransformations": [counts]})
        return {"metricFilters": made}

    def day(
        self, ago: int, sessions: int = 120, *, hours: Iterable[int] = range(9, 21), own: bool = True
    ) -> "World":
        """Sessions evenly over some hours of the owner's day."""
        start = days.start_of(days.before(TODAY, ago), TOKYO)
        spread = list(hours)
        for hour in spread:
            points = [(start + timedelta(hours=hour, minutes=30), sessions / len(spread))]
            for name in (CREATE, RESULT):
                self.figures.put("AWS/Lambda", "Invocations", points, FunctionName=name)
            if own:
                self.figures.put(SERVICE, "SessionCreated", points)
                self.figures.put(SERVICE, "SuccessCount", points)
        return self

    def days(self, count: int, sessions: int = 120) -> "World":
        for ago in range(1, count + 1):
            self.day(ago, sessions)
        return self

    def traffic(self, back: int = 14) -> ObservedTraffic:
        return observed.observed(observed.read(self.context, back), back, TOKYO)

    def check(self) -> CheckSection:
        return Detection(audited(PLAYBOOKS)).run(self.context)


def quick() -> World:
    """Three alarms with which an outage is known soon: each of them takes its time to compute."""
    every = {**DEPLOYED, **OURS, **CORRECTED}
    names = ("FaceAuth-Liveness-SureFaults", "FaceAuth-Images-AccessDenied", RATE)
    return World({name: every[name] for name in names}).days(3, 1000)


def stopped(world: World) -> World:
    """The result function answers requests, and none of its metrics arrives."""
    points = [(NOW - timedelta(hours=hour), 20.0) for hour in range(1, 6)]
    world.figures.put("AWS/Lambda", "Invocations", points, FunctionName=RESULT)
    return world


def of(section: CheckSection, kind: Checked) -> list[CheckItem]:
    return [each for each in section.items if each.identity.kind is kind]


# --- the traffic -------------------------------------------------------------------------------------


def test_sessions_are_counted_by_hour_of_the_owner_s_day() -> None:
    found = (
        World().day(1, 24, hours=[9]).day(2, 48, hours=[9, 23]).day(3, 24, hours=[9]).day(20, 9).traffic(3)
    )
    assert found.traffic is not None
    assert (found.traffic.hours[9], found.traffic.hours[23], found.traffic.a_day) == (24, 8, 32)


def test_one_request_reads_all_of_it() -> None:
    world = World().days(14)
    world.traffic()
    assert world.aws.count("cloudwatch", "get_metric_data") == 1


def test_days_without_any_figure_are_days_without_sessions_and_are_counted() -> None:
    found = World().day(1).day(4).day(14).traffic()
    assert (found.days, len(found.idle)) == (14, 11)
    assert found.traffic is not None
    assert round(found.traffic.a_day) == 26


def test_the_day_on_which_the_history_begins_is_only_a_part() -> None:
    found = World().day(0).day(1).day(2).day(3, 5).traffic()
    assert (found.first, found.last, found.days) == (date(2026, 2, 2), date(2026, 2, 3), 2)


def test_in_hours_in_which_the_service_s_own_metric_is_lost_lambda_counts() -> None:
    """Also for the parameters of the alarms: they would be too low, and the alarms fire falsely."""
    world = World()
    for ago in range(1, 6):
        world.day(ago, 60, hours=range(9, 15)).day(ago, 60, hours=range(15, 21), own=False)
    found, same = world.traffic(), read_traffic(world.context)
    assert found.traffic is not None
    assert round(found.traffic.a_day) == 120
    assert same == found.traffic


def test_with_sessions_on_fewer_than_three_days_no_parameters_are_proposed() -> None:
    """The first day of a history is only a part of one."""
    assert read_traffic(World().day(2).day(3).day(4).day(5).context) is not None
    assert read_traffic(World().day(2).day(3).day(4).context) is None


def test_where_the_service_s_own_metric_is_lost_lambda_counts() -> None:
    found = World().day(1).day(2, 60, own=False).day(3).day(4).traffic()
    assert found.by_lambda == (date(2026, 2, 2),)
    assert found.traffic is not None
    assert round(found.traffic.a_day) == 100


@pytest.mark.parametrize("world", [World(), World().day(0)], ids=["nothing", "today alone"])
def test_without_a_whole_day_there_is_no_traffic_to_compute_with(world: World) -> None:
    found = world.traffic()
    assert (found.traffic, found.days, found.first) == (None, 0, None)


def test_datapoints_of_the_future_count_for_nothing() -> None:
    """A wrong clock somewhere: what is dated after AWS's own time was not counted yet."""
    found = World().day(1).day(2).day(3).day(-2).traffic()
    assert (found.last, found.days) == (date(2026, 2, 3), 2)


# --- what the deployed alarms can do -----------------------------------------------------------------


def seen(*groups: Any, **timeouts: float) -> AlarmsSeen:
    rows = [row for group in groups for row in group.values()]
    expected = [each.expected(SETTINGS, {}) for each in audited(PLAYBOOKS)]
    limits = {name: float(timeouts.get("seconds", seconds)) for name, seconds in alarms_world.LIMITS.items()}
    return AlarmsSeen(tuple(map(deployed, rows)), {each.name: each for each in expected}, limits)


def test_the_deployed_alarms_that_can_never_fire_are_found() -> None:
    found = {each.name: each for each in speeds(seen(DEPLOYED), over_day(1000), SETTINGS, whole=False)}
    assert {name for name, each in found.items() if each.never} == set(DEAD)
    assert all(found[name].rule is NotModelled.NEVER for name in DEAD)


def test_which_alarms_can_never_fire_is_known_without_any_traffic() -> None:
    found = list(speeds(seen(DEPLOYED), None, SETTINGS))
    assert {each.name for each in found if each.never} == set(DEAD)
    assert not any(each.minutes for each in found)


def test_a_renamed_alarm_is_computed_by_its_definition_and_missed_under_its_name() -> None:
    row = {**DEPLOYED["FaceAuth-Liveness-HighErrorRate"], "AlarmName": "FaceAuth-Errors"}
    others = {name: each for name, each in DEPLOYED.items() if "HighErrorRate" not in name}
    world = seen(others, {"FaceAuth-Errors": row})
    assert "FaceAuth-Liveness-HighErrorRate" in world.missing
    (one,) = [
        each
        for each in speeds(world, over_day(1000), SETTINGS, whole=False)
        if each.name == "FaceAuth-Errors"
    ]
    assert one.counts is CountedFailures.SERVICE
    assert one.minutes


def test_minutes_are_computed_for_each_hour_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    # For the whole day and for false alarms, which are others' matter, few runs and years.
    monkeypatch.setattr(speed, "_RUNS", 50)
    monkeypatch.setattr(speed, "_YEARS", 1)
    (found,) = speeds(seen({RATE: CORRECTED[RATE]}), over_day(1000), SETTINGS)
    assert [len(each) for each in found.hours] == [24, 24, 24]
    busy, night = found.hours[0][12], found.hours[0][2]
    assert busy.median is not None
    assert night.median is None or night.median > 4 * busy.median


def test_the_quickest_alarm_is_one_that_counts_errors_of_the_service() -> None:
    found = list(speeds(seen(DEPLOYED, CORRECTED), over_day(1000), SETTINGS, whole=False))
    first = quickest(found)
    assert first is not None
    assert first.counts is CountedFailures.SERVICE
    assert quickest([each for each in found if each.never]) is None


def test_where_nothing_is_quicker_alarms_that_can_never_fire_are_to_be_replaced() -> None:
    sure = {name: row for name, row in OURS.items() if name.endswith("SureFaults")}
    world = seen(DEPLOYED, sure)
    found = tuple(speeds(world, over_day(1000), SETTINGS, whole=False))
    change = most_helpful(found, world, over_day(1000), SETTINGS)
    assert change is not None
    assert (change.said.key, change.parameters["CorrectedAlarms"]) == ("check.detection.replace", "on")
    assert all(name in str(change.said.values["names"]) for name in DEAD)


@pytest.mark.parametrize(("sessions", "quicker"), [(100, True), (2000, False)])
def test_parameters_that_do_not_fit_come_with_the_ones_that_do(sessions: int, quicker: bool) -> None:
    """With more traffic they make an alarm slower, so that it fires falsely at most once a year."""
    world, traffic = seen(DEPLOYED, OURS, CORRECTED), over_day(sessions)
    found = tuple(speeds(world, traffic, SETTINGS, whole=False))
    change = most_helpful(found, world, traffic, SETTINGS)
    assert change is not None
    assert change.said.key == ("check.detection.change" if quicker else "check.alarms.unfit")
    assert (change.quicker is not None) is quicker
    if change.quicker is not None:
        before, after = change.quicker.before[0], change.quicker.after[0]
        assert before is not None
        assert after is not None
        assert after < 0.9 * before
    # It is of alarms that are there: the audit reports it.
    assert quickest_addition(found, world, traffic, SETTINGS) is None
    assert all(f"{name}={value}" in change.fix.command for name, value in change.parameters.items())
    assert "MinimumSureFaults" in change.parameters


# --- the line of the daily check ---------------------------------------------------------------------


def test_with_the_corrected_alarms_an_outage_is_known_in_minutes() -> None:
    section = World(DEPLOYED, OWN, CORRECTED).days(15, 1000).check()
    (line,) = of(section, Checked.DETECTION)
    assert (line.light, line.said.key) == (GREEN, "check.detection.outage")
    assert line.said.values["alarm"] in ("FaceAuth-Liveness-SessionCreationErrors", RATE)
    assert float(line.numbers["minutes"]) < 8
    hours = line.said.values["busy"]
    assert f"({hours}, Asia/Tokyo)" in say(line.said, "en")
    assert f"（Asia/Tokyo の {hours}）" in say(line.said, "ja")


def test_as_deployed_alarms_come_too_late_at_little_traffic_and_that_is_red() -> None:
    section = World().days(15, 100).check()
    (line,), (silent,) = of(section, Checked.DETECTION), of(section, Checked.DETECTION_NEVER)
    assert (line.light, line.numbers["minutes"] > 30) == (RED, True)
    assert silent.light is AMBER
    assert {*DEAD, "FaceAuth-Liveness-HighErrorRate"} <= set(silent.facts)


def test_where_no_alarm_fires_in_time_that_is_reported() -> None:
    (line,) = of(World().days(15, 24).check(), Checked.DETECTION)
    assert (line.light, line.said.key) == (RED, "check.detection.none")


def test_alarms_that_are_too_slow_are_only_noted_beside_a_quick_one() -> None:
    section = World(DEPLOYED, OWN, CORRECTED).days(15, 1000).check()
    (silent,) = of(section, Checked.DETECTION_NEVER)
    assert (silent.light, silent.note) == (GREEN, True)


@pytest.mark.parametrize(
    ("world", "key"),
    [(World(), "check.detection.no_history"), (World().day(14, 0).day(1, 0), "check.detection.no_history")],
    ids=["no history", "no traffic"],
)
def test_without_traffic_nothing_is_computed_and_that_is_reported(world: World, key: str) -> None:
    (line,) = of(world.check(), Checked.DETECTION)
    assert (line.light, line.said.key) == (UNKNOWN, key)


@pytest.mark.parametrize("error", [Denied, Throttled])
@pytest.mark.parametrize("operation", ["describe_alarms", "get_metric_data"])
def test_what_aws_refuses_is_reported_and_nothing_is_guessed(error: type[Exception], operation: str) -> None:
    world = World().days(15)
    world.aws.fail("cloudwatch", operation, error, times=9)  # type: ignore[arg-type]
    (line,) = of(world.check(), Checked.DETECTION)
    assert (line.light, line.said.key) == (UNKNOWN, "checks.unread")


# --- alarms without data -----------------------------------------------------------------------------


def test_alarms_whose_metrics_stopped_are_red_since_that_minute() -> None:
    world = stopped(World().days(15))
    # They answered, and failed, in the rest of the hour in which the last metric arrived.
    rest = [(utc("2026-02-03 11:45"), 7.0)]
    for metric in ("Invocations", "Errors"):
        world.figures.put("AWS/Lambda", metric, rest, FunctionName=RESULT)
    (line,) = of(world.check(), Checked.ALARM_DATA)
    assert (line.light, line.identity.subject) == (RED, RESULT)
    assert "FaceAuth-Liveness-HighErrorRate" in line.facts
    assert line.said.values["begin"].values["at"] == "2026-02-03T11:31:00Z"  # type: ignore[union-attr]
    users = next(each for each in line.details if each.key == "evidence.lost.users")
    assert users.values == {"failed": 7, "requests": 107}


def test_where_that_minute_is_not_kept_they_are_red_since_the_end_of_the_hour() -> None:
    world = stopped(World().days(15))
    world.aws.fail("cloudwatch", "get_metric_data", Throttled, call=2, times=9)
    (line,) = of(world.check(), Checked.ALARM_DATA)
    assert line.light is RED
    assert line.said.values["begin"].values["at"] == "2026-02-03T12:00:00Z"  # type: ignore[union-attr]


def test_what_strangers_send_on_a_night_without_traffic_is_no_red_finding() -> None:
    """Refused requests leave no metric; the log of that hour is no longer read."""
    world = World().days(15)
    night = [(NOW - timedelta(hours=6), 20.0)]
    world.figures.put("AWS/Lambda", "Invocations", night, FunctionName=CREATE)
    (line,) = of(world.check(), Checked.ALARM_DATA)
    assert (line.light, line.identity.subject) == (AMBER, CREATE)
    assert "evidence.lost.unproved" in [each.key for each in line.details]


def test_where_all_metrics_arrive_no_log_is_read() -> None:
    world = World().days(15)
    assert not of(world.check(), Checked.ALARM_DATA)
    assert world.aws.count("logs", "filter_log_events") == 0


def test_an_alarm_on_a_metric_that_no_filter_makes_gets_no_data() -> None:
    world = World(DEPLOYED, OWN, OURS).days(15)
    world.filters = {CREATE: [], RESULT: []}
    found = {each.identity.subject for each in of(world.check(), Checked.ALARM_FILTER)}
    assert "FaceAuth-Images-AccessDenied" in found


def test_with_every_filter_of_both_logs_nothing_is_missed() -> None:
    assert not of(World(DEPLOYED, OWN, OURS, CORRECTED).days(15).check(), Checked.ALARM_FILTER)


@pytest.mark.parametrize("gone", [1, 4], ids=["one filter", "one log"])
def test_an_alarm_that_lacks_filters_of_one_log_misses_failures(gone: int) -> None:
    world = World(DEPLOYED, OWN, OURS).days(15)
    for each in [each for each in world.filters[CREATE] if each[0] == "SureFaults"][:gone]:
        world.filters[CREATE].remove(each)
    (line,) = of(world.check(), Checked.ALARM_FILTER)
    assert (line.light, line.said.key) == (RED, "check.detection.few_filters")
    assert line.identity.subject == "FaceAuth-Liveness-SureFaults"


def first_alarm(section: CheckSection) -> object:
    (line,) = of(section, Checked.DETECTION)
    return line.said.values.get("alarm")


@pytest.mark.parametrize(
    "change", [("never such a line", "1"), ("", "1"), (None, "0"), (None, "$.size")], ids=str
)
def test_filters_that_kept_their_names_and_count_nothing_are_no_filters(
    change: tuple[str | None, str],
) -> None:
    world = World(DEPLOYED, OWN, OURS).days(15)
    before = first_alarm(world.check())
    pattern, value = change
    for name, made in world.filters.items():
        world.filters[name] = [
            (metric, known if pattern is None else pattern, value) for metric, known, _ in made
        ]
    section = world.check()
    lines = of(section, Checked.ALARM_FILTER)
    assert {each.identity.subject for each in lines} >= {"FaceAuth-Liveness-SureFaults"}
    assert {each.light for each in lines} == {RED}
    assert before == "FaceAuth-Liveness-SureFaults"
    assert first_alarm(section) not in {each.identity.subject for each in lines}


def test_a_log_group_that_is_gone_is_named_with_its_alarms() -> None:
    world = World(DEPLOYED, OWN, OURS).days(15)
    world.aws.fail(
        "logs", "describe_metric_filters", Missing, where={"logGroupName": f"/aws/lambda/{RESULT}"}
    )
    section = world.check()
    (line,) = of(section, Checked.ALARM_LOG)
    assert (line.light, line.said.key) == (RED, "check.detection.no_log")
    assert "FaceAuth-Images-AccessDenied" in str(line.said.values["alarms"])
    assert first_alarm(section) not in line.facts


def test_filters_that_cannot_be_read_are_not_called_missing() -> None:
    world = World(DEPLOYED, OWN, OURS).days(15)
    world.filters = {CREATE: [], RESULT: []}
    world.aws.fail("logs", "describe_metric_filters", Denied, times=2)
    section = world.check()
    assert {each.light for each in of(section, Checked.ALARM_LOG)} == {UNKNOWN}
    assert not of(section, Checked.ALARM_FILTER)


def test_everything_is_reported_in_words_of_the_catalogue() -> None:
    from tests.texts import catalogue

    world = World(DEPLOYED, OWN, OURS).days(9, 50).day(12, own=False)
    world.filters = {CREATE: [], RESULT: []}
    items = world.check().items
    assert items
    assert keys(*(text for each in items for text in (each.said, *each.details))) <= set(catalogue())
