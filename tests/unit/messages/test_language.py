from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responder.core.refusals import Refusal
from responder.core.text import Text, Value, Values, text
from responder.messages.language import in_zone, moment, number, say
from tests.rows import all_rows
from tests.texts import catalogue

plain_values = (
    st.text() | st.integers() | st.floats() | st.sampled_from(["2026-11-23T18:07:00Z", "9999-12-31T23:59Z"])
)
texts = st.recursive(
    st.builds(Text, st.text(), st.dictionaries(st.text(), plain_values)),
    lambda inner: st.builds(Text, st.text(), st.dictionaries(st.text(), inner | st.lists(inner).map(tuple))),
)


@all_rows(
    ("value", "ja", "en"),
    [
        (1234567, "1,234,567", "1,234,567"),
        (18.44, "18.4", "18.4"),
        (30.0, "30", "30"),
        (0.056, "0.06", "0.06"),
        (0.001, "<0.01", "<0.01"),
        (0.0, "0", "0"),
        (1234.56, "1,234.6", "1,234.6"),
        (float("nan"), "–", "–"),
        ("2026-11-23T18:07:00Z", "11/24 03:07 JST", "Nov 23 18:07 UTC"),
        ("2026-13-99T18:07:00Z", "2026-13-99T18:07:00Z", "2026-13-99T18:07:00Z"),
        ("since 2026-11-23T18:07:00Z", "since 2026-11-23T18:07:00Z", "since 2026-11-23T18:07:00Z"),
        (text("severity.high"), "高", "high"),
        ((text("severity.high"), text("severity.medium")), "高、中", "high, medium"),
        ("a\nb\u202ec", "a b c", "a b c"),
    ],
)
def test_values(value: Value, ja: str, en: str) -> None:
    shown = text("report.all", parts=value)
    assert (say(shown, "ja"), say(shown, "en")) == (ja, en)


@pytest.mark.parametrize(
    ("count", "ja", "en"),
    [
        (0, "管理ポリシー 0 個", "0 managed policies"),
        (1, "管理ポリシー 1 個", "1 managed policy"),
        (1_000, "管理ポリシー 1,000 個", "1,000 managed policies"),
        (1.0, "管理ポリシー 1 個", "1 managed policy"),
    ],
)
def test_english_has_a_plural_and_japanese_none(count: float, ja: str, en: str) -> None:
    said = text("say.dependency.policy", count=count)
    assert (say(said, "ja"), say(said, "en")) == (ja, en)


@pytest.mark.parametrize(("days", "en"), [(1, "1 day)"), (7, "7 days)"), (1.0, "1 day)")])
def test_without_a_count_the_first_number_decides(days: float, en: str) -> None:
    assert say(text("check.table.pitr", table="Table1", days=days), "en").endswith(f"is on ({en}.")


def test_an_unknown_key_still_goes_out() -> None:
    assert (
        say(text("no.such.key", percent=7.5, samples=1200), "ja")
        == "no.such.key (percent=7.5, samples=1,200)"
    )
    assert say(text("no.such.key"), "en") == "no.such.key"


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Text("level.2"), "レベル 2 開発チームリーダーにエスカレーションしました"),
        (Text("level.4"), "レベル 4 CTO / AWS Support にエスカレーションしました"),
    ],
)
def test_in_japanese_a_blank_depends_on_how_the_value_ends(level: Text, said: str) -> None:
    assert say(text("chronicle.escalated", level=level), "ja") == said


def test_in_japanese_no_blank_follows_a_closing_bracket() -> None:
    said = say(text("subject.not_changed", what="同時実行数の設定（start-face）"), "ja")
    assert said == "失敗: 同時実行数の設定（start-face）の変更"


def test_in_japanese_a_name_in_latin_letters_is_set_off() -> None:
    what = text("check.dashboard.what", name="FaceAuth-Liveness")
    said = say(text("checks.unread", what=what, reason="…"), "ja")
    assert said.startswith("ダッシュボード FaceAuth-Liveness を確認できません")


def test_a_missing_value_is_seen_and_cannot_be_run() -> None:
    assert say(Refusal.MUTED().text, "en") == 'The CloudWatch mute rule "<name>" is in force'


@settings(deadline=None)
@given(texts, st.sampled_from(["ja", "en", "fr"]))
def test_nothing_stops_a_message(given_text: Text, language: str) -> None:
    assert isinstance(say(given_text, language), str)


@settings(deadline=None)
@given(st.sampled_from(sorted(catalogue())), st.dictionaries(st.text(max_size=5), plain_values))
def test_wrong_values_do_not_stop_a_message(key: str, values: Values) -> None:
    assert say(Text(key, values), "ja")


@settings(deadline=None)
@given(st.floats())
def test_numbers_have_no_trailing_noise(value: float) -> None:
    assert not number(value).endswith((".", ".0"))


@pytest.mark.parametrize(
    ("name", "japanese", "english"),
    [
        ("", "11/24 03:07 JST", "Nov 23 18:07 UTC"),
        ("Europe/Berlin", "11/23 19:07 CET", "Nov 23 19:07 CET"),
        ("Asia/Tokyo", "11/24 03:07 JST", "Nov 24 03:07 JST"),
        ("Mars/Olympus", "11/24 03:07 JST", "Nov 23 18:07 UTC"),
    ],
)
def test_times_are_reported_in_the_zone_of_the_settings(name: str, japanese: str, english: str) -> None:
    at = datetime(2026, 11, 23, 18, 7, tzinfo=UTC)
    with in_zone(name):
        assert (moment(at, "ja"), moment(at, "en")) == (japanese, english)
    assert (moment(at, "ja"), moment(at, "en")) == ("11/24 03:07 JST", "Nov 23 18:07 UTC")


@pytest.mark.parametrize(
    ("stored", "ja", "en"),
    [
        ("(missing)", "（未設定）", "(not set)"),
        ("A (missing), B (wrong)", "A（未設定）, B（別の値）", "A (not set), B (another value)"),
        ("50", "50", "50"),
        ("release (missing files)", "release (missing files)", "release (missing files)"),
    ],
)
def test_the_mark_in_the_place_of_a_value_is_reported_in_words(stored: str, ja: str, en: str) -> None:
    assert say(text("report.all", parts=stored), "ja") == ja
    assert say(text("report.all", parts=stored), "en") == en
