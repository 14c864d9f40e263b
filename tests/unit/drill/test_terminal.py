"""What `make drill` prints: a line per scenario, details of what differs, a table by alarm."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from liveness_ops.people.options import Language
from rehearsal.drill.difference import About, Difference
from rehearsal.drill.results import OUTCOMES, DrillResult, ScenarioResult
from rehearsal.drill.terminal import Terminal
from tests.unit.drill.samples import SETTING, drill, played

LANGUAGES = pytest.mark.parametrize("language", list(Language))


def printed(result: DrillResult, *, width: int = 80, verbose: bool = False, terminal: bool = True) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=None)
    shown = Terminal(console, result.language, verbose)
    shown.begin([each.scenario for each in result.scenarios])
    for alarm, scenarios in result.by_alarm.items():
        shown.alarm(alarm)
        for each in scenarios:
            shown.line(each, 15)
    shown.end(result)
    file: Any = console.file
    return str(file.getvalue())


def test_a_value_of_several_lines_stays_in_its_column() -> None:
    error = Difference(About.EXECUTION, "–", "FAILED: first\n  File second", "x-g1")
    text = printed(DrillResult.of([played("acts", Language.EN, error)], Language.EN, 1.0))
    assert "\n    Actual    FAILED: first\n                File second\n" in text


@LANGUAGES
def test_what_differs_comes_before_the_transcript(language: Language) -> None:
    one = drill(language).differing[0]
    text = printed(drill(language))
    assert text.index("cause.throttling") < text.index(one.played.acts[0].mail[0].text.split()[0])


def lines_of(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if re.search(rf"\b{name}\b", line)]


@LANGUAGES
def test_a_scenario_as_expected_is_one_line_with_its_state_as_a_word(language: Language) -> None:
    text = printed(drill(language, differing=False))
    (line,) = lines_of(text, "acts")
    assert line.split()[:2] == ["OK", "acts"]
    assert len(text.splitlines()) < 32


@LANGUAGES
def test_only_what_differs_is_shown_with_its_message(language: Language) -> None:
    result = drill(language)
    text = printed(result)
    subject = result.scenarios[0].played.acts[0].mail[0].subject
    joined = re.sub(r"\s+", "", text)
    assert joined.count(re.sub(r"\s+", "", subject)) == 1
    assert joined.count(re.sub(r"\s+", "", subject)) < re.sub(
        r"\s+", "", printed(result, verbose=True)
    ).count(re.sub(r"\s+", "", subject))


@LANGUAGES
def test_a_difference_has_its_scenario_both_values_and_the_command_twice(language: Language) -> None:
    text = printed(drill(language))
    below = text[text.rindex("low-success-rate") :]
    command = "make drill ALARM=high-error-rate SCENARIO=asks-throttling"
    for part in (text[: -len(below)], below):
        assert "cause.throttling" in part and "cause.internal" in part
        assert SETTING in part
        assert command in part
    assert "high-error-rate/asks-throttling" in below


@LANGUAGES
@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_and_cuts_no_name(language: Language, width: int) -> None:
    text = printed(drill(language, differing=False), width=width)
    table = text[text.rindex("\nhigh-error-rate") : text.rindex("61.0")].splitlines()
    assert max(map(cell_len, table)) <= width
    assert re.search(r"^high-error-rate +3/3 ", text, re.MULTILINE)
    assert re.search(r"^low-success-rate +1/1 ", text, re.MULTILINE)
    assert re.search(r" +4/4 ", text)


@LANGUAGES
def test_every_line_but_one_to_paste_fits_eighty_columns(language: Language) -> None:
    text = printed(drill(language), verbose=True)
    long = [line for line in text.splitlines() if cell_len(line) > 80]
    assert [line for line in long if not re.search(r"://|liveness-ops|aws |make ", line)] == []


@LANGUAGES
def test_what_was_broken_is_wrapped_and_not_cut(language: Language) -> None:
    result = drill(language, differing=False)
    text = re.sub(r"\s+", "", printed(result))
    assert [each.title for each in result.scenarios if re.sub(r"\s+", "", each.title) not in text] == []


def test_a_line_is_whole_where_it_is_read_later() -> None:
    result = drill(Language.JA, differing=False)
    title = result.scenarios[0].title
    assert title in printed(result, terminal=False)


def test_world_outcome_and_what_was_broken_are_named_in_japanese() -> None:
    text = printed(drill(Language.JA, differing=False), terminal=False)
    assert "ロールアウト中（rolled-out）" in text
    (line,) = lines_of(text, "acts")
    assert "実施" in line and "Rekognition が" in line
    assert "提案なし" in lines_of(text, "twice")[0]


def test_equal_outcomes_in_a_row_are_counted() -> None:
    one = played("acts", Language.EN)
    more = ScenarioResult(type(one)(one.scenario, (one.acts[0], *one.acts)), Language.EN)
    assert "×" in more.became


@LANGUAGES
def test_the_message_is_not_dim(language: Language) -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="standard")
    Terminal(console, language, verbose=True).details(drill(language).scenarios[0])
    file: Any = console.file
    dim = re.findall(r"\x1b\[2m(.*?)\x1b", file.getvalue(), re.DOTALL)
    mail = {line.strip() for line in drill(language).scenarios[0].played.acts[0].mail[0].text.splitlines()}
    first = next(iter(drill(language).scenarios[0].played.acts[0].mail[0].text.splitlines()))
    assert first.strip() in mail
    assert not any(each.strip() in first for each in dim if each.strip())


@LANGUAGES
def test_the_table_fits_where_every_outcome_occurs_and_the_names_are_the_longest(language: Language) -> None:
    every = ScenarioResult(played("cause-unknown", language, alarm="sessions-table-throttles"), language)
    found = [replace(every) for _ in OUTCOMES]
    for one, outcome in zip(found, OUTCOMES, strict=True):
        vars(one)["outcomes"] = (outcome,)
    text = printed(DrillResult(tuple(found), language, 1.0))
    table = text[text.rindex("\nsessions-table-throttles") : text.rindex("1.0")].splitlines()
    assert max(map(cell_len, table)) <= 80
    assert re.search(r"^sessions-table-throttles +11/11  ", text, re.MULTILINE)
    assert "".join(table).count(" 1") >= 2 * len(OUTCOMES)
