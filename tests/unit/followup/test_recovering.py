"""The alarm goes OK: what makes an incident over, and what does not."""

import pytest

from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.store import Incidents
from tests.texts import piece
from tests.unit.followup.plays import calm_at_once, off_and_calm
from tests.unit.followup.stage import Stage, broken, unsure
from tests.unit.followup.theatre import Theatre

pytestmark = pytest.mark.unit


def decisions(scene: Stage) -> list[str]:
    """At what time it was decided: `10:25`."""
    return [row["sk"].split("#")[1][11:16] for row in scene.rows("STEP#") if row["kind"] == "verdict"]


def test_an_alarm_that_recovers_immediately_is_closed_ten_minutes_later() -> None:
    theatre = calm_at_once()
    assert theatre.story == [(0, "response"), (12, "closed close")]
    assert theatre.closed
    assert theatre.orders == []


@pytest.mark.parametrize("kind", ["CompositeAlarm", "LogAlarm"])
def test_an_incident_of_any_type_of_alarm_ends_with_its_alarm(kind: str) -> None:
    """AWS leaves out the types that it is not asked for: such an alarm would never be seen to be OK."""
    theatre = Theatre(unsure())
    theatre.scene.kind = kind
    theatre.at(2, theatre.recovers).play(100)
    assert theatre.story == [(0, "response"), (12, "closed close")]
    assert theatre.closed


def test_the_closing_report_is_filed_and_linked() -> None:
    theatre = calm_at_once()
    keys = [each["Key"] for each in theatre.scene.aws.sent("s3", "put_object")]
    assert keys
    assert all(theatre.incident in key for key in keys)
    assert any("incidents" in str(link) for link in theatre.message("closed close")["links"])


def test_three_flaps_in_the_soak_are_one_incident_that_is_closed_once() -> None:
    theatre = Theatre(unsure())
    for ok, alarm in ((3, 4), (6, 12), (13, 15)):
        theatre.at(ok, theatre.recovers).at(alarm, theatre.returns)
    theatre.at(17, theatre.recovers).play(100)
    assert {row["pk"] for row in theatre.scene.rows("HEAD")} == {f"INCIDENT#{theatre.incident}"}
    assert list(theatre.scene.aws.lambdas.executions) == [f"{theatre.incident}-g1"]
    # The soak starts anew each time.
    assert theatre.story[-1:] == [(27, "closed close")]
    assert len(theatre.named("closed close")) == 1
    # 10:29 and 10:40 found a decision of the last minutes; 10:30, 10:37 and 10:41 found an older one.
    assert decisions(theatre.scene) == ["10:25", "10:30", "10:37", "10:41"]


def test_an_ok_whose_event_is_lost_is_seen_all_the_same() -> None:
    theatre = Theatre(unsure())
    theatre.at(6, lambda: theatre.becomes("OK", lost=True)).play(100)
    assert theatre.story[-1:] == [(16.5, "closed close")]
    assert theatre.scene.pointer["state"] == "OK"
    # The next ALARM is another incident.
    theatre.scene.aws.tick(minutes=1)
    theatre.returns()
    assert theatre.scene.pointer["incident"] != theatre.messages[0].body["incident"]


def test_no_data_after_ok_is_no_reason_to_wait() -> None:
    theatre = Theatre(unsure())
    theatre.at(2, theatre.recovers).at(14, lambda: theatre.becomes("INSUFFICIENT_DATA")).play(100)
    assert theatre.closed


def test_rollout_0_makes_the_alarm_ok_but_proves_nothing() -> None:
    theatre = off_and_calm()
    assert not theatre.closed
    assert theatre.named("progress mitigated") == [22]
    assert theatre.named("progress recovered") == []
    assert piece("followup.mitigated") in theatre.message("progress mitigated")["headline"]


def test_an_alarm_that_comes_back_after_its_calm_is_decided_anew_and_its_levels_continue() -> None:
    theatre = Theatre(broken())
    theatre.at(12, theatre.recovers).at(40, theatre.returns).play(121)
    assert theatre.named("progress mitigated") == [22]
    # Decided, reported and judged again; unresolved since the first ALARM.
    assert theatre.named("response")[:2] == [0, 40]
    assert theatre.named("progress ineffective") == [55]
    assert [theatre.named(f"escalation {level}") for level in (2, 3, 4)] == [[40], [60], [120]]


def test_after_more_than_an_hour_of_calm_those_who_know_hear_of_it_and_the_levels_count_anew() -> None:
    theatre = Theatre(broken())
    theatre.at(31, theatre.recovers).at(110, theatre.returns).play(175)
    back = next(each for each in theatre.messages if each.minute == 110)
    assert (back.name, back.body["level"]) == ("response", 2)
    (first, again), (third,) = (theatre.named(f"escalation {level}") for level in (2, 3))
    # While a question waits, a return is seen up to three minutes later.
    assert first == 30
    assert 140 <= again <= 143
    assert 170 <= third <= 173


def test_the_revert_is_asked_for_every_hour_and_after_three_quiet_hours_every_three() -> None:
    theatre = off_and_calm()
    assert theatre.named("command asked") == [22, 82, 142, 202, 382]
    lowered = [each for each in theatre.messages if "SECURITY LOWERED" in each.body["headline"]]
    assert lowered == theatre.messages


def test_an_incident_whose_alarm_opened_another_one_ends_and_touches_nothing() -> None:
    theatre = Theatre(unsure())
    scene = theatre.scene

    def another() -> None:
        store = Incidents(scene.aws, "Incidents")
        old = store.newest_of(scene.pointer["slug"])
        assert old is not None
        event = AlarmEvent("", scene.alarm_name, AlarmState.ALARM, scene.aws.now, "", "")
        store.replace(event, old)

    theatre.at(12, another).play(100)
    assert theatre.story[-1:] == [(12, "closed superseded")]
    assert not theatre.closed
    assert theatre.minute < 14
