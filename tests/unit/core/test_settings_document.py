"""The settings document: who may approve what. One mistake in it, and no one may."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core import settings_document
from responder.core.errors import SettingsUnusable
from responder.core.modes import Effect
from responder.core.plain_data import Json
from responder.core.refusals import SettingsProblem
from responder.core.settings_document import (
    CLASSES,
    EMPTY,
    LARGEST,
    People,
    Person,
    SettingsDocument,
    normal,
    parse,
    same_name,
)
from responder.core.settings_fields import FIELDS, RETIRED
from tests.rows import all_rows

ROLE = "arn:aws:sts::123456789012:assumed-role/OnCall"
AIKO = "arn:aws:iam::123456789012:user/aiko"
GOOD: Json = {
    "roles": {"oncall": ROLE},
    "people": {
        "aiko": {"slack": "U0A1", "aws": ["oncall/aiko@corp", AIKO], "may": ["lowers_security"]},
        "田中": {"aws": ["oncall/tanaka,ichiro"]},
    },
}


def wrong(stored: object) -> SettingsProblem:
    """What makes it invalid."""
    with pytest.raises(SettingsUnusable) as caught:
        parse(stored if isinstance(stored, str) else json.dumps(stored))
    return caught.value.problem


def named(entries: Json) -> Json:
    return {"roles": {"oncall": ROLE}, "people": entries}


def people(**entries: Any) -> Json:
    return named(entries)


def test_people_their_identities_and_their_classes() -> None:
    found = parse(json.dumps(GOOD))
    assert tuple(found.people) == (
        Person("aiko", "U0A1", (f"{ROLE}/aiko@corp", AIKO), frozenset({Effect.LOWERS_SECURITY})),
        Person("田中", aws=(f"{ROLE}/tanaka,ichiro",)),
    )
    assert found.roles == {"oncall": ROLE}


@pytest.mark.parametrize("stored", ["{}", '{"people": {}}', '{"roles": {}, "people": {}}'])
def test_every_part_may_be_absent(stored: str) -> None:
    assert parse(stored) == EMPTY


def test_an_identity_is_compared_exactly_as_it_is_registered() -> None:
    found = parse(json.dumps(GOOD)).people
    for identity, name in (("U0A1", "aiko"), (AIKO, "aiko"), (f"{ROLE}/tanaka,ichiro", "田中")):
        person = found.who(identity)
        assert person is not None
        assert person.name == name
    for other in (
        AIKO.upper(),
        f"{ROLE}/tanaka",
        f"{ROLE}/ichiro",
        f"{ROLE}/aiko@CORP",
        "oncall/aiko@corp",
        "",
    ):
        assert found.who(other) is None


def test_a_person_approves_the_classes_of_the_own_entry_only() -> None:
    found = parse(json.dumps(GOOD)).people
    assert [each for each in Effect if found.approver("U0A1", each)] == [Effect.LOWERS_SECURITY]
    assert [each for each in Effect if found.approver(f"{ROLE}/tanaka,ichiro", each)] == []


def test_a_row_counts_only_for_the_person_whose_identity_wrote_it() -> None:
    found = parse(json.dumps(GOOD)).people
    assert found.signed("aiko", "U0A1") is found.who("U0A1")
    assert found.signed("ＡＩＫＯ", AIKO) is found.who("U0A1")
    for name, identity in (
        ("田中", "U0A1"),
        ("aiko", "U0X"),
        ("aiko\u200b", "U0A1"),
        (None, "U0A1"),
        ("", ""),
    ):
        assert found.signed(name, identity) is None


INVALID: dict[str, tuple[object, SettingsProblem]] = {
    "nothing": ("", SettingsProblem.NOT_JSON),
    "no JSON": ("observe", SettingsProblem.NOT_JSON),
    "JavaScript": ('{"people": NaN}', SettingsProblem.NOT_JSON),
    "very deep": ("[" * 4000, SettingsProblem.NOT_JSON),
    "more than SSM holds": (json.dumps({"people": "x" * LARGEST}), SettingsProblem.TOO_LARGE),
    "a list": ([], SettingsProblem.WRONG_TYPE),
    "an unknown key": ({"peple": {}}, SettingsProblem.UNKNOWN_KEY),
    "an unknown key of a person": (people(aiko={"slack": "U1", "name": "x"}), SettingsProblem.UNKNOWN_KEY),
    "people as a list": ({"people": []}, SettingsProblem.WRONG_TYPE),
    "a person as text": (people(aiko="U1"), SettingsProblem.WRONG_TYPE),
    "one identity without a list": (people(aiko={"aws": AIKO}), SettingsProblem.WRONG_TYPE),
    "an identity as number": (people(aiko={"aws": [1]}), SettingsProblem.WRONG_TYPE),
    "no Slack id": (people(aiko={"slack": "@aiko"}), SettingsProblem.BAD_VALUE),
    "null": (people(aiko={"slack": None}), SettingsProblem.WRONG_TYPE),
    "the account's root": (people(a={"aws": ["arn:aws:iam::123456789012:root"]}), SettingsProblem.BAD_VALUE),
    "a role without a session": (people(a={"aws": [ROLE]}), SettingsProblem.BAD_VALUE),
    "a role itself": (
        people(a={"aws": ["arn:aws:iam::123456789012:role/OnCall"]}),
        SettingsProblem.BAD_VALUE,
    ),
    "any session": (people(a={"aws": ["oncall/*"]}), SettingsProblem.BAD_VALUE),
    "a longer path": (people(a={"aws": ["oncall/aiko/x"]}), SettingsProblem.BAD_VALUE),
    "a line break": (people(a={"aws": [f"{AIKO}\n"]}), SettingsProblem.BAD_VALUE),
    "an unknown role": (people(a={"aws": ["admin/aiko"]}), SettingsProblem.UNKNOWN_ROLE),
    "no role": ({"roles": {"a": AIKO}}, SettingsProblem.BAD_VALUE),
    "an unknown class": (people(a={"slack": "U1", "may": ["everything"]}), SettingsProblem.BAD_VALUE),
    "a class nobody can approve": (
        people(a={"slack": "U1", "may": ["never_applied"]}),
        SettingsProblem.BAD_VALUE,
    ),
    "a class twice": (people(a={"slack": "U1", "may": [CLASSES[0]] * 2}), SettingsProblem.TWICE),
    "an identity twice": (people(a={"aws": ["oncall/aiko", f"{ROLE}/aiko"]}), SettingsProblem.TWICE),
    "a key twice": ('{"people": {"a": {"slack": "U1"}, "a": {"slack": "U2"}}}', SettingsProblem.TWICE),
    "nobody": (people(a={"may": ["costs_money"]}), SettingsProblem.NO_IDENTITY),
    "a name of nothing": (named({"": {"slack": "U1"}}), SettingsProblem.BAD_NAME),
    "a blank name": (named({" ": {"slack": "U1"}}), SettingsProblem.BAD_NAME),
    "a name with a comma": (named({"aiko, ken": {"slack": "U1"}}), SettingsProblem.BAD_NAME),
    "a name with a line break": (named({"aiko\n": {"slack": "U1"}}), SettingsProblem.BAD_NAME),
    "a name that turns the line round": (named({"a\u202eiko": {"slack": "U1"}}), SettingsProblem.BAD_NAME),
    "a long name": (named({"a" * 65: {"slack": "U1"}}), SettingsProblem.BAD_NAME),
    "an identity of two": (people(a={"slack": "U1"}, b={"slack": "U1"}), SettingsProblem.SHARED),
    "an identity of two, spelled in two ways": (
        people(a={"aws": ["oncall/aiko"]}, b={"aws": [f"{ROLE}/Aiko"]}),
        SettingsProblem.SHARED,
    ),
    "capitals": (people(aiko={"slack": "U1"}, Aiko={"slack": "U2"}), SettingsProblem.SAME_NAME),
    "full-width letters": (
        named({"aiko": {"slack": "U1"}, "ａｉｋｏ": {"slack": "U2"}}),
        SettingsProblem.SAME_NAME,
    ),
    "a hard blank": (
        named({"a b": {"slack": "U1"}, "a\u00a0b": {"slack": "U2"}}),
        SettingsProblem.SAME_NAME,
    ),
}


@all_rows(("stored", "problem"), INVALID.values())
def test_what_is_not_exactly_as_described_makes_the_whole_document_invalid(
    stored: object, problem: SettingsProblem
) -> None:
    assert wrong(stored) is problem


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    assert parse("\ufeff" + json.dumps(GOOD)) == parse(json.dumps(GOOD))


def test_what_is_wrong_with_a_role_makes_no_second_mistake_of_the_people_who_have_it() -> None:
    with pytest.raises(SettingsUnusable) as caught:
        parse(json.dumps({**GOOD, "roles": {"oncall": AIKO}}))
    assert [each.where for each in caught.value.all] == ["roles.oncall"]


def test_two_keys_that_stand_twice_are_both_named() -> None:
    with pytest.raises(SettingsUnusable) as caught:
        parse('{"soak_minutes": 1, "soak_minutes": 2, "people": {"a": {"slack": "U1", "slack": "U2"}}}')
    assert [each.where for each in caught.value.all] == ["slack", "soak_minutes"]


@pytest.mark.parametrize("between", list("\u200b\u200d\u2060\ufeff\u00ad\u034f\u3164\ufe0f"))
def test_a_name_holds_nothing_that_cannot_be_seen(between: str) -> None:
    assert wrong(named({f"ai{between}ko": {"slack": "U1"}})) is SettingsProblem.BAD_NAME


def test_twenty_people_in_four_classes_fit_into_a_standard_parameter() -> None:
    """With names, addresses and a permission set as long as they usually are."""
    role = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_LivenessOnCallOperators_0123456789abcdef"
    everyone = tuple(
        Person(
            f"hanako.yamada{number:02}",
            f"U0{number:09}",
            (f"{role}/hanako.yamada{number:02}@example.co.jp",),
            frozenset(CLASSES),
        )
        for number in range(20)
    )
    whole = SettingsDocument(People(everyone), {"oncall": role})
    assert len(whole.to_json().encode()) < LARGEST - 400
    assert parse(whole.to_json()) == whole


# --- whatever people write ---------------------------------------------------------------------------

LETTERS = st.characters(categories=["L", "N"], include_characters=" ._-@'+・")
NAMES = st.text(LETTERS, min_size=1, max_size=20).filter(lambda each: normal(each) is not None)
SESSIONS = st.text("abcXYZ019_+=,.@-", min_size=2, max_size=20)


@st.composite
def documents(draw: st.DrawFn) -> SettingsDocument:
    names = draw(st.lists(NAMES, max_size=4, unique_by=normal))
    sessions = draw(st.lists(SESSIONS, min_size=2 * len(names), unique_by=str.casefold))
    everyone = []
    for number, name in enumerate(names):
        mine = sessions[2 * number : 2 * number + draw(st.integers(0, 2))]
        slack = f"U{number}X" if not mine or draw(st.booleans()) else ""
        may = frozenset(draw(st.sets(st.sampled_from(CLASSES))))
        everyone.append(Person(name, slack, tuple(f"{ROLE}/{each}" for each in mine), may))
    roles = draw(st.sampled_from([{}, {"oncall": ROLE}]))
    return SettingsDocument(People(tuple(everyone)), roles)


@given(documents())
def test_what_is_written_is_read_as_it_was(document: SettingsDocument) -> None:
    assert parse(document.to_json()) == document


@given(documents())
def test_an_identity_leads_to_one_person(document: SettingsDocument) -> None:
    for person in document.people:
        for identity in person.identities:
            assert document.people.who(identity) is person


@given(NAMES)
def test_no_other_spelling_of_a_name_is_another_person(name: str) -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in name)
    for other in (name.upper(), name.casefold(), f" {name}", wide, unicodedata.normalize("NFKD", name)):
        if normal(other) is None or len(other) > 64:
            continue
        assert same_name(name, other)
        if other != name:
            twins = named({name: {"slack": "U1"}, other: {"slack": "U2"}})
            assert wrong(twins) is SettingsProblem.SAME_NAME


@given(st.text(max_size=200) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_nothing_that_is_written_breaks_the_reading(value: str) -> None:
    try:
        assert parse(value) == EMPTY
    except SettingsUnusable as error:
        assert len(error.where) <= 100
        assert error.where.isprintable()


def test_a_retired_setting_is_accepted_ignored_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    written = json.dumps({**GOOD, "soak_minutes": 15, "an_older_setting": {"whatever": 1}})
    assert wrong(written) is SettingsProblem.UNKNOWN_KEY
    monkeypatch.setattr(settings_document, "RETIRED", frozenset({"an_older_setting"}))
    found = parse(written)
    assert found.retired == ("an_older_setting",)
    assert found.given == {"soak_minutes": 15}
    assert found.people == parse(json.dumps(GOOD)).people


def test_no_setting_is_retired_and_in_use() -> None:
    assert not RETIRED & FIELDS.keys()
