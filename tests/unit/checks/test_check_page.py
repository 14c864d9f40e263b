"""One page: what needs a person first, everything escaped, nothing loaded, charts with their gaps."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from markupsafe import escape

from responder.checks.finding import Checked, CheckItem, CheckStatus
from responder.checks.model import Better, Chart, CheckSection, ComparedReport, KeyFigure, Since
from responder.checks.report.json_report import SCHEMA, machine
from responder.checks.report.page import page
from responder.checks.report.summary import Summary, attributes, data
from responder.core.text import Text, text
from responder.messages.language import say
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.checks.reports import AMBER, FULL, GREEN, NOW, RED, chart, report

DOCS = Path(__file__).parents[3] / "docs" / "check-json.md"
TOKYO = ZoneInfo("Asia/Tokyo")
VOID = {"meta", "path", "circle", "rect", "br"}
# What a section shows in addition to its colour.
HEADING = re.compile(r'<h2><span class="badge (\w+)">([^<]*)</span>')


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag


def read(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags


@in_both_languages
def test_is_whole_loads_nothing_and_runs_nothing(language: str) -> None:
    html = page(FULL, language)
    tags = read(html)
    assert f'<html lang="{language}">' in html
    assert "default-src 'none'" in html
    assert "script" not in tags.tags
    assert len(tags.ids) == len(set(tags.ids))
    assert {each for each in tags.addresses if not each.startswith(("#", "https://console.aws"))} == set()
    assert {each[1:] for each in tags.addresses if each.startswith("#")} <= set(tags.ids)


def test_what_needs_a_person_comes_first_and_green_is_there_too() -> None:
    html = page(FULL, "en")
    todo = html[html.index(f"<h2>{piece('checks.to_do')}") : html.index('<section id="daily-0">')]
    assert re.findall(r'class="badge (\w+)"', todo) == ["red", "amber", "unknown"]
    assert html.count('class="badge green"') >= 2


def test_names_from_outside_are_escaped() -> None:
    html = page(report(CheckSection('"><img src=x>', (RED,))), "en")
    assert "<img" not in html
    assert "<script>alert" not in html
    assert "&lt;f&gt;" in html


def test_a_command_that_does_not_show_what_it_does_is_not_offered() -> None:
    for command in ("aws x 'a\u202eb'", "aws x\nrm -r x", "aws x '\x1b[2J'"):
        answer = report(CheckSection("cost", (replace(RED, command=command),)))
        assert "<pre>" not in page(answer, "en")
        assert machine(answer)["sections"][0]["items"][0]["command"] is None


def test_a_finding_has_its_evidence_its_chapter_and_its_fix() -> None:
    html = page(FULL, "ja")
    for part in (
        "ce:GetCostAndUsage",
        '手順書: <span lang="ja">コスト管理</span>',
        "<pre>aws ce get-cost-and-usage",
        piece("checks.source", "ja"),
    ):
        assert part in html


def test_a_link_that_is_no_web_address_cannot_be_clicked() -> None:
    item = CheckItem(
        Checked.CHECK.of(), CheckStatus.GREEN, text("checks.none_to_do"), link="javascript:alert(1)"
    )
    assert read(page(report(CheckSection("cost", (item,))), "en")).addresses == []


def test_nothing_to_do_is_reported() -> None:
    assert "<p>None.</p>" in page(report(CheckSection("cost", (GREEN,))), "en")


def figure(one: Chart, language: str = "en") -> str:
    html = page(report(CheckSection("figures", (), (one,))), language)
    return html[html.index("<figure>") : html.index("</figure>")]


def test_a_missing_day_stays_a_gap() -> None:
    html = figure(chart(97.0, None, 96.0, 95.5, None))
    assert (html.count("<circle"), html.count('class="line"')) == (3, 1)


@pytest.mark.parametrize(
    ("floor", "ceiling", "words"),
    [
        (95.0, None, "normal from 95%"),
        (None, 2.0, "normal up to 2%"),
        (1.0, 2.0, "normal range 1 to 2%"),
    ],
)
def test_the_normal_range_is_behind_the_line_and_in_words(
    floor: float | None, ceiling: float | None, words: str
) -> None:
    one = chart(1.5, 97.0, floor=floor, ceiling=ceiling)
    html = page(report(CheckSection("figures", (), (one,))), "en")
    assert html.index('class="band"') < html.index('class="line"')
    assert words in html


def test_without_a_range_there_is_no_band() -> None:
    assert "band" not in figure(chart(1.0, 2.0, floor=None))


def test_no_data_is_reported_instead_of_an_empty_chart() -> None:
    for one in (chart(None, None), Chart(text("checks.section.cost"), "USD", ())):
        html = page(report(CheckSection("figures", (), (one,))), "en")
        assert "<svg" not in html
        assert "There is no data." in html


def test_the_days_of_a_chart_are_the_owners_in_either_language() -> None:
    midnight = NOW.astimezone(TOKYO).replace(hour=0)
    points = tuple((midnight.astimezone(UTC) + timedelta(days=day), 1.0 + day) for day in range(5))
    one = Chart(text("checks.section.cost"), "USD", points)
    assert re.findall(r">(\d\d/\d\d)<", figure(one, "ja")) == ["02/04", "02/05", "02/06", "02/07", "02/08"]
    assert re.findall(r">(Feb \d\d)<", figure(one, "en")) == [
        "Feb 04",
        "Feb 05",
        "Feb 06",
        "Feb 07",
        "Feb 08",
    ]


@pytest.mark.parametrize(
    ("unit", "ja", "en"),
    [
        ("%", "%", "%"),
        ("s", "秒", "s"),
        ("a_day", "件/日", "per day"),
        ("points", "点", "points"),
        ("USD", "USD", "USD"),
    ],
)
def test_a_unit_is_reported_in_the_readers_language(unit: str, ja: str, en: str) -> None:
    for language, said in (("ja", ja), ("en", en)):
        html = page(report(CheckSection("figures", (), (replace(chart(97.0, 98.0), unit=unit),))), language)
        assert re.search(rf'<text class="unit"[^>]*>{said}</text>', html)
        assert said in html[html.index("<desc") : html.index("</desc>")]


def test_a_section_that_draws_a_day_out_of_range_is_not_green() -> None:
    def heading(*values: float) -> tuple[str, str]:
        ((colour, said),) = HEADING.findall(
            page(report(CheckSection("figures", (GREEN,), (chart(*values),))), "en")
        )
        return colour, said

    assert heading(97.0, 98.0) == ("green", "ok")
    assert heading(97.0, 81.8, 96.0) == ("amber", "out of range on Feb 02")
    mean = replace(chart(97.0, 81.8), of_mean=True)
    assert HEADING.findall(page(report(CheckSection("cost", (GREEN,), (mean,))), "en"))[0][0] == "green"
    assert heading(1.0, 2.0, 3.0, 4.0, 99.0) == ("amber", "out of range on 4 days")


SESSIONS = KeyFigure(
    replace(chart(314.0, 376.0, floor=100.0), unit="a_day", title=text("checks.figure.sessions")),
    376.0,
    CheckStatus.GREEN,
    {Since.DAY: 314.0, Since.WEEK: 376.0},
)
ERRORS = KeyFigure(
    replace(chart(3.77, 1.08, floor=0.0), title=text("checks.figure.errors")),
    1.08,
    CheckStatus.AMBER,
    {Since.DAY: 3.77, Since.WEEK: None},
    Better.LOWER,
)


def tile(one: KeyFigure) -> str:
    html = page(report(CheckSection("figures", (GREEN,), key_figures=(one,))), "en")
    return html[html.index('<li class="tile') : html.index("</ul>")]


def test_a_key_figure_is_a_tile_with_its_change_and_its_past() -> None:
    shown = tile(SESSIONS)
    for part in ("Sessions created", "376 <small>per day", "▲62 in a day", "±0 in a week"):
        assert part in shown
    assert shown.count('class="spark"') == 1
    assert "badge" not in shown


def test_a_key_figure_that_is_not_fine_reports_it_in_words_and_which_way_is_better() -> None:
    shown = tile(ERRORS)
    light = say(Text("checks.light.amber"), "en")
    assert re.findall(r'class="badge (\w+)">([^<]+)<', shown) == [("amber", light)]
    assert re.findall(r'class="quiet (\w*)">([^<]*)<', shown) == [
        ("better", "▼2.69 pt in a day"),
        ("", "– in a week"),
    ]
    dear = replace(ERRORS, earlier={Since.DAY: 0.5})
    assert 'class="quiet worse">▲0.58 pt' in tile(dear)
    assert '<p class="figure">–' in tile(replace(ERRORS, value=None))
    slow = replace(ERRORS, chart=replace(ERRORS.chart, unit="s"))
    assert "▼2.7 s in a day" in tile(slow)


def alike(*names: str) -> CheckSection:
    return CheckSection(
        "readiness",
        tuple(
            replace(AMBER, identity=Checked.REMEDY.of(each), said=text("evidence.failed.denied", action=each))
            for each in names
        ),
    )


def test_findings_that_say_the_same_of_several_things_are_one_line() -> None:
    todo = page(report(alike("a", "b", "c", "d")), "en").partition("<h2>Accepted")[0]
    assert todo.count('class="badge amber"') == 2  # the first line of the page, and one for all
    assert "3 more of the same kind" in todo
    few = page(report(alike("a", "b")), "en").partition("<h2>Accepted")[0]
    assert few.count('class="badge amber"') == 3


def test_what_is_new_comes_before_what_was_known() -> None:
    old, new = alike("old").items[0], replace(alike("new").items[0], new=True)
    old = replace(old, light=CheckStatus.RED, since=date(2026, 1, 30))
    answer = replace(report(CheckSection("readiness", (old, new))), compared=ComparedReport(date(2026, 2, 3)))
    html = page(answer, "en")
    places = [html.index(each) for each in ("New since the last report", "Already in the last report")]
    assert places[0] < places[1] < html.index("Reported since 2026-01-30")


def test_a_command_that_fixes_several_findings_of_a_section_is_shown_once() -> None:
    both = CheckSection("cost", (RED, replace(RED, identity=Checked.COST_DAYS.of())))
    html = page(report(both), "en")
    assert html.count("<pre>aws ce get-cost-and-usage") == 1
    assert escape(piece("checks.command_above")) in html


def test_a_normal_range_without_an_end_has_none_for_machines() -> None:
    endless = report(CheckSection("cost", (), (chart(1.0, floor=float("nan"), ceiling=float("inf")),)))
    (section,) = json.loads(json.dumps(machine(endless), allow_nan=False))["sections"]
    (drawn,) = section["charts"]
    assert (drawn["floor"], drawn["ceiling"]) == (None, None)


def test_all_of_it_is_json_and_no_number_is_lost() -> None:
    answer = json.loads(json.dumps(machine(FULL), allow_nan=False))
    assert answer["schema"] == SCHEMA
    assert answer["counts"] == {"red": 1, "amber": 1, "unknown": 1, "green": 2}
    red = answer["sections"][1]["items"][1]
    assert red["numbers"] == {"usd": 512.5, "nothing": None}
    assert red["command"] == RED.command
    assert answer["sections"][0]["charts"][0]["points"][1] == ["2026-01-31T00:00:00Z", None]
    assert {"ja", "en", "key", "values"} == red["said"].keys()


def documented(after: str, before: str = "\n\n") -> set[str]:
    """The keys in the table that follows some words."""
    table = DOCS.read_text(encoding="utf-8").partition(f"{after}\n\n")[2].partition(before)[0]
    rows = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_every_key_is_documented_and_no_other() -> None:
    answer = machine(FULL)
    section, figures = answer["sections"][1], answer["sections"][0]
    assert documented("Decide by `light`, `key` and `numbers`.") == answer.keys()
    assert documented("A section:") == section.keys()
    assert documented("An item:") == section["items"][0].keys()
    assert documented("A chart:") == figures["charts"][0].keys()
    shown = report(CheckSection("figures", (), key_figures=(SESSIONS,)))
    assert documented("A key figure:") == machine(shown)["sections"][0]["key_figures"][0].keys()
    assert SCHEMA in DOCS.read_text(encoding="utf-8")


def test_every_key_of_a_text_and_of_the_summary_is_documented() -> None:
    page_ = DOCS.read_text(encoding="utf-8")
    text_, summary = page_[page_.index("A **text**") :], page_[page_.index("## The summary") :]
    short = Summary(FULL, "https://example.com", text("checks.no_bucket"))
    for part, keys in (
        (text_.partition("\n\n")[0], machine(FULL)["news"]),
        (summary, data(short, "ja", 9)),
        (summary, data(short, "ja", 9)["to_do"][0]),
        (summary, attributes(short)),
    ):
        assert keys.keys() <= set(re.findall(r"`(\w+)`", part))
