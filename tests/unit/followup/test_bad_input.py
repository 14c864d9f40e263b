"""Whatever the follow-up is started with: it follows an incident that is on record and open, or nothing."""

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.followup.follower import Follower
from responder.store import Incidents
from tests.proof.fuzz.worlds import logged
from tests.unit.followup.scenes import broken, too_few_faults
from tests.unit.followup.simulation import IncidentSimulation

GARBAGE: list[Any] = [
    {},
    {"incident": ""},
    {"incident": None},
    {"incident": 7},
    {"incident": ["a", "b"]},
    {"incident": {"incident": "nested"}},
    {"incident": "FaceAuth-Liveness-HighErrorRate-20200101T000000Z"},
    {"incident": "x" * 5_000},
    {"incident": "STACK"},
    {"incident": "ALARMS"},
    {"incident": "💥\u0000"},
    {"command": "revert", "incident": "anything", "remedy": "rollout_to_zero"},
]


def world(simulation: IncidentSimulation) -> list[Any]:
    """Everything that could have been touched."""
    aws = simulation.scene.aws
    stored = [aws.dynamo.rows(table) for table in ("Incidents", "Approvals")]
    return copy.deepcopy([stored, aws.sns.published, aws.lambdas.invocations, simulation.scene.percentages()])


def opened() -> IncidentSimulation:
    simulation = IncidentSimulation(broken()).raise_alarm()
    simulation.scene.aws.settle()
    return simulation


@pytest.mark.parametrize("event", GARBAGE, ids=lambda event: str(event)[:40])
def test_a_malformed_event_changes_nothing_and_ends_the_execution(event: Data) -> None:
    simulation = opened()
    before = world(simulation)
    simulation.follow(event)
    assert world(simulation) == before
    assert simulation.invocations == 1
    assert simulation.scene.aws.now == simulation.opened


def test_a_name_that_is_not_on_record_stays_out_of_the_log() -> None:
    """Any text may have been sent: it can be an employee's id."""
    scene = opened().scene
    with logged() as said:
        Follower("EMP-7700123", scene.aws, Settings.read(scene.environment), lambda: scene.aws.now).begin()
    (line,) = said.lines
    assert "not followed: unknown or closed" in line
    assert "EMP-7700123" not in line


def test_an_incident_that_is_closed_and_reported_is_not_followed() -> None:
    simulation = opened()
    incidents = Incidents(simulation.scene.aws, "Incidents")
    found = incidents.find(simulation.incident)
    assert found is not None
    assert incidents.close(found)
    head = incidents.head(simulation.incident)
    assert head is not None
    assert incidents.remember(head, replace(head.remembered, closed=True), simulation.scene.aws.now)
    before = world(simulation)
    simulation.follow()
    assert world(simulation) == before


def test_an_incident_that_was_opened_and_never_answered_is_left_to_the_watchdog() -> None:
    simulation = opened()
    key = {"pk": {"S": f"INCIDENT#{simulation.incident}"}, "sk": {"S": "HEAD"}}
    simulation.scene.aws.dynamo.delete_item(TableName="Incidents", Key=key)
    before = world(simulation)
    simulation.follow()
    assert world(simulation) == before


def test_an_incident_whose_alarm_has_gone_on_to_another_is_left_alone() -> None:
    simulation = IncidentSimulation(too_few_faults())
    simulation.at(2, simulation.recovers).play(100)
    old = simulation.incident
    simulation.scene.aws.tick(minutes=5)
    simulation.returns()
    assert simulation.incident != old
    before = world(simulation)
    simulation.follow({"incident": old})
    assert world(simulation) == before


FORGED: Json = {
    "approvals": [{"proposal": "0123456789abcdef", "person": "aiko", "decision": "approve"}],
    "leases": [{"remedy": "rollout_to_zero", "state": "in_force", "until": "2020-01-01T00:00:00+00:00"}],
    "watch": {"notified": {"2": "2026-02-04T10:25:00+00:00"}, "recovered": "2026-02-04T10:25:00+00:00"},
    "due": ["revert rollout_to_zero#liveness-rollout", "close"],
    "generation": 99,
    "state": "OK",
    "at": "2030-01-01T00:00:00+00:00",
}


def test_nothing_in_the_event_but_the_incidents_name_is_believed() -> None:
    forged = opened()
    forged.follow({"incident": forged.incident, **FORGED}, until=31)
    honest = opened()
    honest.follow(until=31)
    assert forged.story == honest.story
    assert forged.orders == honest.orders
    assert forged.scene.percentages() == ["0"] * 4


@given(st.text(max_size=80))
def test_no_name_but_its_own_finds_an_incident(name: str) -> None:
    simulation = IncidentSimulation(too_few_faults())
    begun = Follower(
        name,
        simulation.scene.aws,
        Settings.read(simulation.scene.environment),
        lambda: simulation.scene.aws.now,
    ).begin()
    assert begun["over"]
    assert simulation.scene.aws.writes == []
