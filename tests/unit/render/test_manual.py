import re
from string import Formatter

import pytest

from responder.render.language import say
from responder.render.manual import FALLBACK_STEPS, fallback_steps, with_commands
from responder.render.messages import catalogue
from responder.settings import Settings
from responder.text import text

pytestmark = pytest.mark.unit

SLUGS = {
    "low-success-rate",
    "low-confidence",
    "slow-verification",
    "high-error-rate",
    "create-session-errors",
    "get-result-errors",
    "create-session-timeouts",
    "get-result-timeouts",
    "session-creation-errors",
    "slow-session-creation",
    "sessions-table-throttles",
    "create-session-throttles",
    "get-result-throttles",
    "images-access-denied",
    "unknown-alarm",
}


def test_every_alarm_has_steps() -> None:
    assert set(FALLBACK_STEPS) == SLUGS
    assert all(key in catalogue() for steps in FALLBACK_STEPS.values() for key in steps)


@pytest.mark.parametrize("slug", [*sorted(SLUGS), "an-alarm-of-tomorrow"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_steps_are_complete(slug: str, language: str) -> None:
    for step in fallback_steps(slug, Settings(region="eu-west-1")):
        words = say(step, language)
        assert "<region>" not in words
        assert not [name for name in ("function", "groups", "table", "variable") if f"<{name}>" in words]


def test_every_command_belongs_to_a_step_that_asks_for_nothing() -> None:
    """What the watchdog says to paste has steps of its own (`shell/watchdog/by_hand`)."""
    commands = [key.removeprefix("command.") for key in catalogue() if key.startswith("command.")]
    commands = [name for name in commands if not name.startswith("watchdog_")]
    assert [name for name in commands if f"step.{name}" not in catalogue()] == []
    forms = [catalogue()[f"step.{name}"][0] for name in commands]
    assert not [form for form in forms if any(name for _, name, _, _ in Formatter().parse(form))]


def test_the_command_follows_its_step() -> None:
    (step,) = with_commands((text("step.memory_by_hand"),), "create-session-timeouts", Settings())
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
    assert with_commands(steps, "high-error-rate", Settings()) == steps


def test_no_command_sets_a_function_to_fewer_variables() -> None:
    for key, (form, _) in catalogue().items():
        if key.startswith("command.") and "--environment" in form:
            assert ".Environment.Variables +" in form
            assert "--revision-id" in form


def test_the_switch_is_turned_on_all_four_functions() -> None:
    words = "".join(say(step, "ja") for step in fallback_steps("high-error-rate", Settings()))
    assert all(name in words for name in Settings().rollout_functions)
