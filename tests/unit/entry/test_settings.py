"""Who may approve what is changed through the entry, by people who may approve everything."""

import copy
import json
from typing import Any

import pytest

from responder.core.plain_data import Json
from responder.core.settings_document import CLASSES, parse
from responder.people.switches import digest
from tests.fakes.registered import document
from tests.rows import each_of
from tests.unit.entry.people_entry import AIKO, EVE, KEN, MARI, Entry

ALL = [each.value for each in CLASSES]
PATH = "/responder/settings"
NOW = document(aiko=[*ALL, AIKO], mari=["costs_money", MARI])
WANTED = document(aiko=[*ALL, AIKO], ken=["lowers_security", KEN])


@pytest.fixture
def entry() -> Entry:
    made = Entry()
    made.parameters.update({PATH: NOW, "/responder/set-by-people": "settings"})
    return made


def ask(entry: Entry, caller: str = AIKO, **more: Any) -> tuple[int, Json]:
    return entry.ask("settings", caller, **{"document": WANTED, "shown": digest(NOW), **more})


def test_it_is_replaced_and_its_history_names_the_person(entry: Entry) -> None:
    status, answer = ask(entry)
    assert (status, answer["people"], answer["person"]) == (200, ["aiko", "ken"], "aiko")
    assert entry.parameters[PATH] == WANTED
    (sent,) = entry.fake.sent("ssm", "put_parameter")
    assert sent["Description"] == f"Set by aiko ({AIKO})"


def test_the_template_s_document_that_a_person_sets_is_kept_through_a_deployment(entry: Entry) -> None:
    entry.parameters["/responder/first-settings"] = entry.parameters.pop(PATH)
    del entry.parameters["/responder/set-by-people"]
    assert ask(entry, document=NOW)[0] == 200
    assert (entry.parameters[PATH], entry.parameters["/responder/set-by-people"]) == (NOW, "settings")


BAD: dict[str, tuple[str, Json, int, str]] = {
    "by a person of some classes": (MARI, {}, 403, "denial.may_not_register"),
    "by a stranger": (EVE, {}, 403, "denial.stranger"),
    "no JSON": (AIKO, {"document": "{"}, 400, "denial.settings_invalid"),
    "an unknown key": (AIKO, {"document": '{"persons": {}}'}, 400, "denial.settings_invalid"),
    "one identity for two": (
        AIKO,
        {"document": document(aiko=[*ALL, AIKO], ken=["lowers_security", AIKO])},
        400,
        "denial.settings_invalid",
    ),
    "without oneself": (AIKO, {"document": document(ken=[*ALL, KEN])}, 400, "denial.not_yourself"),
    "without one's own classes": (
        AIKO,
        {"document": document(aiko=["costs_money", AIKO], ken=[*ALL, KEN])},
        400,
        "denial.not_yourself",
    ),
    "with a person called like the automation": (
        AIKO,
        {"document": document(aiko=[*ALL, AIKO], Automation=[KEN])},
        400,
        "denial.settings_invalid",
    ),
    "another one was shown": (AIKO, {"shown": digest("x")}, 409, "denial.settings_changed"),
    "too large": (AIKO, {"document": json.dumps({"people": {}}) + " " * 5000}, 400, "denial.unreadable"),
}


@each_of(("caller", "more", "status", "error"), BAD)
def test_what_must_not_be_changes_nothing(
    entry: Entry, caller: str, more: Json, status: int, error: str
) -> None:
    before = copy.deepcopy(entry.parameters)
    found = ask(entry, caller, **more)
    assert (found[0], found[1]["error"]) == (status, error)
    assert entry.parameters == before


def test_the_same_document_is_not_written_again(entry: Entry) -> None:
    assert ask(entry, document=NOW, shown=digest("x"))[0] == 200
    assert entry.fake.count("ssm", "put_parameter") == 0


@pytest.mark.parametrize(
    "other", [KEN, KEN.replace("OnCall", "Gone"), KEN.replace("123456789012", "999999999999"), "U0KEN"]
)
def test_whatever_is_wrong_with_other_entries_the_person_who_made_them_can_change_it_again(
    entry: Entry, other: str
) -> None:
    """Another person of every class proves who they are by taking these classes away."""
    alone, both = document(aiko=[AIKO], ken=[*ALL, other]), document(aiko=[*ALL, AIKO], ken=[*ALL, other])
    assert ask(entry, document=alone)[1]["error"] == "denial.not_yourself"
    assert ask(entry, document=both)[0] == 200
    assert ask(entry, document=NOW, shown=digest(both))[0] == 200


def test_a_successor_takes_over(entry: Entry) -> None:
    both, theirs = document(aiko=[*ALL, AIKO], ken=[*ALL, KEN]), document(aiko=[AIKO], ken=[*ALL, KEN])
    assert ask(entry, document=both)[0] == 200
    assert ask(entry, KEN, document=theirs, shown=digest(both))[0] == 200
    assert entry.parameters[PATH] == theirs


def test_of_two_simultaneously_neither_writes_over_the_other_s_document(entry: Entry) -> None:
    entry.parameters[PATH] = both = document(aiko=[*ALL, AIKO], ken=[*ALL, KEN])
    more = document(aiko=[*ALL, AIKO], ken=[*ALL, KEN], mari=["costs_money", MARI])
    less = document(ken=[*ALL, KEN])
    second: list[tuple[int, Json]] = []

    def meanwhile() -> None:
        second.append(ask(entry, KEN, document=less, shown=digest(both)))

    entry.fake.between("sns", "publish", meanwhile)
    assert ask(entry, document=more, shown=digest(both))[0] == 200
    assert [(status, reported["error"]) for status, reported in second] == [(409, "denial.being_changed")]
    assert entry.parameters[PATH] == more
    assert ask(entry, KEN, document=less, shown=digest(both))[1]["error"] == "denial.settings_changed"


def test_a_person_who_was_added_may_answer_immediately(entry: Entry) -> None:
    ask(entry)
    assert parse(entry.parameters[PATH]).people.who(KEN) is not None
    assert entry.ask("mode", KEN, mode="observe", before="auto")[0] == 200


def test_on_call_is_notified_who_changed_whose_classes_and_no_identity_of_theirs(entry: Entry) -> None:
    both = document(aiko=[*ALL, AIKO], ken=["lowers_security", KEN, "U0KEN"], mari=[MARI, "U0MARI"])
    ask(entry, document=both)
    (sent,) = entry.fake.sns.published
    assert sent["Subject"] == "[INFO] Change of settings document"
    mail = entry.scene.mail
    assert "aiko is changing the settings document." in mail
    assert "- ken: not registered → lowers_security" in mail
    assert "- mari: costs_money → may approve nothing" in mail
    assert [each for each in (AIKO, KEN, MARI, "U0KEN", "U0MARI") if each in sent["Message"]] == []
    alone = document(aiko=[*ALL, AIKO], ken=["lowers_security", KEN], mari=[MARI, "U0MARI"])
    entry.ask("settings", document=alone, shown=digest(both))
    assert "- ken: identities changed" in entry.scene.mail
    assert "mari" not in entry.scene.mail
