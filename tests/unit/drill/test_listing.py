"""`make drill LIST=1`, and what a name that does not exist is answered with."""

import io
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.people.exits import Exit
from liveness_ops.people.options import Language
from local_aws.client import StartError
from rehearsal.drill import listing, output
from rehearsal.drill.build import SamError
from rehearsal.drill.catalogue import ALL, alarms, scenarios
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.terminal import Terminal
from rehearsal.drill.words import say

LANGUAGES = pytest.mark.parametrize("language", list(Language))


def reported(language: Language, alarm: str, name: str) -> str:
    console = Console(file=io.StringIO(), width=80)
    listing.unknown(Terminal(console, language), alarm, name)
    file: Any = console.file
    return str(file.getvalue())


@LANGUAGES
def test_the_list_has_every_alarm_and_scenario_with_a_sentence(language: Language) -> None:
    done = CliRunner().invoke(app, ["drill", "--list", "--language", language])
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    for alarm in alarms():
        assert any(line.startswith(f"{alarm}  ") for line in lines)
    for one in scenarios():
        begins = f"{'* ' if one.on_request else '  '}{one.name} "
        assert any(line.startswith(begins) for line in lines)
    assert all(part in done.stdout for part in ("simultaneous", "people", "timelines", ALL))
    assert say("list.on_request", language)[:40] in done.stdout


@LANGUAGES
def test_a_wrong_scenario_is_answered_with_those_of_its_alarm_and_a_suggestion_last(
    language: Language,
) -> None:
    text = reported(language, "low-confidence", "low-score")
    assert all(one.name in text for one in scenarios("low-confidence"))
    assert "low-scores" in text.splitlines()[-1]
    assert "high-error-rate" not in text


@LANGUAGES
def test_a_wrong_alarm_is_answered_with_the_alarms(language: Language) -> None:
    text = reported(language, "high-errors-rate", "")
    assert all(alarm in text for alarm in alarms())
    assert "high-error-rate" in text.splitlines()[-1]


TERMINALS: tuple[dict[str, str], ...] = (
    {"LC_ALL": "en_US.UTF-8"},
    {"LANG": "en_GB.UTF-8"},
    {"LANG": "ja_JP.UTF-8"},
    {},
)


@pytest.mark.parametrize("terminal", TERMINALS, ids=str)
def test_it_speaks_the_language_of_the_terminal_also_where_another_is_chosen_for_messages(
    terminal: dict[str, str],
) -> None:
    plain = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", "LIVENESS_LANGUAGE": ""}
    line = ["drill", "--list", "--alarm", "low-confidence", "--messages", "ja"]
    said = CliRunner().invoke(app, line, env={**plain, **terminal}).stdout
    own = Language.EN if "en_" in str(terminal) else Language.JA
    assert say("list.parts", own) in said
    assert "MESSAGES=ja" in said


@pytest.mark.parametrize(
    ("options", "own", "messages"),
    [
        ("", Language.EN, None),
        ("--messages ja", Language.EN, Language.JA),
        ("--language ja", Language.JA, None),
        ("--language ja --messages en", Language.JA, Language.EN),
    ],
)
def test_messages_are_in_the_language_of_the_drill_unless_another_is_chosen(
    options: str, own: Language, messages: Language | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Language, Language | None]] = []

    def drill(
        _: object, language: Language, __: object, *, messages: Language | None, verbose: bool, **___: object
    ) -> Any:
        asked.append((language, messages))
        return SimpleNamespace(differing=verbose)

    monkeypatch.setattr(output, "drill", drill)
    line = ["drill", "--alarm", "low-confidence", *options.split()]
    assert CliRunner().invoke(app, line, env={"LIVENESS_LANGUAGE": "en"}).exit_code == 0
    assert asked == [(own, messages)]


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ("", [one for one in scenarios() if not one.on_request]),
        ("--alarm all", scenarios()),
        ("--alarm get-result-errors", scenarios("get-result-errors")),
        ("--alarm simultaneous", scenarios("simultaneous")),
        ("--scenario refuses-as-deployed", scenarios(name="refuses-as-deployed")),
        ("--alarm all --scenario refuses-as-deployed", scenarios(name="refuses-as-deployed")),
        (
            "--alarm sure-faults --scenario refuses-as-deployed",
            scenarios("sure-faults", "refuses-as-deployed"),
        ),
    ],
)
def test_without_an_alarm_and_a_name_those_on_request_are_left_out(
    options: str, chosen: Sequence[Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[str] = []

    def drill(given: Sequence[Scenario], *_: object, **__: object) -> Any:
        played.extend(one.id for one in given)
        return SimpleNamespace(differing=False)

    monkeypatch.setattr(output, "drill", drill)
    assert CliRunner().invoke(app, ["drill", *options.split()]).exit_code == 0
    assert played == [one.id for one in chosen] != []


def test_a_wrong_scenario_of_all_alarms_is_answered_with_a_suggestion() -> None:
    text = reported(Language.EN, ALL, "low-score")
    assert "low-scores" in text.splitlines()[-1]


def test_it_ends_as_a_wrong_option_does() -> None:
    assert (
        CliRunner().invoke(app, ["drill", "--alarm", "high-error-rate", "--scenario", "act"]).exit_code == 2
    )


@pytest.mark.parametrize(
    ("name", "best"),
    [("act", "acts"), ("folowed", "followed"), ("two-people", "asks-two-people"), ("zzz", "")],
)
def test_the_nearest_name_comes_first(name: str, best: str) -> None:
    assert next(iter(listing.near(name, [one.name for one in scenarios()])), "") == best


@pytest.mark.parametrize("error", [StartError, SamError])
@pytest.mark.parametrize(
    ("language", "said"), [("en", "The drill cannot start:"), ("ja", "訓練を開始できません:")]
)
def test_a_drill_that_cannot_start_ends_with_a_line(
    monkeypatch: pytest.MonkeyPatch, language: str, said: str, error: type[Exception]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error("it did not start")

    monkeypatch.setattr("rehearsal.drill.output.drill", fails)
    given = ["drill", "--alarm", "high-error-rate", "--scenario", "acts", "--language", language]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == Exit.BROKEN
    assert said in done.stderr
    assert "it did not start" in done.stderr
