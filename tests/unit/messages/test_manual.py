import json
import re
import subprocess
import sys
from dataclasses import replace
from functools import reduce
from pathlib import Path
from string import Formatter

import pytest

from liveness_ops.runbook import PAGES, pages, sections
from responder.causes.steps import Step
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import GENERAL
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.messages.language import say
from responder.messages.steps import by_hand, runbook, with_commands
from responder.respond.playbook import PLAYBOOKS
from tests.laid_out import plain
from tests.rows import all_rows
from tests.texts import catalogue
from tests.unit.messages.samples import NOTHING

# What the messages name besides steps of the manual.
OF_A_REPORT = (
    "command.answer_proposal",
    "command.stop_everything",
    "command.revert_change",
    "command.leases",
)
# They look before they change: that is longer.
GUARDED = {"command.lift_reservation", "command.put_reservation_back"}


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


@all_rows("slug", [*PLAYBOOKS, "an-alarm-of-tomorrow"])
@all_rows("language", ["ja", "en"])
def test_steps_are_complete(slug: str, language: str) -> None:
    for step in by_hand(PLAYBOOKS.manual(slug), Settings(region="eu-west-1")):
        words = say(step, language)
        assert "<region>" not in words
        assert not [name for name in ("function", "groups", "table", "variable") if f"<{name}>" in words]


def test_every_command_belongs_to_a_step_that_asks_for_nothing() -> None:
    """The watchdog's commands have their own steps (`watchdog/report.py`)."""
    keys = [key for key in catalogue() if key.startswith(("command.", "runbook."))]
    commands = [key.partition(".")[2] for key in keys if key not in OF_A_REPORT]
    commands = [name for name in commands if not name.startswith("watchdog_")]
    assert len(commands) == len(set(commands))
    assert [name for name in commands if f"step.{name}" not in catalogue()] == []
    forms = [catalogue()[f"step.{name}"][0] for name in commands]
    assert not [form for form in forms if any(name for _, name, _, _ in Formatter().parse(form))]


def test_a_short_command_follows_its_step_and_a_long_one_is_a_section_of_the_runbook() -> None:
    manual = PLAYBOOKS.manual("create-session-timeouts")
    steps = text("step.restore_role"), text("step.memory_by_hand"), text("step.error_logs")
    short, long, of_all = with_commands(steps, manual, Settings())
    assert say(short, "en").split("\n")[1].startswith("aws iam get-role")
    assert say(long, "en").endswith("(runbook: memory_by_hand, FaceAuth-CreateLivenessSession)")
    assert "FaceAuth" not in say(of_all, "en")


def test_the_lead_is_reached_as_the_settings_say() -> None:
    settings = Settings(level_2_contact="+81 3 0000 0000")
    (step,) = with_commands((text("step.escalate_lead", contact="-"),), GENERAL, settings)
    (own,) = with_commands((Text("step.escalate_lead"),), GENERAL, settings)
    assert say(step, "en").endswith("(level 2: -).")
    assert say(own, "en").endswith("(level 2: +81 3 0000 0000).")


def test_every_command_of_a_message_is_one_short_line() -> None:
    """Longer ones are sections of the runbook. What is to be pasted into a form may have several lines."""
    forms = {key: form for key, (form, _) in catalogue().items() if key.startswith("command.")}
    several = {key for key, form in forms.items() if "\n" in form}
    assert several == {"command.answer_proposal", "command.support_case"}
    assert [key for key in forms.keys() - several - GUARDED if len(forms[key]) > 160] == []


@all_rows("key", [key for key in catalogue() if key.startswith(("command.", "runbook."))])
def test_a_command_runs_on_macos_as_it_does_on_linux(key: str) -> None:
    """BSD's date knows no -d, and jq is not there everywhere."""
    assert not re.search(r"\bdate [^+)]|\bjq\b|<<<|sed -[rE]", catalogue()[key][0])


# What overwrites or takes away, and not what makes something new.
_CHANGES = re.compile(r"aws \S+ (?:(?:delete|detach|remove)-\S+|update-function\S+|put-function-concurrency)")
# N is put in by the person who has looked at the limits with the step before.
_FILLED_IN = ("runbook.raise_concurrency_by_hand",)


def test_a_command_that_takes_something_away_is_refused_once_its_target_changed() -> None:
    for key, (form, _) in catalogue().items():
        if key.startswith(("command.", "runbook.")) and key not in _FILLED_IN:
            for found in _CHANGES.finditer(form):
                guarded = (
                    form[: found.start()].endswith("]; then ") or "--revision-id" in form[found.start() :]
                )
                assert guarded, form


def test_a_step_without_a_command_stays_as_it_is() -> None:
    steps = (text("step.check_health"), text("why.anything"))
    assert with_commands(steps, PLAYBOOKS.manual("high-error-rate"), Settings()) == steps


@pytest.mark.parametrize(
    ("section", "replaced", "wanted"),
    [
        ("rollout_by_hand", {}, {"LIVENESS_ROLLOUT_PERCENTAGE": "0"}),
        ("repair_environment_by_hand", {"NAME": "A", "VALUE": "x/y"}, {"A": "x/y"}),
        ("repair_environment_by_hand", {"NAME": "B", "VALUE": "z"}, {"B": "z"}),
    ],
)
def test_a_command_that_sets_one_variable_keeps_all_others(
    section: str, replaced: dict[str, str], wanted: dict[str, str], tmp_path: Path
) -> None:
    before = {"A": "1", "LIVENESS_ROLLOUT_PERCENTAGE": "50", "WORDS": "two words, 1 {brace}"}
    answer = json.dumps({"Variables": before}, indent=4)
    (tmp_path / "aws").write_text(
        "#!/bin/sh\nwhile [ $# -gt 0 ]; do\n"
        '  case $1 in --environment) printf %s "$2" >set.json ;; RevisionId) echo r1 ;;\n'
        f"  *Variables:*) cat <<'END'\n{answer}\nEND\n  ;; esac\n  shift\ndone\n"
    )
    (tmp_path / "aws").chmod(0o755)
    command = runbook(section, LivenessFunction.RESULT, replace(Settings(), rollout_functions=("f",)))
    assert command is not None
    script = reduce(lambda said, each: said.replace(*each), replaced.items(), say(command, "en"))
    subprocess.run(["sh", "-c", script], cwd=tmp_path, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True)
    assert json.loads((tmp_path / "set.json").read_text())["Variables"] == {**before, **wanted}
    assert "--revision-id" in script


_LAMBDA = """#!/bin/sh
case "$*" in
  *update-alias*) echo "$*" >>moved ;;
  *AdditionalVersionWeights*) echo "$WEIGHTS" ;;
  *"get-alias"*) echo r1 ;;
  *"--qualifier live"*) echo "$SERVED" ;;
  *CodeSha256*) echo latest ;;
  *publish-version*) echo 8 ;;
esac
"""


@pytest.mark.parametrize(
    ("served", "weights", "moves"),
    [("latest", "None", True), ("other", "None", False), ("latest", "0.1", False)],
)
def test_an_alias_is_moved_only_where_nothing_but_settings_is_released(
    served: str, weights: str, moves: bool, tmp_path: Path
) -> None:
    (tmp_path / "aws").write_text(_LAMBDA)
    (tmp_path / "aws").chmod(0o755)
    command = runbook("release_to_alias", None, replace(Settings(), rollout_functions=("f", "g")))
    assert command is not None
    script = say(command, "en").replace("ALIAS", "live")
    found = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SERVED": served, "WEIGHTS": weights}
    subprocess.run(["sh", "-c", script], cwd=tmp_path, env=found, check=True)
    moved = (tmp_path / "moved").read_text().splitlines() if moves else []
    assert [line.split("--function-name ")[1].split()[0] for line in moved] == ["f", "g"] * moves
    assert (tmp_path / "moved").exists() is moves
    assert all("--function-version 8" in line and "--revision-id r1" in line for line in moved)


def test_the_end_of_a_gradual_release_publishes_nothing_and_leaves_one_version(tmp_path: Path) -> None:
    (tmp_path / "aws").write_text(_LAMBDA)
    (tmp_path / "aws").chmod(0o755)
    command = runbook("end_canary", LivenessFunction.CREATE, Settings())
    assert command is not None
    script = say(command, "en").replace("ALIAS", "live").replace("VERSION", "3")
    found = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SERVED": "other", "WEIGHTS": "0.5"}
    subprocess.run(["sh", "-c", script], cwd=tmp_path, env=found, check=True)
    (moved,) = (tmp_path / "moved").read_text().splitlines()
    assert "--function-name FaceAuth-CreateLivenessSession --name live --function-version 3" in moved
    assert moved.endswith("--routing-config AdditionalVersionWeights={} --revision-id r1")
    assert "publish-version" not in script


def test_every_command_that_changes_only_latest_names_the_way_to_its_aliases() -> None:
    for page in pages().values():
        for section in page.split("\n### "):
            if "aws lambda update-function-configuration" in section:
                assert "](#release_to_alias)" in section
    assert "release_to_alias" in sections()


def test_the_switch_is_turned_on_all_four_functions() -> None:
    command = runbook("rollout_by_hand", None, Settings())
    assert command is not None
    assert all(name in say(command, "ja") for name in Settings().rollout_functions)


def test_the_command_shows_how_many_sessions_its_p90_is_of() -> None:
    command, _ = catalogue()["runbook.creation_time"]
    first, second = command.split("aws cloudwatch get-metric-statistics")[1:]
    assert "--extended-statistics p90" in first and "--statistics SampleCount" in second
    # One datapoint for the hour: twelve of 5 minutes would hold too few sessions each.
    assert all("--period 3600" in each for each in (first, second))


@pytest.mark.parametrize("language", [0, 1])
def test_what_is_to_be_replaced_is_named_where_the_command_is(language: int) -> None:
    """A mail that sends to the runbook shows no command with NAME, VALUE or N in it."""
    named = re.compile(r"\b(NAME|VALUE|ALIAS|VERSION|READ|WRITE|KEY|INDEX|N)\b")
    forms = {name: catalogue()[f"step.{name}"][language] for name in sections()}
    assert {name for name, form in forms.items() if named.search(form)} == set()


URL = "https://wiki.example.com/runbook"


@pytest.mark.parametrize(
    ("url", "language", "shown"),
    [
        ("", "en", "docs/runbook.md in the repository"),
        ("", "ja", "リポジトリの docs/runbook.ja.md"),
        (URL, "en", URL),
        (URL, "ja", URL),
    ],
)
@pytest.mark.parametrize("most", [1, 9])
def test_a_mail_that_names_a_section_of_the_runbook_says_where_that_is(
    most: int, url: str, language: str, shown: str
) -> None:
    steps = with_commands(
        tuple(text(f"step.{each}") for each in ("error_logs", *["check_vpc", "check_health"] * most)),
        GENERAL,
        Settings(),
    )
    report = replace(NOTHING, runbook=url, verdict=replace(NOTHING.verdict, steps=steps))
    assert plain(report, language).count(shown) == 1
    without = replace(report, verdict=replace(NOTHING.verdict, steps=()))
    assert shown not in plain(without, language)


def test_every_step_that_a_message_may_leave_out_is_below_its_alarm_or_below_the_causes() -> None:
    for language, path in PAGES.items():
        manual, commands = say(Text("runbook_page.by_alarm"), language), Text("runbook_page.commands")
        steps = pages()[path].partition(f"## {manual}\n")[2].partition(f"\n## {say(commands, language)}\n")[0]
        *alarms, causes = [re.sub(r"\s", "", each) for each in steps.split("\n### ")[1:]]
        assert len(alarms) == len(PLAYBOOKS)
        for step in Step:
            words = re.sub(r"\s", "", say(Text(step.value), language).split("\n")[0])
            assert words in causes or all(words in each for each in alarms)
