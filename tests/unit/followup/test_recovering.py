"""The alarm goes OK: what makes an incident over, and what does not."""

import pytest

from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.store import Incidents
from tests.texts import piece
from tests.unit.followup.scenes import FollowUpScene, broken, too_few_faults
from tests.unit.followup.shared_simulations import calm_at_once, off_and_calm
from tests.unit.followup.simulation import IncidentSimulation


def decisions(scene: FollowUpScene) -> list[str]:
    """At what time it was decided: `10:25`."""
    return [row["sk"].split("#")[1][11:16] for row in scene.rows("STEP#") if row["kind"] == "verdict"]


def test_an_alarm_that_recovers_immediately_is_closed_ten_minutes_later() -> None:
    simulation = calm_at_once()
    assert simulation.story == [(0, "response"), (12, "closed close")]
    assert simulation.closed
    assert simulation.orders == []


@pytest.fixture
def simulation() -> IncidentSimulation:
    return IncidentSimulation(too_few_faults())


@pytest.mark.parametrize("kind", ["CompositeAlarm", "LogAlarm"])
def test_an_incident_of_any_type_of_alarm_ends_with_its_alarm(
    simulation: IncidentSimulation, kind: str
) -> None:
    """AWS leaves out the types that it is not asked for: such an alarm would never be seen to be OK."""
    simulation.scene.kind = kind
    simulation.at(2, simulation.recovers).play(100)
    assert simulation.story == [(0, "response"), (12, "closed close")]
    assert simulation.closed


def test_the_closing_report_is_filed_and_linked() -> None:
    simulation = calm_at_once()
    keys = [each["Key"] for each in simulation.scene.aws.sent("s3", "put_object")]
    assert keys
    assert all(simulation.incident in key for key in keys)
    assert any("incidents" in str(link) for link in simulation.message("closed close")["links"])


def test_three_flaps_in_the_soak_are_one_incident_that_is_closed_once(simulation: IncidentSimulation) -> None:
    for ok, alarm in ((3, 4), (6, 12), (13, 15)):
        simulation.at(ok, simulation.recovers).at(alarm, simulation.returns)
    simulation.at(17, simulation.recovers).play(100)
    assert {row["pk"] for row in simulation.scene.rows("HEAD")} == {f"INCIDENT#{simulation.incident}"}
    assert list(simulation.scene.aws.lambdas.executions) == [f"{simulation.incident}-g1"]
    # The soak starts anew each time.
    assert simulation.story[-1:] == [(27, "closed close")]
    assert len(simulation.named("closed close")) == 1
    # 10:29 and 10:40 found a decision of the last minutes; 10:30 and 10:37 found an older one.
    assert decisions(simulation.scene) == ["10:25", "10:30", "10:37"]


def test_an_ok_whose_event_is_lost_is_seen_all_the_same(simulation: IncidentSimulation) -> None:
    simulation.at(6, lambda: simulation.becomes("OK", lost=True)).play(100)
    assert simulation.story[-1:] == [(16.5, "closed close")]
    assert simulation.scene.pointer["state"] == "OK"
    # The next ALARM is another incident.
    simulation.scene.aws.tick(minutes=1)
    simulation.returns()
    assert simulation.scene.pointer["incident"] != simulation.messages[0].body["incident"]


def test_no_data_after_ok_is_no_reason_to_wait(simulation: IncidentSimulation) -> None:
    simulation.at(2, simulation.recovers).at(14, lambda: simulation.becomes("INSUFFICIENT_DATA")).play(100)
    assert simulation.closed


def test_rollout_0_makes_the_alarm_ok_but_proves_nothing() -> None:
    simulation = off_and_calm()
    assert not simulation.closed
    assert simulation.named("progress mitigated") == [22]
    assert simulation.named("progress recovered") == []
    assert piece("followup.mitigated") in simulation.message("progress mitigated")["headline"]


def test_an_alarm_that_comes_back_after_its_calm_is_decided_anew_and_its_levels_continue() -> None:
    simulation = IncidentSimulation(broken())
    simulation.at(12, simulation.recovers).at(40, simulation.returns).play(121)
    assert simulation.named("progress mitigated") == [22]
    # Decided, reported and judged again; unresolved since the first ALARM.
    assert simulation.named("response")[:2] == [0, 40]
    assert simulation.named("progress ineffective") == [55]
    assert [simulation.named(f"escalation {level}") for level in (2, 3, 4)] == [[40], [60], [120]]


def test_after_more_than_an_hour_of_calm_those_who_know_hear_of_it_and_the_levels_count_anew() -> None:
    simulation = IncidentSimulation(broken())
    simulation.at(31, simulation.recovers).at(110, simulation.returns).play(175)
    back = next(each for each in simulation.messages if each.minute == 110)
    assert (back.name, back.body["level"]) == ("response", 2)
    (first, again), (third,) = (simulation.named(f"escalation {level}") for level in (2, 3))
    # While a question waits, a return is seen up to three minutes later.
    assert first == 30
    assert 140 <= again <= 143
    assert 170 <= third <= 173


def test_the_revert_is_asked_for_every_hour_and_after_three_quiet_hours_every_three() -> None:
    simulation = off_and_calm()
    assert simulation.named("command asked") == [22, 82, 142, 202, 382]
    lowered = [each for each in simulation.messages if "SECURITY LOWERED" in each.body["headline"]]
    assert lowered == simulation.messages


def test_an_incident_whose_alarm_opened_another_one_ends_and_touches_nothing(
    simulation: IncidentSimulation,
) -> None:
    scene = simulation.scene

    def another() -> None:
        store = Incidents(scene.aws, "Incidents")
        old = store.newest_of(scene.pointer["slug"])
        assert old is not None
        event = AlarmEvent("", scene.alarm_name, AlarmState.ALARM, scene.aws.now, "", "")
        store.replace(event, old)

    simulation.at(12, another).play(100)
    assert simulation.story[-1:] == [(12, "closed superseded")]
    assert not simulation.closed
    assert simulation.minute < 14
