"""A chart of anything: sound markup, inside its frame, and readable without its colours."""

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.text import text
from responder.messages.chart import (
    WIDTH,
    ChartMark,
    LineChart,
    draw,
    rows,
    scale,
    short,
    span,
    spark,
    stretches,
    times,
)
from responder.messages.page import environment
from tests.texts import piece
from tests.unit.incident_report.sample_incident import CLOSED, OPENED, at

TOKYO = ZoneInfo("Asia/Tokyo")
MARKS = (
    ChartMark(at(0), "ALARM", "alarm"),
    ChartMark(at(5), "[1]", "act"),
    ChartMark(CLOSED, text("chart.closed"), "close"),
)
NAN, HUGE = math.nan, 1.7e308
MACRO = '{% from "parts.html.j2" import chart with context %}{{ chart(drawn, "k") }}'


def of(*values: float | None, limit: float | None = None) -> LineChart:
    named = None if limit is None else (limit, text("chart.threshold", comparison=">", value=limit))
    points = tuple((at(minute), value) for minute, value in enumerate(values))
    title = text("chart.title", label="M")
    return LineChart(title, text("chart.no_threshold"), points, UTC, limit=named, marks=MARKS)


def svg(chart: LineChart, language: str = "en") -> str:
    template = environment(Path(__file__).parent).from_string(MACRO)
    return template.render(drawn=draw(chart), language=language).strip()


def numbers(markup: str) -> list[float]:
    """Every coordinate in it."""
    found = re.findall(r' (?:d|x|y|cx|cy)="([^"]*)"', markup)
    return [float(each) for part in found for each in re.findall(r"-?\d+(?:\.\d+)?", part)]


def sound(markup: str) -> ET.Element:
    root = ET.fromstring(markup)
    assert all(math.isfinite(each) and -1 <= each <= WIDTH for each in numbers(markup))
    assert not re.search(r"\b(nan|inf)\b", markup)
    return root


def labels(markup: str, kind: str = '[^"]*') -> list[str]:
    return re.findall(rf'<text class="{kind}"[^>]*>([^<]*)<', markup)


@pytest.mark.parametrize(
    "chart",
    [
        of(5.0),
        of(0.0),
        of(1e-9),
        of(7.0, 7.0, 7.0),
        of(0.0, 0.0, limit=0.0),
        of(-3.0, -3.0),
        of(HUGE, -HUGE, 1.0),
        of(1e-12, 2e-12, limit=1e-12),
        of(1.0, NAN, 2.0, math.inf, None, -math.inf, 3.0),
        of(90.0, 95.0, 92.0, limit=HUGE),
        replace(of(90.0, 95.0), floor=95.0, ceiling=NAN, marks=()),
        replace(of(90.0, 95.0), floor=10.0, ceiling=-math.inf),
    ],
)
def test_every_chart_is_valid_svg(chart: LineChart) -> None:
    sound(svg(chart))


@given(
    st.lists(
        st.tuples(st.integers(0, 100_000), st.none() | st.floats()),
        min_size=1,
        max_size=20,
        unique_by=lambda p: p[0],
    ),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.floats(),
)
def test_no_value_breaks_it(
    points: list[tuple[int, float | None]], limit: float | None, floor: float | None
) -> None:
    placed = tuple((at(minute), value) for minute, value in sorted(points, key=lambda each: each[0]))
    chart = replace(of(limit=limit), points=placed, floor=floor)
    if draw(chart) is None:
        assert not any(value is not None and math.isfinite(value) for _, value in points)
    else:
        sound(svg(chart))


@pytest.mark.parametrize("values", [(), (NAN, math.inf), (None, None)])
def test_without_a_number_there_is_no_chart(values: tuple[float | None, ...]) -> None:
    assert draw(of(*values)) is None


def test_one_datapoint_is_a_dot() -> None:
    markup = svg(of(5.0))
    assert (markup.count("<circle"), markup.count('class="line"')) == (1, 0)


@pytest.mark.parametrize(
    ("minutes", "lengths"), [((0, 1, 2, 3), [4]), ((0, 1, 2, 30, 31), [3, 2]), ((0, 30), [1, 1])]
)
def test_a_time_without_datapoints_is_a_gap(minutes: Iterable[int], lengths: list[int]) -> None:
    points = [(at(minute), 1.0) for minute in minutes]
    assert [len(each) for each in stretches(points, timedelta(minutes=2))] == lengths


def test_what_is_no_number_is_a_gap() -> None:
    values = (None, 1.0, 2.0, NAN, 3.0, 4.0, math.inf, None, 5.0)
    points = [(at(minute), value) for minute, value in enumerate(values)]
    assert [len(each) for each in stretches(points)] == [2, 2, 1]


def test_every_mark_and_the_limit_are_named() -> None:
    assert {"ALARM", "[1]", "closed", "threshold > 10"} <= set(
        labels(svg(of(1.0, 20.0, limit=10.0)).replace("&gt;", ">"))
    )


def test_it_describes_itself_to_readers_who_cannot_see_it() -> None:
    root = ET.fromstring(svg(of(1.0, 20.0, limit=10.0)))
    assert root.attrib["role"] == "img"
    words = {element.attrib.get("id"): element.text for element in root.iter()}
    assert [words[name] for name in root.attrib["aria-labelledby"].split()] == [
        "M over time",
        piece("chart.no_threshold"),
    ]


def test_every_datapoint_has_a_dot_where_they_are_few() -> None:
    assert svg(of(1.0, 2.0, None, 3.0)).count("<circle") == 3
    assert svg(of(*(float(each % 7) for each in range(400)))).count("<circle") == 0


def test_a_datapoint_out_of_range_is_marked_and_has_its_value_beside_it() -> None:
    chart = replace(of(97.0, 81.8, 98.0), floor=95.0, ceiling=100.0, outside=(at(1),))
    markup = svg(chart)
    assert (markup.count('class="dot out"'), labels(markup, "out")) == (1, ["81.8"])
    assert re.findall("<title>(.*)</title></circle>", markup)[1] == "11/23 18:08: 81.8"
    assert svg(replace(chart, outside=())).count('class="dot out"') == 0


def test_the_time_in_alarm_is_shaded() -> None:
    (area,) = re.findall(
        r'<rect class="span alarm" x="([\d.]+)"[^>]* width="([\d.]+)"',
        svg(replace(of(1.0, *([None] * 99), 2.0), marks=(), shaded=((at(25), at(75), "alarm"),))),
    )
    start, width = map(float, area)
    assert (start - 58, width) == pytest.approx((650 / 4, 650 / 2), abs=0.5)


def test_the_axis_of_values_says_its_unit() -> None:
    assert labels(svg(replace(of(1.0, 2.0), unit="USD")), "unit") == ["USD"]


def test_the_last_tick_lies_above_the_peak() -> None:
    values = [
        float(each) for each in labels(svg(replace(of(11.0, 13.0, limit=10.0))), "tick") if ":" not in each
    ]
    assert max(values) > 13


def test_a_percentage_ends_at_a_hundred() -> None:
    chart = replace(of(97.0, 99.0), floor=95.0, ceiling=100.0, marks=())
    assert "100" in labels(svg(chart), "tick")
    assert "105" not in labels(svg(chart), "tick")


def test_a_sparkline_keeps_the_gaps_and_needs_a_number() -> None:
    found = spark(of(1.0, 2.0, None, 3.0, 4.0).points)
    assert found is not None
    assert found.d.count("M") == 2
    assert spark(of(None, NAN).points) is None


def test_names_from_outside_are_escaped() -> None:
    attack = "</text><script>&\"'"
    chart = replace(
        of(1.0), title=text("chart.title", label=attack), marks=(ChartMark(OPENED, attack, "act"),)
    )
    markup = svg(chart)
    assert "<script" not in markup
    assert attack in [element.text for element in ET.fromstring(markup).iter()]


def test_colours_are_the_pages_own() -> None:
    assert not re.search(r"\b(fill|stroke|style)=", svg(of(1.0, 2.0, limit=1.0)))


def test_the_normal_range_lies_behind_everything() -> None:
    markup = svg(replace(of(1.0, 2.0), floor=1.5))
    assert markup.index('class="band"') < markup.index('class="grid"') < markup.index('class="line"')


def test_a_range_that_holds_everything_is_not_drawn() -> None:
    assert "band" not in svg(replace(of(1.0, 2.0), floor=0.0))


def test_means_are_drawn_over_their_time() -> None:
    chart = replace(of(1.0, 2.0, 3.0), means=((at(0), at(1), 1.5), (at(1), at(2), 2.5)))
    assert svg(chart).count('class="mean"') == 2


def test_the_times_are_those_of_its_zone() -> None:
    hours = replace(of(), points=((OPENED, 1.0), (OPENED + timedelta(hours=2), 2.0)))
    assert "18:30" in labels(svg(hours))
    assert "03:30" in labels(svg(replace(hours, zone=TOKYO)))


@pytest.mark.parametrize(
    ("days", "form"),
    [
        (0.2, r"\d\d:\d\d"),
        (3, r"[A-Z][a-z]{2} \d\d \d\d:\d\d"),
        (8, r"[A-Z][a-z]{2} \d\d"),
        (60, r"[A-Z][a-z]{2} \d\d"),
    ],
)
def test_a_day_is_named_where_hours_are_not_enough(days: float, form: str) -> None:
    chart = replace(of(), points=((at(0), 10.0), (at(0) + timedelta(days=days), 20.0)), marks=())
    said = [each for each in labels(svg(chart), "tick") if not re.fullmatch(r"\d+", each)]
    assert len(said) >= 3
    assert [each for each in said if not re.fullmatch(form, each)] == []


@pytest.mark.parametrize("minutes", [30, 60, 24 * 60, 7 * 24 * 60, 40 * 24 * 60])
def test_no_label_is_cut_off(minutes: int) -> None:
    points = ((at(0), 1.0), (at(0) + timedelta(minutes=minutes), 2.0))
    markup = svg(replace(of(), points=points))
    height = float(re.findall(r'viewBox="0 0 720.0 ([\d.]+)"', markup)[0])
    for x, y, anchor, word in re.findall(
        r'<text [^>]*x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]*)<', markup
    ):
        wide = len(word) * 7
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        assert 0 <= left <= left + wide <= WIDTH
        assert 8 < float(y) < height


# --- scales -----------------------------------------------------------------------------------------


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_a_scale_is_round_and_holds_every_value(one: float, other: float) -> None:
    low, high = span([one, other])
    assert low < high
    marks = scale(low, high)
    assert 2 <= len(marks) <= 7
    assert marks[0] <= low < high <= marks[-1]


@pytest.mark.parametrize(
    ("values", "low"), [([0, 10], 0), ([4, 10], 0), ([90, 95], 89.5), ([5], 0), ([-5, 5], -6), ([], 0)]
)
def test_zero_is_shown_where_it_is_not_far(values: list[float], low: float) -> None:
    assert span(values)[0] == pytest.approx(low)


@pytest.mark.parametrize("minutes", [0, 1, 30, 240, 1440, 60 * 24 * 9, 60 * 24 * 60])
def test_times_are_few_and_round(minutes: int) -> None:
    found: tuple[datetime, ...] = times(OPENED, OPENED + timedelta(minutes=minutes), TOKYO)
    assert len(found) <= 8
    assert all(each.minute % 5 == 0 and each.second == 0 for each in found)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.5, "0.5"),
        (0.001, "0.001"),
        (1234, "1,234"),
        (12_345, "12.3k"),
        (2.5e6, "2.5M"),
        (3e20, "3e+20"),
    ],
)
def test_a_value_is_short(value: float, shown: str) -> None:
    assert short(value) == shown


def test_labels_next_to_each_other_are_on_separate_rows() -> None:
    assert rows([100, 110, 120, 300, 305], 58, 3) == (0, 1, 2, 0, 1)


def test_more_labels_than_rows_overlap_as_little_as_can_be() -> None:
    assert rows([100, 101, 102, 103], 58, 3) == (0, 1, 2, 0)
