import re
import sys
from string import Formatter

import pytest

from responder.core.manual import GENERAL
from responder.core.settings import Settings
from responder.core.text import text
from responder.messages.language import say
from responder.messages.manual_steps import by_hand, with_commands
from responder.respond.playbook import PLAYBOOKS
from tests.texts import catalogue

pytestmark = pytest.mark.unit


def test_every_alarm_has_steps_of_its_own_and_each_exists() -> None:
    for slug, playbook in PLAYBOOKS.items():
        assert (playbook.manual is GENERAL) is (slug == "unknown-alarm")
        assert [key for key in playbook.manual.steps if key not in catalogue()] == []


def test_an_alarm_without_a_playbook_or_with_a_broken_one_gets_the_general_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert PLAYBOOKS.manual("an-alarm-of-tomorrow") is GENERAL
    monkeypatch.setitem(sys.modules, "alarms.high_error_rate", None)
    assert PLAYBOOKS.manual("high-error-rate") is GENERAL


@pytest.mark.parametrize("slug", [*PLAYBOOKS, "an-alarm-of-tomorrow"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_steps_are_complete(slug: str, language: str) -> None:
    for step in by_hand(PLAYBOOKS.manual(slug), Settings(region="eu-west-1")):
        words = say(step, language)
        assert "<region>" not in words
        assert not [name for name in ("function", "groups", "table", "variable") if f"<{name}>" in words]


def test_every_command_belongs_to_a_step_that_asks_for_nothing() -> None:
    """What the watchdog says to paste has steps of its own (`watchdog/report.py`)."""
    commands = [key.removeprefix("command.") for key in catalogue() if key.startswith("command.")]
    commands = [name for name in commands if not name.startswith("watchdog_")]
    assert [name for name in commands if f"step.{name}" not in catalogue()] == []
    forms = [catalogue()[f"step.{name}"][0] for name in commands]
    assert not [form for form in forms if any(name for _, name, _, _ in Formatter().parse(form))]


def test_the_command_follows_its_step() -> None:
    (step,) = with_commands(
        (text("step.memory_by_hand"),), PLAYBOOKS.manual("create-session-timeouts"), Settings()
    )
    first, command = say(step, "en").split("\n")
    assert first.startswith("If memory or CPU is short")
    assert "--function-name FaceAuth-CreateLivenessSession --memory-size 512" in command


# What overwrites or takes away, and not what makes something new.
_CHANGES = re.compile(r"aws \S+ (?:(?:delete|detach|remove)-\S+|update-function\S+|put-function-concurrency)")
# N is put in by the person who has looked at the limits with the step before.
_FILLED_IN = ("command.raise_concurrency_by_hand",)


def test_a_command_that_takes_something_away_is_refused_once_its_target_changed() -> None:
    for key, (form, _) in catalogue().items():
        if key.startswith("command.") and key not in _FILLED_IN:
            for found in _CHANGES.finditer(form):
                guarded = (
                    form[: found.start()].endswith("]; then ") or "--revision-id" in form[found.start() :]
                )
                assert guarded, form


def test_a_step_without_a_command_stays_as_it_is() -> None:
    steps = (text("step.check_health"), text("why.anything"))
    assert with_commands(steps, PLAYBOOKS.manual("high-error-rate"), Settings()) == steps


def test_no_command_sets_a_function_to_fewer_variables() -> None:
    for key, (form, _) in catalogue().items():
        if key.startswith("command.") and "--environment" in form:
            assert ".Environment.Variables +" in form
            assert "--revision-id" in form


def test_the_switch_is_turned_on_all_four_functions() -> None:
    words = "".join(say(step, "ja") for step in by_hand(PLAYBOOKS.manual("high-error-rate"), Settings()))
    assert all(name in words for name in Settings().rollout_functions)


def test_the_command_shows_how_many_sessions_its_p90_is_of() -> None:
    command, _ = catalogue()["command.creation_time"]
    first, second = command.split("aws cloudwatch get-metric-statistics")[1:]
    assert "--extended-statistics p90" in first and "--statistics SampleCount" in second
    # One datapoint for the hour: twelve of 5 minutes would hold too few sessions each.
    assert all("--period 3600" in each for each in (first, second))
