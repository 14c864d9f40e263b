"""settings: the document shown, checked, set, and its history."""

import json
from pathlib import Path

import pytest

from responder.core import settings_document
from responder.core.plain_data import Json
from responder.core.settings_document import CLASSES, LARGEST, parse
from tests.fakes.registered import document
from tests.unit.people.terminal import AIKO, KEN, MARI, Terminal

ALL = [each.value for each in CLASSES]
PATH = "/responder/settings"


def put(owner: Terminal, wanted: Path) -> Json:
    return owner.machine(f"settings set {wanted} --yes")


@pytest.fixture
def owner(terminal: Terminal) -> Terminal:
    """aiko may approve everything."""
    terminal.fake.ssm.parameters[PATH] = document(aiko=[*ALL, AIKO], mari=["costs_money", MARI])
    return terminal


@pytest.fixture
def wanted(tmp_path: Path) -> Path:
    file = tmp_path / "settings.json"
    file.write_text(document(aiko=[*ALL, AIKO], ken=["lowers_security", KEN]) + "\n")
    return file


def test_everyone_sees_it(owner: Terminal) -> None:
    owner.caller = KEN
    found = owner.machine("settings")
    assert found["people"] == ["aiko", "mari"]
    assert json.loads(found["document"]) == json.loads(owner.fake.ssm.parameters[PATH])
    assert "costs_money" in owner.run("settings").output


def test_who_changes_is_shown_before_it_is_replaced(owner: Terminal, wanted: Path) -> None:
    before = owner.fake.ssm.parameters[PATH]
    shown = owner.run(f"settings set {wanted}", "n\n")
    assert (shown.exit_code, owner.fake.ssm.parameters[PATH]) == (1, before)
    assert f"ken: – → {KEN} (lowers_security)" in shown.output
    assert f"mari: {MARI} (costs_money) → –" in shown.output
    assert "aiko:" not in shown.output
    assert put(owner, wanted)["people"] == ["aiko", "ken"]
    assert owner.fake.ssm.parameters[PATH] == wanted.read_text().strip()


def test_a_file_that_is_laid_out_for_people_is_set_without_its_blanks_where_it_fits_only_so(
    owner: Terminal, tmp_path: Path
) -> None:
    people = json.loads(document(aiko=[*ALL, AIKO]))["people"]
    people |= {f"person  {n}": {"slack": f"U0A{n}", "may": ALL} for n in range(19)}
    laid_out = json.dumps({"people": people}, indent=4)
    assert len(laid_out) > LARGEST
    (tmp_path / "settings.json").write_text(laid_out)
    assert owner.run(f"settings check {tmp_path / 'settings.json'}").exit_code == 0
    assert owner.machine(f"settings set {tmp_path / 'settings.json'} --yes")["exit"] == 0
    assert json.loads(owner.fake.ssm.parameters[PATH]) == {"people": people}


def test_a_setting_of_an_earlier_version_is_set_ignored_and_named_once(
    monkeypatch: pytest.MonkeyPatch, owner: Terminal, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings_document, "RETIRED", frozenset({"an_older_setting"}))
    parse.cache_clear()
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({**json.loads(document(aiko=[*ALL, AIKO])), "an_older_setting": 1}))
    commands = (f"settings check {file}", f"settings set {file} --yes", "settings show")
    for command in commands:
        done = owner.run(command)
        shown = done.output.replace(owner.fake.ssm.parameters[PATH], "")
        assert (done.exit_code, shown.count("an_older_setting")) == (0, 1)
        assert owner.machine(command)["retired"] == ["an_older_setting"]
    assert "an_older_setting" not in owner.machine("settings show")["settings"]


@pytest.mark.parametrize("content", ["{", '{"people": {"aiko": {}}}'])
def test_an_invalid_file_is_refused_with_what_is_wrong(owner: Terminal, tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.json").write_text(content)
    assert owner.refused(f"settings set {tmp_path / 'settings.json'} --yes") == (2, "denial.settings_invalid")


def test_a_file_that_cannot_be_read_is_one_line(owner: Terminal, tmp_path: Path) -> None:
    assert owner.ends(f"settings set {tmp_path / 'nothing'}") == (2, 1)


def test_a_document_that_cannot_be_used_is_shown_with_its_problem(owner: Terminal) -> None:
    owner.fake.ssm.parameters[PATH] = "{"
    found = owner.machine("settings")
    assert (found["exit"], found["problem"], found["document"]) == (0, "settings.not_json", "{")


def test_a_value_that_no_one_has_set_is_marked_as_the_default(owner: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    given = {**json.loads(document(aiko=[*ALL, AIKO])), "soak_minutes": 15}
    file.write_text(json.dumps(given))
    shown = owner.run(f"settings set {file}", "n\n")
    assert "soak_minutes: default → 15" in shown.output
    owner.machine(f"settings set {file} --yes")
    found = owner.machine("settings show")["settings"]
    assert found["soak_minutes"] == {"value": 15, "default": False}
    assert found["escalation_minutes"] == {"value": [30, 60, 120], "default": True}
    assert "soak_minutes: default → 15" in owner.scene.mail


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"soak_minutes": 0}, "soak_minutes (1–1440)"),
        ({"soak_minute": 15}, "soak_minute"),
        ({"escalation_minutes": [60, 30, 120]}, "escalation_minutes"),
    ],
)
def test_a_file_is_checked_without_aws(
    terminal: Terminal, tmp_path: Path, given: dict[str, object], where: str
) -> None:
    terminal.fake.calls.clear()
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(given))
    found = terminal.machine(f"settings check {file}")
    assert (found["exit"], found["error"], found["where"]) == (2, "denial.settings_invalid", where)
    assert terminal.run(f"settings check {file}").output.count("\n") == 1
    file.write_text(document(aiko=[*ALL, AIKO]))
    assert terminal.machine(f"settings check {file}")["people"] == 1
    assert terminal.fake.calls == []


MISTAKES = {
    "peple": {},
    "people": {"aiko": {"slack": "@aiko", "name": "x"}, "ken": {"aws": [1], "may": ["everything"]}},
    "soak_minutes": 0,
    "remind_minutes": 15.0,
    "escalation_minutes": [60, 30, 120],
    "deployed_functions": {"F": {"cpu": 1, "vpc": "no"}},
    "cost_floor": 500,
}
PLACES = [
    "peple",
    "people.aiko.name",
    "people.aiko.slack",
    "people.ken.aws",
    "people.ken.may",
    "soak_minutes (1–1440)",
    "remind_minutes",
    "escalation_minutes",
    "deployed_functions.F.cpu",
    "deployed_functions.F.vpc",
    "cost_floor, cost_target",
]


@pytest.mark.parametrize("command", ["check {}", "set {} --yes"])
def test_every_mistake_of_a_file_is_a_line_and_nothing_is_changed(
    owner: Terminal, tmp_path: Path, command: str
) -> None:
    before = dict(owner.fake.ssm.parameters)
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(MISTAKES))
    done = owner.run(f"settings {command.format(file)}")
    assert (done.exit_code, done.output.count("\n")) == (2, len(PLACES))
    for place, line in zip(PLACES, done.output.splitlines(), strict=True):
        assert place in line
    found = owner.machine(f"settings {command.format(file)}")
    assert [each["where"] for each in found["mistakes"]] == PLACES
    assert (found["exit"], found["where"]) == (2, PLACES[0])
    assert owner.fake.ssm.parameters == before


def test_a_byte_order_mark_is_no_part_of_a_file(owner: Terminal, wanted: Path) -> None:
    written = wanted.read_text().strip()
    wanted.write_bytes(b"\xef\xbb\xbf" + written.encode())
    assert owner.run(f"settings check {wanted}").exit_code == 0
    assert owner.run(f"settings set {wanted} --yes").exit_code == 0
    assert owner.fake.ssm.parameters[PATH] == written


@pytest.mark.parametrize("line", ["settings check", "settings set", "settings show FILE"])
def test_a_file_too_few_or_too_many_is_one_line(terminal: Terminal, line: str) -> None:
    assert terminal.run(line).exit_code == 2


def test_the_history_shows_who_changed_what(owner: Terminal, wanted: Path) -> None:
    assert owner.machine("settings history")["versions"] == []
    put(owner, wanted)
    given = {**json.loads(wanted.read_text()), "cost_target": 500}
    wanted.write_text(json.dumps(given))
    put(owner, wanted)
    newest, first = owner.machine("settings history")["versions"]
    assert (first["version"], newest["version"], newest["valid"]) == ("1", "2", True)
    assert newest["by"] == f"aiko ({AIKO})"
    assert "cost_target: default → 500" in owner.run("settings history").output


def test_until_people_have_set_it_the_first_settings_count(owner: Terminal, wanted: Path) -> None:
    parameters = owner.fake.ssm.parameters
    parameters["/responder/first-settings"] = parameters.pop(PATH)
    assert owner.machine("settings show")["people"] == ["aiko", "mari"]
    put(owner, wanted)
    assert parameters[PATH] == wanted.read_text().strip()
    assert json.loads(parameters["/responder/first-settings"])["people"].keys() == {"aiko", "mari"}


def test_what_was_set_and_deleted_is_named_and_the_first_settings_do_not_take_its_place(
    owner: Terminal, wanted: Path
) -> None:
    parameters = owner.fake.ssm.parameters
    parameters["/responder/first-settings"] = parameters[PATH]
    put(owner, wanted)
    assert parameters["/responder/set-by-people"] == "settings"
    del parameters[PATH]
    found = owner.machine("settings show")
    assert (found["exit"], found["problem"], found["people"]) == (0, "settings.deleted", [])
    assert "was deleted" in owner.run("settings history").output
    assert owner.run(f"settings set {wanted} --yes").exit_code == 3
    # An administrator's two ways out: write it anew, or forget that people had set it.
    del parameters["/responder/set-by-people"]
    assert owner.machine("settings show")["people"] == ["aiko", "mari"]


def test_the_same_document_once_more_puts_on_record_that_people_have_set_it(
    owner: Terminal, wanted: Path
) -> None:
    """The process died between the two writes."""
    put(owner, wanted)
    del owner.fake.ssm.parameters["/responder/set-by-people"]
    assert put(owner, wanted)["exit"] == 0
    assert owner.fake.ssm.parameters["/responder/set-by-people"] == "settings"
