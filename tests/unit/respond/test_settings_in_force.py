"""What people have set counts immediately; where it cannot be used, the newest version that can be."""

import json
from functools import partial
from typing import Any

import pytest

from responder.core.errors import Denied, Unreachable
from responder.core.settings import Settings
from responder.store.switches import known
from tests.unit.followup.scenes import throttled
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.respond.scene import PEOPLE, Scene

NAME = "/responder/settings"
BROKEN = "{", '{"soak_minute": 1}', '{"soak_minutes": 0}', " " * 4097 + "{}"


def put(scene: Scene, **given: Any) -> None:
    """As a person sets it, with the people who are registered."""
    value = json.dumps({**json.loads(PEOPLE), **given})
    scene.aws.call("ssm", "put_parameter", Name=NAME, Value=value, Type="String", Overwrite=True)


def in_force(scene: Scene) -> Settings:
    return known(scene.aws, Settings.read(scene.environment)).settings


def test_a_remedy_is_refused_where_no_one_declares_who_reads_the_variable() -> None:
    scene = Scene().faults(15)
    put(scene, rollout_readers=[])
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert "rollout_readers" in scene.mail


def test_an_escalation_comes_when_the_document_says() -> None:
    simulation = IncidentSimulation(throttled())
    put(simulation.scene, escalation_minutes=[4, 6, 8], medium_later_minutes=0)
    simulation.play(10)
    assert [simulation.named(f"escalation {level}") for level in (2, 3, 4)] == [[4], [6], [8]]


@pytest.mark.parametrize("value", BROKEN)
def test_of_a_broken_document_the_last_valid_times_count_and_nothing_is_changed(value: str) -> None:
    simulation = IncidentSimulation(throttled())
    put(simulation.scene, escalation_minutes=[4, 6, 8], medium_later_minutes=0, soak_minutes=25)
    simulation.scene.aws.ssm.parameters[NAME] = value
    assert in_force(simulation.scene).soak_minutes == 25
    simulation.play(10)
    assert simulation.named("escalation 2") == [4]
    assert not simulation.scene.leases()


def test_a_document_that_breaks_during_an_incident_is_reported_with_what_follows_from_it() -> None:
    simulation = IncidentSimulation(throttled())
    put(simulation.scene, escalation_minutes=[4, 60, 90], medium_later_minutes=0)
    simulation.play(3)
    assert "approvals, rejections and acknowledgements are refused" not in simulation.scene.mail
    simulation.scene.aws.ssm.parameters[NAME] = "{"
    simulation.play(2)
    (reported,) = (
        each for each in simulation.scene.aws.sns.published if "settings document" in each["Subject"]
    )
    assert (
        "all modes are treated as observe, and approvals, rejections and acknowledgements are refused ("
        in (json.loads(reported["Message"])["default"])
    )


def test_of_several_versions_the_newest_valid_one_counts() -> None:
    scene = Scene()
    put(scene, soak_minutes=20)
    put(scene, soak_minutes=30)
    put(scene, soak_minutes=0)
    assert in_force(scene).soak_minutes == 30


def test_without_a_valid_version_the_first_settings_of_the_template_count_for_times() -> None:
    scene = Scene()
    scene.aws.ssm.parameters[NAME] = "{"
    scene.aws.ssm.parameters["/responder/first-settings"] = '{"soak_minutes": 12}'
    assert in_force(scene).soak_minutes == 12


def test_the_first_settings_count_until_people_have_set_some() -> None:
    scene = Scene()
    del scene.aws.ssm.parameters[NAME]
    scene.aws.ssm.parameters["/responder/first-settings"] = '{"soak_minutes": 12}'
    assert in_force(scene).soak_minutes == 12
    put(scene, soak_minutes=14)
    assert in_force(scene).soak_minutes == 14


def test_the_history_is_read_only_where_the_document_cannot_be_used() -> None:
    scene = Scene()
    in_force(scene)
    assert scene.aws.count("ssm", "get_parameter_history") == 0
    scene.aws.ssm.parameters[NAME] = "{"
    in_force(scene)
    assert scene.aws.count("ssm", "get_parameter_history") == 1


def test_minutes_that_could_not_be_read_at_the_first_look_count_once_they_are() -> None:
    simulation = IncidentSimulation(throttled())
    put(simulation.scene, escalation_minutes=[4, 60, 90], medium_later_minutes=0)
    away = partial(
        simulation.scene.aws.fail, "ssm", "get_parameters_by_path", Unreachable, code="Silent", times=2
    )
    simulation.raise_alarm().at(0, away)
    simulation.follow(until=6)
    assert simulation.named("escalation 2") == [4]


def test_what_cannot_be_read_leaves_the_defaults_and_changes_nothing() -> None:
    scene = Scene().faults(15)
    put(scene, soak_minutes=25)
    scene.aws.fail("ssm", "get_parameters_by_path", Denied, code="AccessDeniedException", times=99)
    assert in_force(scene).soak_minutes == 10
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
