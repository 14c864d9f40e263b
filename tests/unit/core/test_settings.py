"""What the template says is what a function uses; what it says wrong is named."""

from dataclasses import fields
from types import MappingProxyType

import pytest

from responder.core.errors import BadEvent
from responder.core.liveness_function import LivenessFunction
from responder.core.settings import Settings


def test_without_an_environment_the_names_are_those_of_face_auth() -> None:
    found = Settings.read({})
    assert found == Settings()
    assert found.functions == ("FaceAuth-CreateLivenessSession", "FaceAuth-GetLivenessResult")
    assert len(found.rollout_functions) == 4


def test_nothing_is_declared_until_a_person_declares_it() -> None:
    """A variable without a known reader is never changed, and without people nothing can be approved."""
    assert Settings().rollout_readers == ()


def test_every_field_can_be_set_by_its_own_variable() -> None:
    for each in fields(Settings):
        value = "7" if each.type in (int, float) else "given"
        found = getattr(Settings.read({each.name.upper(): value}), each.name)
        assert found in (7, "given", ("given",)), each.name


def test_values_have_their_types() -> None:
    found = Settings.read(
        {"CONFIDENCE_THRESHOLD": "85.5", "MEMORY_SIZE": "1024", "ROLLOUT_FUNCTIONS": " A , B ,, "}
    )
    assert (found.confidence_threshold, found.memory_size) == (85.5, 1024)
    assert found.rollout_functions == ("A", "B")


@pytest.mark.parametrize(
    ("name", "value"),
    [("MEMORY_SIZE", "512 MB"), ("MEMORY_SIZE", ""), ("MEMORY_SIZE", "1.5"), ("CONFIDENCE_THRESHOLD", "90%")],
)
def test_a_number_that_is_none_is_named(name: str, value: str) -> None:
    with pytest.raises(BadEvent) as caught:
        Settings.read({name: value})
    assert caught.value.field == name


def test_the_workspace_of_slack_comes_before_its_channel() -> None:
    found = Settings.read({"SLACK_CHANNEL": "T0TEAM/C0ONCALL"})
    assert (found.slack_team, found.slack_channel) == ("T0TEAM", "C0ONCALL")


def test_other_variables_are_ignored() -> None:
    environment = MappingProxyType({"AWS_REGION": "eu-west-1", "PATH": "/bin", "region": "eu-west-1"})
    assert Settings.read(environment) == Settings()


def test_parameters_live_under_the_stack_s_name() -> None:
    assert Settings(stack="mine").parameters_path == "/mine"


def test_each_role_has_its_deployed_function() -> None:
    settings = Settings(create_function="C", result_function="R")
    assert [function.deployed_name(settings) for function in LivenessFunction] == ["C", "R"]
