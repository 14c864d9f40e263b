"""Modes and stops that people set: what cannot be read prevents every action."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.errors import SettingsUnusable
from responder.core.modes import Mode, Severity, stricter
from responder.core.refusals import Refusal, SettingsProblem
from responder.core.settings_document import EMPTY
from responder.core.switches import (
    EVERYTHING,
    UNREADABLE,
    Silence,
    Stop,
    Switches,
    ask_for,
    read_stop,
    switches,
)
from responder.core.text import Text
from tests.fakes.gateway import NOW
from tests.rows import all_rows

REMEDY = "rollout_to_zero"
AUTO = json.dumps({"everywhere": "auto", REMEDY: "auto"})


def pauses(*values: str) -> tuple[Stop, ...]:
    parameters = {f"/s/stops/p{number}": value for number, value in enumerate(values)}
    return switches("/s", parameters, ()).active(NOW)


def mode(everywhere: str | None, own: str | None) -> Mode | None:
    given = {"everywhere": everywhere, REMEDY: own}
    modes = {name: mode for name, mode in given.items() if mode is not None}
    return switches("/s", {"/s/modes": json.dumps(modes)}).mode(REMEDY)


@pytest.mark.parametrize("everywhere", list(Mode))
@pytest.mark.parametrize("own", list(Mode))
def test_the_stricter_mode_wins(everywhere: Mode, own: Mode) -> None:
    found = mode(everywhere, own)
    assert found == (everywhere if everywhere.rank <= own.rank else own)


@pytest.mark.parametrize(
    ("everywhere", "own"),
    [
        (None, "auto"),
        ("auto", None),
        ("AUTO", "auto"),
        ("auto", "yes"),
        ("", "auto"),
        ("auto", " auto"),
        (None, None),
    ],
)
def test_a_mode_that_is_missing_or_unreadable_is_no_mode(everywhere: str | None, own: str | None) -> None:
    assert mode(everywhere, own) is None


def test_the_mode_of_another_remedy_does_not_count() -> None:
    other = {"/s/modes": '{"everywhere": "auto", "other": "auto"}', "/t/modes": AUTO}
    assert switches("/s", other).mode(REMEDY) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "auto",
        "[" * 4000,
        "5",
        "null",
        "true",
        f'[["everywhere", "auto"], ["{REMEDY}", "auto"]]',
        f'{{"everywhere": ["auto"], "{REMEDY}": "auto"}}',
        f'{{"everywhere": "observe", "everywhere": "auto", "{REMEDY}": "auto"}}',
    ],
)
def test_modes_that_are_not_exactly_one_object_free_nothing(value: str) -> None:
    """Nor do the template's count in their place."""
    assert switches("/s", {"/s/modes": value, "/s/first-modes": AUTO}).mode(REMEDY) is None


def test_what_people_have_set_counts_before_the_template_s() -> None:
    strict = json.dumps({"everywhere": "observe", REMEDY: "auto"})
    assert switches("/s", {"/s/first-modes": AUTO}).mode(REMEDY) is Mode.AUTO
    assert switches("/s", {"/s/first-modes": AUTO, "/s/modes": strict}).mode(REMEDY) is Mode.OBSERVE
    assert switches("/s", {"/s/first-modes": strict, "/s/modes": AUTO}).mode(REMEDY) is Mode.AUTO


def test_modes_that_were_set_and_deleted_are_missed() -> None:
    found = switches("/s", {"/s/first-modes": AUTO, "/s/set-by-people": "modes settings"})
    assert found.mode(REMEDY) is None


def test_settings_that_were_set_and_deleted_are_missed() -> None:
    first = {"/s/first-settings": "{}", "/s/first-modes": AUTO}
    assert switches("/s", first).document == EMPTY
    assert switches("/s", {**first, "/s/set-by-people": "modes"}).document == EMPTY
    found = switches("/s", {**first, "/s/set-by-people": "settings"})
    assert isinstance(found.document, SettingsUnusable)
    assert found.document.problem is SettingsProblem.DELETED
    assert found.mode(REMEDY) is Mode.AUTO


@pytest.mark.parametrize("value", [" ", "mode", "modes, settings", '["modes"]'])
def test_where_what_people_have_set_cannot_be_read_the_template_s_does_not_count(value: str) -> None:
    first = {"/s/first-modes": AUTO, "/s/first-settings": "{}", "/s/set-by-people": value}
    assert switches("/s", first).mode(REMEDY) is None
    assert isinstance(switches("/s", first).document, SettingsUnusable)
    assert switches("/s", {**first, "/s/modes": AUTO, "/s/settings": "{}"}).mode(REMEDY) is Mode.AUTO


def test_observe_is_the_strictest_mode_and_auto_the_freest() -> None:
    assert sorted(Mode, key=lambda each: each.rank) == [Mode.OBSERVE, Mode.APPROVE, Mode.AUTO]
    assert stricter(Mode.AUTO, Mode.APPROVE) is Mode.APPROVE


def test_a_high_alarm_is_answered_within_half_an_hour_and_a_medium_one_within_an_hour() -> None:
    assert {each: each.minutes for each in Severity} == {Severity.HIGH: 30, Severity.MEDIUM: 60}


def test_a_pause_says_who_why_and_until_when() -> None:
    (found,) = pauses('{"who": "aiko", "why": "release", "until": "2026-02-04T11:00:00Z"}')
    assert found == Stop("p0", "aiko", "release", datetime(2026, 2, 4, 11, 0, tzinfo=UTC))
    assert found.by == "aiko"


@pytest.mark.parametrize("value", ['{"until": null}', '{"name": "x"}', "{}"])
def test_a_stop_that_does_not_say_who_and_why_keeps_its_name_and_says_that_it_is_unknown(value: str) -> None:
    (found,) = pauses(value)
    assert (found.name, found.who, found.why) == ("p0", "?", "?")


@pytest.mark.parametrize("value", ["not JSON", "[]", "  stop the rollout, aiko  "])
def test_a_stop_of_any_text_shows_it_as_its_reason(value: str) -> None:
    (found,) = pauses(value)
    assert (found.who, found.why, found.until) == ("?", value.strip(), None)
    assert found.by == Text("person.unnamed")


@pytest.mark.parametrize(
    "value", ["stop", '{"until": "2020-01-01T00:00:00Z"}', '{"from": "2199-01-01T00:00:00Z"}']
)
def test_the_stop_of_everything_is_in_force_as_long_as_it_is_there(value: str) -> None:
    """The printed command is refused where its name is taken: then it has to be stopped already."""
    found = switches("/s", {f"/s/stops/{EVERYTHING}": value}, ())
    assert [each.name for each in found.active(NOW + timedelta(days=9))] == [EVERYTHING]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
TIMES = st.none() | st.integers(946_684_800, 7_226_582_400).map(lambda at: datetime.fromtimestamp(at, UTC))


@given(TEXTS, TEXTS, TIMES, TIMES)
def test_a_stop_is_read_as_it_was_written(
    who: str, why: str, until: datetime | None, since: datetime | None
) -> None:
    written = Stop("x", who, why, until, since)
    assert "{{" not in written.to_json()
    found = read_stop("x", written.to_json())
    backwards = until is not None and since is not None and since >= until
    assert found == (Stop("x", who, why, until) if backwards else written)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC"])
def test_a_time_without_an_offset_is_utc_whatever_the_zone_of_the_machine(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        (plain,) = pauses('{"until": "2026-02-04T11:00:00"}')
        (answer,) = pauses('{"until": "2026-02-04T20:00:00+09:00"}')
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [str(each.until) for each in (plain, answer)] == ["2026-02-04 11:00:00+00:00"] * 2


@pytest.mark.parametrize(
    ("until", "holds"),
    [
        ("2026-02-04T10:25:01Z", True),
        ("2026-02-04T10:25:00Z", False),
        ("2026-02-04T10:24:59Z", False),
        ("2026-02-04T19:26:00+09:00", True),
        ("2026-02-04T19:24:00+09:00", False),
        ("2026-02-04T10:26:00", True),
        ("2026-02-04T10:24:00", False),
    ],
)
def test_a_pause_ends_automatically(until: str, holds: bool) -> None:
    assert bool(pauses(f'{{"who": "a", "why": "b", "until": "{until}"}}')) is holds


def test_the_end_of_a_pause_is_reported_in_utc() -> None:
    (found,) = pauses('{"until": "2026-02-04T21:00:00+09:00"}')
    assert found.until is not None
    assert found.until.isoformat() == "2026-02-04T12:00:00+00:00"


@pytest.mark.parametrize("until", ["2200-01-01T00:00:00Z", "8026-02-05T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_pause_for_centuries_holds_until_a_person_resumes(until: str) -> None:
    (found,) = pauses(f'{{"until": "{until}"}}')
    assert found.until is None


@all_rows(
    "value",
    [
        "",
        "paused",
        "[]",
        "null",
        "1",
        "{",
        '{"who": "a"}',
        '{"until": null}',
        '{"until": 1770000000}',
        '{"until": "soon"}',
        '{"until": "0001-01-01T00:00:00+14:00"}',
        "[" * 8000,
    ],
)
def test_a_pause_that_cannot_be_read_holds_until_a_person_resumes(value: str) -> None:
    (found,) = pauses(value)
    assert found.until is None


@given(st.text())
def test_whatever_a_pause_says_it_is_in_force_or_over(value: str) -> None:
    assert all(each.until is None or each.until > NOW for each in pauses(value))


@pytest.mark.parametrize(
    ("since", "holds"),
    [
        ("2026-02-04T10:24:59Z", True),
        ("2026-02-04T10:25:00Z", True),
        ("2026-02-04T10:25:01Z", False),
        ("2026-02-04T19:24:00+09:00", True),
        ("2026-02-04T19:26:00+09:00", False),
    ],
)
def test_a_pause_set_ahead_holds_nothing_before_it_begins(since: str, holds: bool) -> None:
    assert bool(pauses(f'{{"from": "{since}", "until": "2026-02-05T00:00:00Z"}}')) is holds


@pytest.mark.parametrize("since", ["null", '"soon"', "1770000000", '""', "[]", '"0001-01-01T00:00:00+14:00"'])
def test_a_beginning_that_cannot_be_read_is_now(since: str) -> None:
    (found,) = pauses(f'{{"from": {since}, "until": "2026-02-05T00:00:00Z"}}')
    assert found.since is None


def test_a_pause_set_ahead_that_no_one_ends_holds_from_its_beginning_on() -> None:
    parameters = {"/s/stops/p": '{"from": "2026-02-04T11:00:00Z"}'}
    found = switches("/s", parameters, ())
    assert found.active(NOW) == ()
    assert [each.name for each in found.active(NOW + timedelta(days=400))] == ["p"]


@pytest.mark.parametrize("since", ["2026-02-06T00:00:00Z", "2026-02-05T00:00:00Z"])
def test_a_window_that_ends_as_or_before_it_begins_holds_immediately_until_its_end(since: str) -> None:
    (found,) = pauses(f'{{"from": "{since}", "until": "2026-02-05T00:00:00Z"}}')
    assert (found.since, found.until) == (None, datetime(2026, 2, 5, tzinfo=UTC))


@given(st.text(), st.text())
def test_whatever_its_beginning_says_it_is_in_force_or_planned(since: str, until: str) -> None:
    value = json.dumps({"from": since, "until": until})
    (found,) = switches("/s", {"/s/stops/p": value}, ()).stops
    over = found.until is not None and found.until <= NOW
    to_come = found.since is not None and found.since > NOW
    assert found.active(NOW) is not (over or to_come)


def test_one_pause_in_force_is_enough() -> None:
    over, on = '{"until": "2026-02-04T10:00:00Z"}', '{"until": "2026-02-04T11:00:00Z"}'
    assert [each.name for each in pauses(over, on)] == ["p1"]


RULE = Silence(Refusal.MUTED(name="maintenance"))


def test_what_silences_the_alarm_is_kept() -> None:
    assert switches("/s", {}, (RULE,)).silences == (RULE,)


def test_a_rule_in_both_event_and_list_is_one_and_ends_as_the_event_says() -> None:
    reported = Silence(
        Refusal.MUTED_EVENT(name="maintenance", until="-"), datetime(2026, 2, 4, 12, tzinfo=UTC)
    )
    disabled, other = Silence(Refusal.ACTIONS_DISABLED()), Silence(Refusal.MUTED(name="another"))
    found = switches("/s", {}, (RULE, disabled, other)).and_silences((reported, disabled))
    assert found.silences == (replace(RULE, until=reported.until), disabled, other)
    assert switches("/s", {}).and_silences((reported,)).silences == (reported,)


def test_unread_parameters_are_unreadable_and_give_no_mode() -> None:
    assert not UNREADABLE.readable
    assert UNREADABLE.mode(REMEDY) is None


ASKS = ask_for(REMEDY, "automation", "made things worse")


def stops_of(name: str, value: str) -> Switches:
    return switches("/s", {f"/s/stops/{name}": value, "/s/modes": AUTO})


def test_a_stop_of_the_kind_ask_holds_its_remedy_alone_and_no_one_else() -> None:
    found = stops_of(ASKS.name, ASKS.to_json())
    assert found.stops == (ASKS,)
    assert found.asking(REMEDY, NOW) == ASKS
    assert found.asking("on_demand_billing", NOW) is None
    assert (found.active(NOW), found.until(NOW)) == ((), NOW)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ask-rollout_to_zero", {"remedy": "all_of_them"}),
        ("ask-rollout_to_zero", {"remedy": "on_demand_billing"}),
        ("ask-rollout_to_zero", {"remedy": ["rollout_to_zero"]}),
        ("ask-rollout_to_zero", {"remedy": None}),
        ("ask-rollout_to_zero", {"kind": "asks"}),
        ("ask-rollout_to_zero", {"kind": ["ask"]}),
        ("everything", {}),
        ("release", {}),
    ],
)
def test_a_stop_to_ask_that_is_not_understood_stops_everything(name: str, change: dict[str, object]) -> None:
    value = json.dumps({**json.loads(ASKS.to_json()), **change})
    found = stops_of(name, value)
    assert [stop.name for stop in found.active(NOW)] == [name]
    assert found.asking(REMEDY, NOW) is None


@pytest.mark.parametrize(
    "times",
    [{"until": "2020-01-01T00:00:00Z"}, {"from": "2099-01-01T00:00:00Z"}, {"until": "2026-02-04T11:00Z"}],
)
@pytest.mark.parametrize("asks", [True, False])
def test_a_stop_under_a_remedy_s_name_is_in_force_as_long_as_it_is_there(
    times: dict[str, str], asks: bool
) -> None:
    """The follow-up cannot create its own where the name is taken: then the remedy has to be held already."""
    about = json.loads(ASKS.to_json()) if asks else {"who": "ken", "why": "mine"}
    found, later = stops_of(ASKS.name, json.dumps({**about, **times})), NOW + timedelta(days=9)
    assert (found.asking(REMEDY, later) is not None) is asks
    assert bool(found.active(later)) is not asks
