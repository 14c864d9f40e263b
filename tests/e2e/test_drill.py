"""The scenarios of `make drill` on the real template, and what must hold over all of them. `make test` plays
those of `cover.in_test`."""

import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import pytest

from liveness_ops.policy import all_needs
from local_aws.client import Call
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.step_result import StepResult
from rehearsal.world.traffic import unfold
from rehearsal.world.variables import SECRETS
from responder.core.permissions import FOLLOW_UP, PARAMETERS, SETTINGS_DOCUMENT, Permission
from responder.core.plain_data import Json
from responder.followup.follower import NEEDS as FOLLOWING
from responder.respond.playbook import SHELL
from tests.e2e.cover import counted, features, in_test
from tests.unit.alarms.contradicting import pairs
from tests.used import unused, used_by, uses

type Plays = dict[str, Future[ScenarioRun]]
pytestmark = pytest.mark.timeout(300)

EMPLOYEE = re.compile(r"EMP\d{6}")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(one.id, marks=() if one.id in in_test() else pytest.mark.long, id=one.id)
        for one in scenarios()
    ],
)
def test_scenario(scenario: str, played: Plays) -> None:
    found = played[scenario].result()
    assert found.problems == []
    assert leaks(found) == []
    assert contradictions(found) == {}
    courses = [act.followed for act in found.acts if act.files and act.followed]
    # A closed incident was reported so last.
    assert {course.messages[-1].body["kind"] for course in courses} <= {"closed"}


def test_each_alarm_change_condition_fault_and_command_occurs_in_one_that_is_played_here() -> None:
    every = {feature for one in counted() for feature in features(one)}
    assert {feature for one in counted() if one.id in in_test() for feature in features(one)} == every


def leaks(one: ScenarioRun) -> list[str]:
    """What is of a person or of other settings."""
    sessions = {request.session for request in unfold(one.scenario.traffic, datetime.now(UTC))}
    return [
        text
        for text in said(one)
        if EMPLOYEE.search(text)
        or sessions & set(UUID.findall(text))
        or any(value in text for value in SECRETS)
    ]


def said(played: ScenarioRun) -> Iterator[str]:
    for act in played.acts:
        yield act.logs
        yield json.dumps(act.rows, default=str, ensure_ascii=False)
        for mail in (*act.mail, *act.last_resort):
            yield from (mail.subject, *mail.bodies.values(), *mail.attributes.values())


# The drill shows that two other remedies lose trust; unit tests judge this one. The stop's name is the only
# difference.
_NOT_PLAYED = {
    "FollowUp": [
        "ssm:PutParameter arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:"
        "parameter/${AWS::StackName}/stops/ask-on_demand_billing"
    ]
}


# Over all scenarios, so only `make proof`; that the policies are what the code needs, tests/template shows.
@pytest.mark.long
def test_every_right_of_a_function_is_used_in_some_scenario(played: Plays) -> None:
    used = used_by(calls(played))
    found = {function: unused(needs, used[function]) for function, needs in own_needs().items()}
    assert {function: needs for function, needs in found.items() if needs} == _NOT_PLAYED


@pytest.mark.long
def test_every_right_of_the_shell_is_used_somewhere(played: Plays) -> None:
    used = {each for every in used_by(calls(played)).values() for each in every}
    # AWS checks a path or what is below it, depending on how the path is written; here it is the path.
    assert unused([need for need in SHELL if need.resource != PARAMETERS], used) == []


def test_a_command_of_the_follow_up_reaches_the_alarms_own_function(played: Plays) -> None:
    used = used_by(calls(played))["FollowUp"]
    assert [need for need in COMMANDS if any(uses(need, used))]


def test_some_incident_is_closed_and_some_message_has_findings(played: Plays) -> None:
    acts = [act for future in played.values() for act in future.result().acts]
    assert any(act.followed for act in acts if act.files)
    assert any(message.get("findings") for act in acts for message in messages(act))


# Without a secret they are not deployed; tests/integration/test_slack_in.py and tests/unit/slack_inbound hold
# their rights against their calls.
SLACK = ("SlackAction", "SlackPost")
# tests/integration/test_console.py holds its rights against its calls.
PEOPLE = ("People",)
# No alarm calls them; tests/integration/test_checks.py runs them under their roles.
BY_THE_CLOCK = ("DailyCheck", "WeeklyCheck", "MonthlyCheck", "SessionsBackup")
# One line of code sends them all, to the function that the incident names: one represents the others.
COMMANDS = [
    need for need in FOLLOWING if need.action == "lambda:InvokeFunction" and need.resource != FOLLOW_UP
]


# Read where the settings document cannot be used: the alarms' functions show it.
HISTORY = Permission("ssm:GetParameterHistory", SETTINGS_DOCUMENT)


def own_needs() -> dict[str, Iterable[Permission]]:
    """What a function needs besides the shell, which only the alarms' functions share; refusals are no
    rights."""
    return {
        function: [need for need in needs if need not in elsewhere(function) and not need.forbidden]
        for function, needs in all_needs().items()
        if function not in (*SLACK, *PEOPLE, *BY_THE_CLOCK)
    }


def elsewhere(function: str) -> list[Permission]:
    """What another test looks at."""
    if function not in ("FollowUp", "Watchdog"):
        return list(SHELL)
    return [*COMMANDS, HISTORY, *(need for need in SHELL if need.resource == PARAMETERS)]


def calls(played: Plays) -> list[Call]:
    """Everything that our functions asked of AWS."""
    return [call for future in played.values() for act in future.result().acts for call in act.calls]


def contradictions(one: ScenarioRun) -> dict[str, list[Any]]:
    """Sentences of one message of which one denies the other."""
    found = {
        message["id"]: list(pairs(sentences(message)))
        for act in one.acts
        for message in messages(act)
        if message.get("findings")
    }
    return {name: places for name, places in found.items() if places}


def messages(act: StepResult) -> list[Json]:
    """As machines get them."""
    return [json.loads(mail.bodies["lambda"]) for mail in act.mail]


def sentences(message: Json) -> Iterator[str]:
    yield message["cause"]["key"]
    yield from (each["key"] for each in (*message["others"], *message["ruled_out"]))
    yield from (each["said"]["key"] for each in message["findings"])
