"""Every setting of the document: what it accepts, what it refuses, and where it reports the mistake."""

import json
from typing import Any

import pytest

from responder.core.errors import SettingsUnusable
from responder.core.plain_data import Json
from responder.core.refusals import SettingsProblem
from responder.core.settings import Settings
from responder.core.settings_document import CLASSES, LARGEST, SettingsDocument, differences, parse
from responder.core.settings_fields import FIELDS, Ascending, Number
from responder.messages.language import say
from tests.rows import all_rows

Problem = SettingsProblem
NUMBERS = {name: kind for name, kind in FIELDS.items() if isinstance(kind, Number)}


def over(**given: Any) -> Settings:
    return parse(json.dumps(given)).over(Settings())


def refused(**given: Any) -> tuple[SettingsProblem, str]:
    with pytest.raises(SettingsUnusable) as caught:
        parse(json.dumps(given))
    return caught.value.problem, caught.value.where


def test_a_document_with_people_alone_is_valid_and_means_all_defaults() -> None:
    assert over(people={"aiko": {"slack": "U0A1"}}) == Settings()


def test_what_is_given_counts_and_the_rest_stays_as_in_the_environment() -> None:
    given = Settings(stack="mine", topic="t")
    found = parse('{"soak_minutes": 15, "escalation_minutes": [5, 10, 15]}').over(given)
    assert (found.stack, found.topic, found.soak_minutes) == ("mine", "t", 15)
    assert found.escalation_minutes == ("5", "10", "15")


@all_rows("name", NUMBERS)
def test_a_number_is_within_its_range(name: str) -> None:
    kind = NUMBERS[name]
    assert kind.least <= getattr(Settings(), name) <= kind.most
    for value in (kind.least - 1, kind.most + 1):
        assert refused(**{name: value})[0] is Problem.OUT_OF_RANGE
    assert refused(**{name: "1"}) == (Problem.WRONG_TYPE, name)
    assert refused(**{name: True}) == (Problem.WRONG_TYPE, name)
    if kind.whole:
        for fraction in (kind.least + 0.5, float(kind.least)):
            assert refused(**{name: fraction}) == (Problem.NOT_WHOLE, name)


def test_a_range_is_reported_in_full_digits() -> None:
    assert refused(cost_floor=2_000_000) == (Problem.OUT_OF_RANGE, "cost_floor (0–1000000)")


@pytest.mark.parametrize("name", [name for name, kind in FIELDS.items() if isinstance(kind, Ascending)])
def test_minutes_ascend(name: str) -> None:
    for wrong in ([60, 30, 120], [30, 30, 120]):
        assert refused(**{name: wrong}) == (Problem.NOT_ASCENDING, name)
    assert refused(**{name: []})[0] is Problem.BAD_COUNT
    assert refused(**{name: [0, 1, 2]})[0] is Problem.OUT_OF_RANGE


def test_three_levels_are_escalated_to_and_no_fourth() -> None:
    assert refused(escalation_minutes=[30, 60])[0] is Problem.BAD_COUNT
    assert refused(escalation_minutes=[30, 60, 120, 240])[0] is Problem.BAD_COUNT


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"lowered_threshold": 90}, "lowered_threshold, confidence_threshold"),
        ({"confidence_threshold": 80}, "lowered_threshold, confidence_threshold"),
        ({"cost_floor": 500}, "cost_floor, cost_target"),
        (
            {"provisioned_concurrency_hours": 1, "keep_warm_minutes": 90},
            "keep_warm_minutes, provisioned_concurrency_hours",
        ),
    ],
)
def test_values_that_contradict_each_other_are_named_both(given: Json, where: str) -> None:
    assert refused(**given) == (Problem.CONTRADICTION, where)


@all_rows(
    ("given", "problem", "where"),
    [
        ({"soak_minute": 1}, Problem.UNKNOWN_KEY, "soak_minute"),
        ({"rollout_readers": "FaceAuth-Enrollment"}, Problem.WRONG_TYPE, "rollout_readers"),
        ({"rollout_readers": ["A", "A"]}, Problem.TWICE, "rollout_readers"),
        ({"rollout_readers": ["arn:aws:lambda"]}, Problem.BAD_VALUE, "rollout_readers"),
        ({"rollout_variable": "A-B"}, Problem.BAD_VALUE, "rollout_variable"),
        ({"slack_level_mentions": {"1": ["<@U2B>"]}}, Problem.UNKNOWN_KEY, "slack_level_mentions.1"),
        ({"slack_level_mentions": {"2": ["@dev"]}}, Problem.BAD_VALUE, "slack_level_mentions.2"),
        ({"slack_level_mentions": {"2": ["<!channel>"]}}, Problem.BAD_VALUE, "slack_level_mentions.2"),
        ({"deployed_functions": {"F": {}}}, Problem.BAD_VALUE, "deployed_functions.F"),
        ({"deployed_functions": {"F": {"cpu": 1}}}, Problem.UNKNOWN_KEY, "deployed_functions.F.cpu"),
        ({"deployed_functions": {"F": {"vpc": "no"}}}, Problem.WRONG_TYPE, "deployed_functions.F.vpc"),
    ],
)
def test_a_mistake_is_named_with_its_place(given: Json, problem: SettingsProblem, where: str) -> None:
    assert refused(**given) == (problem, where)
    for language in ("ja", "en"):
        with pytest.raises(SettingsUnusable) as caught:
            parse(json.dumps(given))
        said = say(caught.value.reason.text, language)
        assert where in said
        assert "\n" not in said


def test_mentions_and_functions_are_read_as_their_readers_take_them() -> None:
    found = over(
        slack_level_mentions={"3": ["<@U2>"], "2": ["<!subteam^S1>", "C0DEV"]},
        deployed_functions={"FaceAuth-Enrollment": {"memory": 1024, "vpc": False}},
    )
    assert found.slack_level_mentions == "2=<!subteam^S1>,2=C0DEV,3=<@U2>"
    assert found.deployed_functions == ("FaceAuth-Enrollment memory=1024 vpc=no",)


def test_twenty_people_in_four_classes_fit_beside_settings_of_their_own() -> None:
    role = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_LivenessOnCall_0123456789abcdef"
    classes = [each.value for each in CLASSES]
    people = {
        f"person {number}": {
            "slack": f"U0123456{number:02}",
            "aws": [f"oncall/person.{number:02}@corp.example"],
            "may": classes,
        }
        for number in range(20)
    }
    logins = [f"FaceAuth-{each}" for each in ("Enrollment", "FaceLogin", "EmergencyAuth", "ReEnrollment")]
    given = {"roles": {"oncall": role}, "people": people, "rollout_readers": logins, "soak_minutes": 15}
    written = parse(json.dumps(given, separators=(",", ":"))).to_json()
    assert len(written.encode()) <= LARGEST


def test_what_was_read_is_written_again() -> None:
    text = '{"people":{"aiko":{"slack":"U0A1"}},"soak_minutes":15,"rollout_readers":["A"]}'
    assert parse(parse(text).to_json()) == parse(text)


def test_a_difference_shows_before_and_after() -> None:
    was, made = (
        SettingsDocument(given={"soak_minutes": 15}),
        SettingsDocument(given={"cost_target": 500, "soak_minutes": 20}),
    )
    assert differences(was, made) == (("soak_minutes", "15", "20"), ("cost_target", "", "500"))


@pytest.mark.parametrize(
    "address", ["", "https://wiki.example.com:8443/x/", "https://wiki.example.com/a@b?p=1&q=2#steps"]
)
def test_the_address_of_the_runbook_may_lead_to_a_place_of_a_page(address: str) -> None:
    assert over(runbook_url=address).runbook_url == address


@pytest.mark.parametrize(
    "address",
    [
        "http://wiki.example.com/x",
        "https://",
        "https://@",
        "https://sato:password@wiki.example.com/x",  # pragma: allowlist secret
        "https://wiki.example.com/<x>",
        "https://wiki.example.com/x|y",
        "https://wiki.example.com/x y",
        "https://wiki.example.com/x\n",
    ],
)
def test_the_address_of_the_runbook_holds_no_password_and_no_markup(address: str) -> None:
    assert refused(runbook_url=address) == (Problem.BAD_VALUE, "runbook_url")
