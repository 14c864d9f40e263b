"""settings: who may approve what, seen and replaced."""

import json
from pathlib import Path

import pytest

from responder.settings_document import CLASSES
from tests.fakes.registered import document
from tests.unit.people.terminal import AIKO, KEN, MARI, Terminal

pytestmark = pytest.mark.unit
ALL = [each.value for each in CLASSES]
PATH = "/responder/settings"


@pytest.fixture
def owner(terminal: Terminal) -> Terminal:
    """aiko may approve everything."""
    terminal.scene.aws.ssm.parameters[PATH] = document(aiko=[*ALL, AIKO], mari=["costs_money", MARI])
    return terminal


@pytest.fixture
def wanted(tmp_path: Path) -> Path:
    file = tmp_path / "settings.json"
    file.write_text(document(aiko=[*ALL, AIKO], ken=["lowers_security", KEN]) + "\n")
    return file


def test_everybody_sees_it(owner: Terminal) -> None:
    owner.caller = KEN
    found = owner.machine("settings")
    assert found["people"] == ["aiko", "mari"]
    assert json.loads(found["document"]) == json.loads(owner.scene.aws.ssm.parameters[PATH])
    assert "costs_money" in owner.run("settings").output


def test_who_changes_is_shown_before_it_is_replaced(owner: Terminal, wanted: Path) -> None:
    before = owner.scene.aws.ssm.parameters[PATH]
    shown = owner.run(f"settings --set {wanted}", "n\n")
    assert (shown.exit_code, owner.scene.aws.ssm.parameters[PATH]) == (1, before)
    assert f"ken: – → {KEN} (lowers_security)" in shown.output
    assert f"mari: {MARI} (costs_money) → –" in shown.output
    assert "aiko:" not in shown.output
    assert owner.machine(f"settings --set {wanted} --yes")["people"] == ["aiko", "ken"]
    assert owner.scene.aws.ssm.parameters[PATH] == wanted.read_text().strip()


@pytest.mark.parametrize("content", ["{", '{"people": {"aiko": {}}}'])
def test_an_invalid_file_is_refused_with_what_is_wrong(owner: Terminal, tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.json").write_text(content)
    found = owner.machine(f"settings --set {tmp_path / 'settings.json'} --yes")
    assert (found["exit"], found["error"]) == (2, "denial.settings_invalid")


def test_a_file_that_cannot_be_read_is_one_line(owner: Terminal, tmp_path: Path) -> None:
    done = owner.run(f"settings --set {tmp_path / 'nothing'}")
    assert (done.exit_code, done.output.count("\n")) == (2, 1)


def test_a_document_that_cannot_be_used_is_shown_with_its_problem(owner: Terminal) -> None:
    owner.scene.aws.ssm.parameters[PATH] = "{"
    found = owner.machine("settings")
    assert (found["exit"], found["problem"], found["document"]) == (0, "settings.not_json", "{")
