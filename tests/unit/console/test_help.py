"""Help and the errors of a command line, in the language of the person who typed it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from liveness_ops.help_page import PANELS, describe
from liveness_ops.people.exits import Exit
from responder.messages.language import known
from tests.texts import catalogue

ROOT: Any = typer.main.get_command(app)
READING = ("incidents", "show", "leases", "tail", "selftest", "preflight")


def run(line: str, **variables: str) -> Result:
    plain = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", "LIVENESS_LANGUAGE": "", "COLUMNS": "80"}
    return CliRunner().invoke(app, line.split(), env={**plain, **variables}, prog_name="liveness-ops")


def commands(group: Any = ROOT, path: str = "liveness-ops") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        yield from commands(command, f"{path} {name}") if hasattr(command, "commands") else ()


def test_every_command_and_every_parameter_is_explained_in_both_languages() -> None:
    keys = [f"help.{'_'.join(path.split()[1:])}".replace("-", "_") for path, _ in commands()]
    assert [key for key in keys if not known(key)] == []
    without = [
        f"{path} {param.name}"
        for path, command in [("liveness-ops", ROOT), *commands()]
        for param in command.params
        if describe(param, path, "ja") == describe(param, path, "en")
    ]
    assert without == []


@pytest.mark.parametrize(
    ("line", "variables", "word"),
    [
        ("ack -h", {"LANG": "en_US.UTF-8"}, "Usage: "),
        ("ack -h", {"LANG": "ja_JP.UTF-8"}, "使い方: "),
        ("ack -h", {}, "使い方: "),
        ("ack -h", {"LANG": "en_US.UTF-8", "LIVENESS_LANGUAGE": "ja"}, "使い方: "),
        ("ack -h", {"LIVENESS_LANGUAGE": "en"}, "Usage: "),
        ("ack --language en -h", {"LIVENESS_LANGUAGE": "ja"}, "Usage: "),
        ("ack -h --language=ja", {"LANG": "en_US.UTF-8"}, "使い方: "),
        ("--language en ack --help", {}, "Usage: "),
        ("", {"LIVENESS_LANGUAGE": "en"}, "Usage: "),
    ],
)
def test_help_is_in_the_language_that_was_asked_for(line: str, variables: dict[str, str], word: str) -> None:
    done = run(line, **variables)
    assert (done.exit_code, done.stdout[: len(word)]) == (0, word)


def test_no_line_of_help_is_wider_than_the_terminal() -> None:
    for path, _ in commands():
        for language in ("en", "ja"):
            said = run(f"{path.partition(' ')[2]} -h", COLUMNS="64", LIVENESS_LANGUAGE=language).output
            wide = [line for line in said.splitlines() if cell_len(line) > 64]
            assert (path, wide) == (path, [])


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").output == "0.1.0\n"


def test_the_commands_of_a_person_on_call_come_first_and_those_of_developers_last() -> None:
    said = run("-h", LANG="en").output.splitlines()
    heads = [line for line in said if line and not line.startswith(" ")]
    assert heads[2:4] == ["On call", "Switch"]
    assert said.index("On call") < said.index("For developers, in a checkout") < said.index("Options")
    listed = [line.split()[0] for line in said if line.startswith("  ") and not line.startswith("   ")]
    assert tuple(listed[: len(PANELS["on_call"])]) == PANELS["on_call"]
    assert listed.index("drill") > listed.index("enable-versioning")


def test_the_exit_statuses_are_explained_once() -> None:
    assert all(f"\n  {status.value} " in run("-h").output for status in Exit)
    assert "interrupted" in run("-h", LANG="en").output
    assert "interrupted" not in run("ack -h", LANG="en").output


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_asks_nothing(command: str) -> None:
    assert "--yes" not in run(f"{command} -h").output
    assert run(f"{command} x --yes").exit_code == Exit.USAGE


@pytest.mark.parametrize("command", [name for names in PANELS.values() for name in names if name != "local"])
def test_every_command_says_where_aws_is(command: str) -> None:
    said = run(f"{command} -h").output
    shared = ("--profile", "--region", "--stack", "--endpoint-url", "--local", "--language", "--json")
    assert [each for each in shared if each not in said] == []


# What a mistake is about, in both languages.
MISTAKES = {
    "ack": ("INCIDENT", "INCIDENT"),
    "reject x": ("--reason", "--reason"),
    "selftest --wait 700": ("1 to 600", "1〜600"),
    "selftest --wait": ("--wait", "--wait"),
    "check yearly": ("daily, weekly or monthly", "daily、weekly、monthly"),
    "ack x --yes=1": ("--yes", "--yes"),
    "ack x y": (": y", ": y"),
    "incident": ("incidents", "incidents"),
    "ack x --profil y": ("--profile", "--profile"),
    "settings set": ("settings set", "settings set"),
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_explained_in_both_languages_and_leads_to_help(line: str) -> None:
    for language, word in zip(("en", "ja"), MISTAKES[line], strict=True):
        done = run(line, LIVENESS_LANGUAGE=language)
        assert (done.exit_code, done.stdout) == (Exit.USAGE, "")
        assert word in done.stderr
        assert done.stderr.splitlines()[-1].startswith("Help: " if language == "en" else "ヘルプ: ") or (
            "settings" in line
        )


@pytest.mark.parametrize("line", MISTAKES)
def test_a_machine_reads_it_as_an_object(line: str) -> None:
    done = run(f"{line} --json", LIVENESS_LANGUAGE="en")
    found = json.loads(done.stdout)
    assert (found["exit"], found["error"]) == (Exit.USAGE, "usage")
    assert found["message"]


def test_no_text_of_help_has_the_words_of_a_program() -> None:
    ours = {key: forms for key, forms in catalogue().items() if key.startswith(("help.", "usage."))}
    assert [key for key, forms in ours.items() if any("<bool>" in form for form in forms)] == []
