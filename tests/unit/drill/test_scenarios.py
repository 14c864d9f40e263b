from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from liveness_ops.template_tools.event_stub import alarms_of, watched
from liveness_ops.template_tools.load import template
from rehearsal.drill.catalogue import ALL, alarms, scenarios, to_play
from rehearsal.drill.person_acts import PersonAct
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.watched_alarms import CORRECTIONS, reason, watched_alarm
from rehearsal.world.alarms import ALARMS, Deployed
from rehearsal.world.names import CREATE, RESULT
from rehearsal.world.points import Point, of_lambda, of_requests, of_table
from rehearsal.world.traffic import unfold
from responder.respond.playbook import PLAYBOOKS
from tests.e2e.cover import features
from tests.rows import all_rows

NOW = datetime(2026, 2, 4, 10, 30, 12, tzinfo=UTC)
WATCHED_ALARMS = {slug: watched_alarm(slug) for slug in PLAYBOOKS if slug != "unknown-alarm"}
LOUD = [scenario for scenario in scenarios() if scenario.alarm in WATCHED_ALARMS and not scenario.quiet]


def points(scenario: Scenario) -> list[Point]:
    requests = unfold(scenario.traffic, NOW)
    reported = (*of_requests(requests, scenario.qualifier), *of_table(scenario.table_pressure, NOW))
    return [*reported, *of_lambda(scenario.lambda_pressure, NOW)]


def test_names_are_used_once() -> None:
    ids = [scenario.id for scenario in scenarios()]
    assert len(ids) == len(set(ids))


def shown(one: Scenario) -> Iterator[tuple[object, ...]]:
    """What a drill shows with it."""
    yield from features(one)
    yield from (("world", one.world), ("cause", one.expect.cause), ("severity", one.expect.severity))
    yield from (("messages", one.expect.messages), ("once", one.expect.once), ("beside", len(one.beside)))
    yield ("counted", one.counted)
    if one.kind is not None:
        yield ("kind", one.kind.operation, *one.kind.definition)
    for expected in (one.expect, *(step.expect for step in one.then)):
        yield from (("result", *each) for each in expected.results.items())
        yield from (("reason", *each) for each in expected.because.items())
        yield from (("warning", each) for each in expected.warns)
    for step in one.then:
        who = step.act if isinstance(step, PersonAct) else step.approved_by
        yield ("command", step.remedy, step.command, who)
    if one.follow:
        yield ("others", len(one.follow.others), one.corrected)
        yield from (("happens", type(each.event)) for each in one.follow.script)
        yield from (("message", each.name) for each in one.follow.messages)


def test_what_is_left_out_without_an_alarm_is_shown_by_another_scenario() -> None:
    played = {each for one in to_play() for each in shown(one)}
    assert {one.id: left for one in to_play(ALL) if (left := set(shown(one)) - played)} == {}


def test_words_of_a_message_that_are_looked_for_are_the_same_in_both_languages() -> None:
    for scenario in scenarios():
        expected = (scenario.expect, *(step.expect for step in scenario.then))
        looked_for = [word for each in expected for word in (*each.says, *each.never)]
        assert [word for word in looked_for if not word.isascii()] == [], scenario.id


def test_every_alarm_with_a_playbook_is_drilled() -> None:
    assert set(WATCHED_ALARMS) <= set(alarms())
    ours = set(alarms_of(template()))
    assert {alarm.name for alarm in WATCHED_ALARMS.values()} <= {alarm.name for alarm in ALARMS} | ours


# The manual's table (CloudWatchアラーム一覧) and the ninth, as FaceAuth's own stack deploys them.
DEPLOYED = (
    Deployed("FaceAuth-Liveness-LowSuccessRate", "SuccessCount", "Sum", 0.95, 2, above=False),
    Deployed("FaceAuth-Liveness-LowConfidence", "ConfidenceScore", "Average", 92, 2, above=False),
    Deployed("FaceAuth-Liveness-SlowVerification", "VerificationTime", "Average", 30, 2),
    Deployed("FaceAuth-Liveness-HighErrorRate", "VerificationError", "Sum", 10, 1),
    Deployed("FaceAuth-Liveness-SessionCreationErrors", "SessionCreationError", "Sum", 5, 1),
    Deployed(f"{CREATE}-Errors", "Errors", "Sum", 5, 1, function=CREATE),
    Deployed(f"{RESULT}-Errors", "Errors", "Sum", 5, 1, function=RESULT),
    Deployed(f"{CREATE}-Timeouts", "Duration", "Average", 9000, 2, function=CREATE),
    Deployed(f"{RESULT}-Timeouts", "Duration", "Average", 14000, 2, function=RESULT),
)


@pytest.mark.parametrize("alarm", DEPLOYED, ids=lambda alarm: alarm.name)
def test_the_service_has_its_alarms_as_the_manual_says(alarm: Deployed) -> None:
    assert alarm in ALARMS


def test_a_story_of_our_alarm_has_its_threshold_and_period() -> None:
    ours = alarms_of(template())
    assert {alarm.name for alarm in CORRECTIONS.values()} <= set(ours)
    for alarm in (*WATCHED_ALARMS.values(), *CORRECTIONS.values()):
        if alarm.name in ours:
            report = watched(ours[alarm.name], 0, 0)
            assert (alarm.threshold, alarm.period.total_seconds()) == (report.threshold, report.period)
            assert alarm.statistic == report.statistic


@all_rows("scenario", LOUD)
def test_the_seeded_metrics_show_why_the_alarm_fired(scenario: Scenario) -> None:
    alarm = watched_alarm(scenario.alarm, corrected=scenario.corrected)
    values = alarm.values(points(scenario), NOW)
    assert len(values) == alarm.datapoints
    assert all(alarm.breaches(value) for _, value in values)


def test_where_the_corrected_alarm_goes_off_alone_the_deployed_one_stays_silent() -> None:
    (alone,) = scenarios("high-error-rate", "corrected")
    alarm = WATCHED_ALARMS[alone.alarm]
    assert not any(alarm.breaches(value) for _, value in alarm.values(points(alone), NOW))


def test_the_reason_is_worded_as_cloudwatch_does() -> None:
    alarm = WATCHED_ALARMS["high-error-rate"]
    said, data = reason(alarm, [(NOW.replace(minute=25, second=0), 12.0)], NOW)
    assert said == (
        "Threshold Crossed: 1 out of the last 1 datapoints [12.0 (04/02/26 10:25:00)] was greater than "
        "the threshold (10.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    assert '"recentDatapoints": [12.0]' in data


def test_every_scenario_that_is_followed_says_what_must_be_reported() -> None:
    followed = [scenario.follow for scenario in scenarios() if scenario.follow]
    assert followed
    for follow in followed:
        assert follow.messages
        assert [each.minute for each in follow.script] == sorted(each.minute for each in follow.script)
