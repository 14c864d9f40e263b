"""Every scenario of `make drill` on the real template, and what must hold over all of them."""

import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import pytest

from liveness_ops.drill.catalogue import scenarios
from liveness_ops.drill.stage import Played
from liveness_ops.local_aws import Call
from liveness_ops.policy import all_needs
from liveness_ops.world.traffic import unfold
from liveness_ops.world.variables import SECRETS
from responder.core.permissions import FOLLOW_UP, PARAMETERS, SETTINGS_DOCUMENT, Permission
from responder.followup.needs import NEEDS as FOLLOWING
from responder.respond.needs import SHELL
from tests.unit.alarms.contradicting import pairs
from tests.used import unused, used_by, uses

type Plays = dict[str, Future[Played]]
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

EMPLOYEE = re.compile(r"EMP\d{6}")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize("scenario", [scenario.id for scenario in scenarios()])
def test_scenario(scenario: str, played: Plays) -> None:
    assert played[scenario].result().problems == []


def test_nothing_of_a_person_or_of_other_settings_gets_out(played: Plays) -> None:
    found = [future.result() for future in played.values()]
    sessions = {
        request.session for one in found for request in unfold(one.scenario.traffic, datetime.now(UTC))
    }
    for one in found:
        for text in said(one):
            assert not EMPLOYEE.search(text), one.scenario.id
            assert not sessions & set(UUID.findall(text)), one.scenario.id
            assert not [value for value in SECRETS if value in text], one.scenario.id


def said(played: Played) -> Iterator[str]:
    for act in played.acts:
        yield act.logs
        yield json.dumps(act.rows, default=str, ensure_ascii=False)
        for mail in (*act.mail, *act.last_resort):
            yield from (mail.subject, *mail.bodies.values(), *mail.attributes.values())


def test_every_right_of_a_function_is_used_in_some_scenario(played: Plays) -> None:
    used = used_by(calls(played))
    found = {function: unused(needs, used[function]) for function, needs in own_needs().items()}
    assert {function: needs for function, needs in found.items() if needs} == {}


def test_every_right_of_the_shell_is_used_somewhere(played: Plays) -> None:
    used = {each for every in used_by(calls(played)).values() for each in every}
    # AWS checks a path or what is below it, depending on how the path is written; here it is the path.
    assert unused([need for need in SHELL if need.resource != PARAMETERS], used) == []


def test_a_command_of_the_follow_up_reaches_the_alarms_own_function(played: Plays) -> None:
    used = used_by(calls(played))["FollowUp"]
    assert [need for need in COMMANDS if any(uses(need, used))]


def test_an_incident_that_is_closed_was_told_so_last(played: Plays) -> None:
    courses = [act.course for future in played.values() for act in future.result().acts if act.files]
    assert courses
    assert {course.messages[-1].body["kind"] for course in courses if course} == {"closed"}


# Without a secret they are not deployed; tests/integration/test_slack_in.py and tests/unit/slack_inbound hold
# their rights against their calls.
SLACK = ("SlackAction", "SlackPost")
# tests/integration/test_console.py holds its rights against its calls.
PEOPLE = ("People",)
# No alarm calls them; tests/integration/test_checks.py and test_rehearsal.py run them under their roles.
BY_THE_CLOCK = ("DailyCheck", "WeeklyCheck", "MonthlyCheck", "SessionsBackup", "RehearsalCheck")
# One line of code sends them all, to the function that the incident names: one stands for the others.
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


def test_no_message_contradicts_itself(played: Plays) -> None:
    found = {
        f"{name} {message['id']}": list(pairs(sentences(message)))
        for name, future in played.items()
        for act in future.result().acts
        for mail in act.mail
        if (message := json.loads(mail.bodies["lambda"])).get("findings")
    }
    assert found
    assert {name: places for name, places in found.items() if places} == {}


def sentences(message: dict[str, Any]) -> Iterator[str]:
    yield message["cause"]["key"]
    yield from (each["key"] for each in (*message["others"], *message["ruled_out"]))
    yield from (each["said"]["key"] for each in message["findings"])
