"""An incident that nobody solves: who is told, and when."""

import re
from datetime import timedelta

import pytest

from responder.core.errors import Denied
from tests.unit.followup.stage import slow, throttled, unsure
from tests.unit.followup.theatre import Theatre

pytestmark = pytest.mark.unit


def levels(theatre: Theatre) -> list[tuple[int, float]]:
    return [
        (each.body["level"], each.minute) for each in theatre.messages if each.body["kind"] == "escalation"
    ]


def test_a_high_incident_that_never_recovers_goes_up_all_four_levels_once() -> None:
    theatre = Theatre(unsure()).play(170)
    assert theatre.story[:1] == [(0, "response")]
    assert theatre.messages[0].body["level"] == 1
    assert levels(theatre) == [(2, 30), (3, 60), (4, 120)]
    assert not theatre.closed


def test_the_last_level_hears_every_hour_that_it_is_still_unsolved() -> None:
    theatre = Theatre(unsure()).play(300)
    assert levels(theatre)[2:] == [(4, 120), (4, 180), (4, 240), (4, 300)]
    ids = [each.body["id"] for each in theatre.messages if each.name == "escalation 4"]
    assert len(set(ids)) == len(ids)


def routed(theatre: Theatre) -> list[str]:
    """By what SNS decides who gets each escalation."""
    asked = [request for _, operation, request in theatre.scene.aws.calls if operation == "publish"]
    found = [{name: each["StringValue"] for name, each in one["MessageAttributes"].items()} for one in asked]
    return [f"{each['kind']} {each['level']}" for each in found if each["kind"] != "response"]


def test_a_repeat_of_the_last_level_goes_to_on_call_and_that_level_alone() -> None:
    theatre = Theatre(unsure()).play(245)
    assert routed(theatre) == [
        "escalation 2",
        "escalation 3",
        "escalation 4",
        "escalation only-4",
        "escalation only-4",
    ]
    repeated = theatre.messages[-1].body["headlines"]["en"]
    assert "[STILL UNSOLVED]" in repeated
    assert "Unsolved for 4 h" in repeated


def test_a_medium_incident_is_repeated_to_on_call_and_wakes_no_level_twice() -> None:
    theatre = Theatre(slow()).play(275)
    assert routed(theatre) == ["escalation 2", "escalation 3", "escalation 4", "reminder 1", "reminder 1"]


def test_a_medium_incident_goes_up_half_an_hour_later() -> None:
    theatre = Theatre(slow()).play(200)
    assert theatre.messages[0].body["level"] == 1
    assert levels(theatre) == [(2, 60), (3, 90), (4, 150)]


def test_a_medium_incident_in_which_requests_die_goes_up_like_a_high_one() -> None:
    theatre = Theatre(slow().hangs()).play(170)
    assert {each.body["severity"] for each in theatre.messages} == {"high"}
    assert levels(theatre) == [(2, 30), (3, 60), (4, 120)]


def test_what_is_raised_later_is_told_and_goes_up_at_once_where_the_time_is_over() -> None:
    theatre = Theatre(slow())
    theatre.at(29.5, theatre.scene.hangs).play(170)
    told = [each for each in theatre.messages if each.body["kind"] == "response"]
    assert [each.body["severity"] for each in told] == ["medium", "high", "high"]
    assert [each.minute for each in told[:2]] == [0, 30]
    (level, minute), *later = levels(theatre)
    assert level == 2
    assert 30 <= minute <= 31
    assert later == [(3, 60), (4, 120)]


def test_what_was_raised_is_not_lowered_again() -> None:
    """Nobody has solved it; that fewer requests reach the service now proves nothing."""
    theatre = Theatre(slow().hangs()).play(170)
    assert all(each.body["severity"] == "high" for each in theatre.messages)
    assert theatre.scene.rows("HEAD")[0]["severity"] == "high"


def test_acknowledged_at_10_and_forgotten_it_goes_on_at_70_and_keeps_its_distances() -> None:
    theatre = Theatre(unsure())
    theatre.at(10, theatre.acknowledges).play(210)
    assert levels(theatre) == [(2, 70), (3, 100), (4, 160)]


def test_acknowledged_again_it_is_held_again() -> None:
    theatre = Theatre(unsure())
    theatre.at(10, theatre.acknowledges).at(50, lambda: theatre.acknowledges("mio")).play(150)
    assert levels(theatre) == [(2, 110), (3, 140)]


def test_an_acknowledgement_by_a_stranger_holds_nothing() -> None:
    theatre = Theatre(unsure())
    theatre.at(10, lambda: theatre.acknowledges("mallory")).play(65)
    assert levels(theatre) == [(2, 30), (3, 60)]


def test_an_acknowledgement_that_cannot_be_read_holds_nothing() -> None:
    theatre = Theatre(unsure())
    theatre.at(10, theatre.acknowledges)
    theatre.scene.aws.fail("dynamodb", "query", Denied, times=10_000, where={"TableName": "Approvals"})
    theatre.play(65)
    assert levels(theatre) == [(2, 30), (3, 60)]


def test_while_the_alarm_is_ok_nothing_goes_up_and_then_it_goes_on() -> None:
    theatre = Theatre(unsure())
    theatre.at(27, theatre.recovers).at(34, theatre.returns).play(70)
    assert levels(theatre) == [(2, 34), (3, 60)]


@pytest.mark.parametrize(("raised", "calm"), [(3, 3), (12, 12), (5, 20), (1, 15)])
def test_an_alarm_that_comes_and_goes_is_escalated_as_one_however_many_incidents_it_is(
    raised: int, calm: int
) -> None:
    theatre = flapping(Theatre(unsure()), raised, calm, 150)
    period = raised + calm
    assert [level for level, _ in levels(theatre)] == [2, 3, 4]
    for (_, minute), planned in zip(levels(theatre), (30, 60, 120), strict=True):
        assert planned <= minute <= planned + period
    assert "come and gone" in theatre.message("escalation 4")["headline"]


def test_what_is_closed_and_comes_back_is_told_to_the_levels_that_know() -> None:
    theatre = flapping(Theatre(unsure()), 12, 12, 60)
    told = [(each.minute, each.name, each.body["level"]) for each in theatre.messages]
    assert (46, "closed close", 2) in told
    assert (48, "response", 2) in told
    assert len({each.body["incident"] for each in theatre.messages}) == 3


def flapping(theatre: Theatre, raised: int, calm: int, until: int) -> Theatre:
    """Raised and calm in turn; what opens a new incident is followed as that."""
    for begin in range(0, until, raised + calm):
        if begin:
            theatre.at(begin, theatre.returns)
        theatre.at(begin + raised, theatre.recovers)
    theatre.raise_alarm()
    while not theatre.ended:
        theatre.follow(until=until)
        if theatre.closed and theatre.script:
            theatre.granted = theatre.opened + timedelta(minutes=theatre.script[0][0])
            theatre.reach(theatre.granted)
        elif theatre.closed:
            break
    return theatre


def test_the_last_level_brings_a_case_for_aws_to_paste() -> None:
    theatre = Theatre(unsure()).play(121)
    steps = [each["text"] for each in theatre.message("escalation 4")["steps"]]
    assert any("FaceAuth-Liveness-HighErrorRate" in each and "us-east-1" in each for each in steps)


def test_an_escalation_says_first_how_many_users_it_hits_and_when_that_was_counted() -> None:
    told = Theatre(unsure()).play(31).message("escalation 2")["headlines"]
    counted = re.search(r"Users: (\d+) of (\d+) requests \((\d+)%\) failed in the \d+ min before", told["en"])
    assert counted is not None
    failed, requests, percent = map(int, counted.groups())
    assert 0 < failed < requests
    assert percent == round(100 * failed / requests)
    assert "Feb 04 10:54 UTC" in told["en"]
    assert f"リクエスト {requests} 件中 {failed} 件（{percent}%）が失敗" in told["ja"]


def test_where_nothing_was_counted_an_escalation_says_so() -> None:
    theatre = Theatre(unsure())
    theatre.scene.aws.fail("cloudwatch", "get_metric_data", Denied, times=10_000)
    told = theatre.play(31).message("escalation 2")["headlines"]["en"]
    assert "How many users it hits is not known." in told


def test_an_escalation_says_what_a_yes_to_each_question_changes() -> None:
    told = Theatre(throttled()).play(31).message("escalation 2")["headlines"]["en"]
    asked = "Waiting for approval: liveness check off (rollout 0%)."
    assert f"{asked} If approved: the liveness check is OFF; photos and videos pass." in told
    assert "approve or reject what is proposed" in told
