"""What the first look did not show, and what did not help."""

import json
from datetime import timedelta
from typing import Any

import pytest

from responder.core.errors import Denied
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.core.refusals import Refusal
from responder.core.switches import Switches
from responder.followup_rules import FollowUpMemory
from responder.guards import Purpose, Question, judge
from responder.store import Incidents
from responder.store.incidents import slug_of
from tests.unit.followup.scenes import FollowUpScene, beside, broken, too_few_faults
from tests.unit.followup.shared_simulations import medium
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.remedies.world import FOUR


def applied(scene: FollowUpScene) -> list[Json]:
    return [json.loads(row["data"]) for row in scene.rows("APPLIED#")]


def test_a_rate_that_rises_after_the_first_look_is_acted_on_at_five_minutes_and_reported_once() -> None:
    simulation = IncidentSimulation(too_few_faults())
    assert simulation.scene.percentages() == ["50"] * 4
    simulation.at(3, lambda: simulation.scene.faults(40, minutes=3)).play(25)
    assert simulation.scene.percentages() == ["0"] * 4
    messages = [each for each in simulation.messages if each.body["kind"] == "response"]
    assert [each.minute for each in messages] == [0, 5]
    assert [each["result"] for each in messages[1].body["outcomes"]] == ["applied"]
    assert len(applied(simulation.scene)) == 1


def test_a_decision_that_does_not_change_is_reported_once_however_often_it_is_made() -> None:
    assert [minute for minute in medium().sent("re-evaluate") if minute < 58] == [5, 10, 20, 30, 55]
    assert [reported for reported in medium().story if reported[0] < 58] == [(0, "response")]


def test_what_the_last_level_gets_each_hour_was_decided_a_minute_before() -> None:
    simulation = medium()
    assert simulation.named("escalation 4") == [150]
    assert simulation.named("reminder escalate") == [210, 270, 330]
    assert {149, 209, 269, 329} <= set(simulation.sent("re-evaluate"))
    # What has not changed is not sent again.
    assert simulation.named("response") == [0]


@pytest.fixture
def simulation() -> IncidentSimulation:
    return IncidentSimulation(broken())


def test_once_the_mute_has_ended_it_is_decided_again_and_reported_no_more_than_needed(
    simulation: IncidentSimulation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene, plain = simulation.scene, simulation.scene.event
    end = f"{scene.aws.now + timedelta(minutes=9):%Y-%m-%dT%H:%M:%S.000+0000}"

    def muted(*given: Any, **more: Any) -> Json:
        event = plain(*given, **more)
        rule = "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night"
        event["detail"]["muteDetail"] = {"mutedByArn": rule, "muteWindowEnd": end}
        return event

    monkeypatch.setattr(scene, "event", muted)
    scene.mutes = ["night"]
    simulation.at(8, lambda: scene.faults(40, minutes=3)).at(9, scene.mutes.clear).play(12)
    assert simulation.sent("re-evaluate") == [5, 9]
    assert scene.percentages() == ["0"] * 4
    messages = [each for each in simulation.messages if each.body["kind"] == "response"]
    assert [each.minute for each in messages] == [0, 9]


def test_a_remedy_that_does_not_help_is_reported_and_counted_and_it_is_decided_again() -> None:
    simulation = IncidentSimulation(broken()).play(28)
    assert simulation.named("progress ineffective") == [15.5]
    assert [(row["ok"], row["effective"]) for row in applied(simulation.scene)] == [(True, False)]
    assert simulation.sent("re-evaluate") == [15.5, 20]


def test_a_remedy_for_an_alarm_on_a_whole_hour_has_that_hour_to_show_itself() -> None:
    simulation = IncidentSimulation(broken(), period=3600).play(70)
    assert simulation.named("progress ineffective") == [60.5]
    # And the message says so.
    assert "No improvement 60 min" in str(simulation.message("progress ineffective")["headline"])


def test_a_remedy_that_did_not_help_twice_is_not_tried_again() -> None:
    simulation = IncidentSimulation(broken()).play(20)
    scene = simulation.scene
    incidents = Incidents(scene.aws, "Incidents")
    lease = incidents.ledger().leases[0]
    for row in scene.rows("APPLIED#"):
        data = json.loads(row["data"])
        other = {**data, "at": (scene.aws.now - timedelta(minutes=40)).isoformat(), "scope": lease.scope}
        key = {"pk": {"S": "STACK"}, "sk": {"S": "APPLIED#earlier"}, "data": {"S": json.dumps(other)}}
        scene.aws.dynamo.put_item(TableName="Incidents", Item=key)
    question = Question(
        Purpose.RESUME,
        scene.aws.now,
        lease.remedy,
        "another",
        Switches(Mode.AUTO, {lease.remedy: Mode.AUTO}),
        incidents.ledger(),
        lease.plan,
    )
    held = judge(question)
    assert held is not None
    assert held.reason.kind is Refusal.FAILED_TWICE


def test_a_remedy_that_one_function_refused_is_finished_at_the_next_decision(
    simulation: IncidentSimulation,
) -> None:
    simulation.scene.aws.fail(
        "lambda", "update_function_configuration", Denied, where={"FunctionName": FOUR[1]}
    )
    simulation.at(4, lambda: seen.append(simulation.scene.percentages()))
    seen: list[list[str]] = []
    simulation.play(14)
    assert seen == [["0", "50", "0", "0"]]
    assert simulation.scene.percentages() == ["0"] * 4
    assert simulation.story[-1:] == [(5, "command applied")]


# --- the same fault behind two alarms ------------------------------------------------------------


def linked() -> tuple[IncidentSimulation, FollowUpScene]:
    """The result function's alarm was first, and switched liveness off."""
    simulation = IncidentSimulation(broken())
    first = beside(simulation.scene)
    simulation.knows(first)
    first.deliver(first.event("ALARM"))
    simulation.scene.aws.settle()
    simulation.scene.aws.tick(minutes=1)
    return simulation, first


def test_a_second_alarm_with_the_same_cause_is_linked_and_leaves_the_escalation_to_the_first() -> None:
    simulation, first = linked()
    simulation.play(62)
    assert len(applied(simulation.scene)) == 1
    assert "linked" in json.dumps(simulation.messages[-1].body) or first.pointer["incident"] in json.dumps(
        simulation.messages[-1].body
    )
    assert [each for each in simulation.messages if each.body["kind"] == "escalation"] == []
    assert simulation.sent("re-evaluate") == []


def test_once_the_first_is_closed_the_second_escalates_alone() -> None:
    simulation, first = linked()

    def closes() -> None:
        incidents = Incidents(first.aws, "Incidents")
        found = incidents.find(first.pointer["incident"])
        assert found is not None
        assert slug_of(found.id) == found.slug
        assert incidents.close(found)

    simulation.at(45, closes).play(70)
    assert simulation.named("escalation 2") == [45]


def loses_its_alarm(scene: FollowUpScene) -> None:
    """Its follow-up has seen that the alarm was deleted."""
    incidents = Incidents(scene.aws, "Incidents")
    head = incidents.head(scene.pointer["incident"])
    assert head is not None
    assert incidents.remember(head, FollowUpMemory(gone=scene.aws.now), scene.aws.now)


def test_once_the_alarm_of_the_first_is_deleted_the_second_escalates_alone() -> None:
    simulation, first = linked()
    simulation.at(45, lambda: loses_its_alarm(first)).play(70)
    assert simulation.named("escalation 2") == [45]


def test_what_helped_an_alarm_that_was_deleted_is_asked_back(simulation: IncidentSimulation) -> None:
    second = beside(simulation.scene)
    simulation.at(2, lambda: second.deliver(second.event("ALARM")))
    simulation.at(12, simulation.recovers).at(50, lambda: loses_its_alarm(second)).play(60)
    assert [50 <= minute <= 51 for minute in simulation.sent("revert")] == [True]


def test_what_helps_a_second_alarm_is_not_asked_back_before_that_one_is_calm(
    simulation: IncidentSimulation,
) -> None:
    second = beside(simulation.scene)
    simulation.at(2, lambda: second.deliver(second.event("ALARM")))
    simulation.at(12, simulation.recovers)

    def calms() -> None:
        simulation.other = "OK"
        second.deliver(second.event("OK"))

    simulation.at(50, calms).play(60)
    assert simulation.named("progress mitigated") == [22]
    assert [50 <= minute <= 51 for minute in simulation.sent("revert")] == [True]


def test_a_linked_incident_ends_on_its_conditions() -> None:
    simulation, _ = linked()
    simulation.at(20, simulation.recovers).play(100)
    assert simulation.named("closed close") == [30]
    assert simulation.closed
    assert simulation.scene.percentages() == ["0"] * 4
