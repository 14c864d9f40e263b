"""An incident that stays unresolved: who is notified, and when."""

import re

import pytest

from responder.core.errors import Denied
from responder.messages.language import number
from tests.texts import piece
from tests.unit.followup.scenes import slow, throttled, too_few_faults
from tests.unit.followup.shared_simulations import medium, unsolved
from tests.unit.followup.simulation import IncidentSimulation


def levels(simulation: IncidentSimulation) -> list[tuple[int, float]]:
    return [
        (each.body["level"], each.minute) for each in simulation.messages if each.body["kind"] == "escalation"
    ]


def test_a_high_incident_escalates_to_every_level_and_the_last_is_reminded_every_hour() -> None:
    simulation = unsolved()
    assert simulation.story[:1] == [(0, "response")]
    assert simulation.messages[0].body["level"] == 1
    assert levels(simulation) == [(2, 30), (3, 60), (4, 120), (4, 180), (4, 240), (4, 300)]
    ids = [each.body["id"] for each in simulation.messages if each.name == "escalation 4"]
    assert len(set(ids)) == len(ids)
    assert not simulation.closed


def routed(simulation: IncidentSimulation) -> list[str]:
    """By what SNS decides who gets each escalation."""
    asked = [request for _, operation, request in simulation.scene.aws.calls if operation == "publish"]
    found = [{name: each["StringValue"] for name, each in one["MessageAttributes"].items()} for one in asked]
    return [f"{each['kind']} {each['level']}" for each in found if each["kind"] != "response"]


def test_a_repeat_of_the_last_level_goes_to_on_call_and_that_level_alone() -> None:
    simulation, reported = unsolved(), ["escalation 2", "escalation 3", "escalation 4"]
    assert routed(simulation) == [*reported, *["escalation only-4"] * 3]
    repeated = simulation.messages[-1].body["headlines"]["en"]
    assert piece("followup.still") in repeated
    assert "Unresolved for 5 h" in repeated


def test_a_medium_incident_goes_up_later_and_is_repeated_to_on_call_alone() -> None:
    assert medium().messages[0].body["level"] == 1
    assert levels(medium()) == [(2, 60), (3, 90), (4, 150)]
    assert routed(medium()) == ["escalation 2", "escalation 3", "escalation 4", *["reminder 1"] * 3]


def test_a_medium_incident_in_which_requests_die_goes_up_like_a_high_one() -> None:
    """It is unresolved: that fewer requests reach the service later does not lower it again."""
    simulation = IncidentSimulation(slow().hangs()).play(121)
    assert {each.body["severity"] for each in simulation.messages} == {"high"}
    assert simulation.scene.rows("HEAD")[0]["severity"] == "high"
    assert levels(simulation) == [(2, 30), (3, 60), (4, 120)]


def test_what_is_raised_later_is_reported_and_escalates_immediately_where_the_time_is_over() -> None:
    simulation = IncidentSimulation(slow())
    simulation.at(29.5, simulation.scene.hangs).play(121)
    messages = [each for each in simulation.messages if each.body["kind"] == "response"]
    assert [each.body["severity"] for each in messages] == ["medium", "high", "high"]
    assert [each.minute for each in messages[:2]] == [0, 30]
    (level, minute), *later = levels(simulation)
    assert level == 2
    assert 30 <= minute <= 31
    assert later == [(3, 60), (4, 120)]


@pytest.fixture
def simulation() -> IncidentSimulation:
    return IncidentSimulation(too_few_faults())


def test_an_acknowledgement_by_a_stranger_holds_nothing(simulation: IncidentSimulation) -> None:
    simulation.at(10, lambda: simulation.acknowledges("mallory")).play(31)
    assert levels(simulation) == [(2, 30)]


def test_an_acknowledgement_that_cannot_be_read_holds_nothing(simulation: IncidentSimulation) -> None:
    simulation.at(10, simulation.acknowledges)
    simulation.scene.aws.fail("dynamodb", "query", Denied, times=10_000, where={"TableName": "Approvals"})
    simulation.play(31)
    assert levels(simulation) == [(2, 30)]


def test_while_the_alarm_is_ok_no_level_is_notified_and_then_the_levels_continue(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(27, simulation.recovers).at(34, simulation.returns).play(61)
    assert levels(simulation) == [(2, 34), (3, 60)]


def test_an_escalation_says_first_how_many_users_it_hits_and_when_that_was_counted() -> None:
    message = unsolved().message("escalation 2")["headlines"]
    counted = re.search(
        r"Impact: (\d+) of (\d+) requests \(([\d.]+)%\) failed in the \d+ min before", message["en"]
    )
    assert counted is not None
    failed, requests = map(int, counted.groups()[:2])
    assert 0 < failed < requests
    # As in the cause of the same message.
    percent = number(100 * failed / requests)
    assert counted[3] == percent
    assert "Feb 04 10:54 UTC" in message["en"]
    assert f"リクエスト {requests} 件中 {failed} 件（{percent}%）が失敗" in message["ja"]


def test_where_nothing_was_counted_an_escalation_reports_it(simulation: IncidentSimulation) -> None:
    simulation.scene.aws.fail("cloudwatch", "get_metric_data", Denied, times=10_000)
    message = simulation.play(31).message("escalation 2")["headlines"]["en"]
    assert piece("followup.hits_unknown") in message


def test_an_escalation_names_each_question_and_asks_for_its_answer() -> None:
    message = IncidentSimulation(throttled()).play(31).message("escalation 2")["headlines"]["en"]
    assert "Awaiting approval: liveness check off (rollout 0%)." in message
    assert piece("must.approve") in message
