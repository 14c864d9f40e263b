"""A chart of anything: sound markup, inside its frame, and readable without its colours."""

import math
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.series import Series
from responder.incident_report.chart import HEIGHT, WIDTH, Mark, chart, stretches
from responder.incident_report.model import AlarmMetric
from responder.incident_report.records import MeanLevel
from responder.messages.scale import rows, short, span, ticks, times
from tests.unit.incident_report.story import CLOSED, MEASURE, OPENED, at

pytestmark = pytest.mark.unit

MARKS = (Mark(at(0), "ALARM", "alarm"), Mark(at(5), "[1]", "act"), Mark(CLOSED, "closed", "close"))
NAN, HUGE = math.nan, 1.7e308


def of(*values: float, threshold: float | None = None) -> AlarmMetric:
    points = tuple((at(minute), value) for minute, value in enumerate(values))
    return AlarmMetric(label="M", statistic="Sum", threshold=threshold, series=Series(points))


def numbers(svg: str) -> list[float]:
    """Every coordinate in it."""
    found = re.findall(r' (?:d|points|x|y|cx|cy)="([^"]*)"', svg)
    return [float(each) for part in found for each in re.findall(r"-?\d+(?:\.\d+)?", part)]


def sound(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    assert all(math.isfinite(each) and -1 <= each <= WIDTH for each in numbers(svg))
    assert not re.search(r"\b(nan|inf)\b", re.sub(r"<(title|desc).*?</\1>", "", svg))
    return root


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "measure",
    [
        of(5.0),
        of(0.0),
        of(7.0, 7.0, 7.0),
        of(0.0, 0.0, threshold=0.0),
        of(-3.0, -3.0),
        of(HUGE, -HUGE, 1.0),
        of(1e-12, 2e-12, threshold=1e-12),
        of(1.0, NAN, 2.0, math.inf, -math.inf, 3.0),
        of(NAN, NAN),
        of(90.0, 95.0, 92.0, threshold=HUGE),
        MEASURE,
    ],
)
def test_it_is_sound(measure: AlarmMetric, language: str) -> None:
    sound(chart(measure, MARKS, (), language))


@given(
    st.lists(
        st.tuples(st.integers(0, 100_000), st.floats()), min_size=1, max_size=20, unique_by=lambda p: p[0]
    ),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_no_value_breaks_it(points: list[tuple[int, float]], threshold: float | None) -> None:
    series = Series(tuple((at(minute), value) for minute, value in sorted(points)))
    sound(chart(AlarmMetric(label="<M>", threshold=threshold, series=series), MARKS, (), "ja"))


def test_of_no_datapoints_there_is_no_chart() -> None:
    assert chart(of(), MARKS, (), "ja") == ""


def test_one_datapoint_is_a_dot() -> None:
    svg = chart(of(5.0), (), (), "ja")
    assert svg.count("<circle") == 1
    assert "<polyline" not in svg


def test_a_time_without_datapoints_is_a_gap() -> None:
    values = Series(((at(0), 1.0), (at(1), 2.0), (at(2), 2.0), (at(30), 2.0), (at(31), 1.0)))
    svg = chart(AlarmMetric(series=values), (), (), "ja")
    assert svg.count("<polyline") == 2


def test_what_is_no_number_is_a_gap() -> None:
    assert [len(each) for each in stretches(of(1.0, 2.0, NAN, 3.0, 4.0, math.inf, 5.0))] == [2, 2, 1]


def test_every_mark_and_the_threshold_are_named() -> None:
    root = sound(chart(of(1.0, 20.0, threshold=10.0), MARKS, (), "en"))
    said = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert {"ALARM", "[1]", "closed", "threshold 10"} <= {(each or "").replace("  ", " ") for each in said}


def test_it_tells_who_cannot_see_it() -> None:
    root = ET.fromstring(chart(of(1.0, 20.0, threshold=10.0), MARKS, (), "en"))
    assert root.attrib["role"] == "img"
    named = root.attrib["aria-labelledby"].split()
    words = {element.attrib.get("id"): element.text for element in root.iter()}
    assert words[named[0]] == "M over time"
    assert words[named[1]] is not None
    assert "lowest 1, highest 20" in str(words[named[1]])


def test_names_from_outside_are_escaped() -> None:
    svg = chart(of(1.0), (Mark(OPENED, "<b>&\"'", "act"),), (), "ja")
    assert "<b>" not in svg
    ET.fromstring(svg)


def test_colours_are_the_pages_own() -> None:
    svg = chart(MEASURE, MARKS, (), "ja")
    assert "fill=" not in svg
    assert "stroke=" not in svg
    assert "style=" not in svg


def test_means_are_drawn_over_their_time() -> None:
    levels = (MeanLevel(at(0), at(5), 3.0, 5), MeanLevel(at(10), at(20), None, 0))
    assert chart(MEASURE, MARKS, levels, "ja").count('class="mean"') == 1


def test_the_times_are_the_readers() -> None:
    assert ">03:00<" in chart(MEASURE, MARKS, (), "ja")
    assert ">18:00<" in chart(MEASURE, MARKS, (), "en")


def test_a_long_incident_has_days_on_its_axis() -> None:
    long = Series(((at(0), 1.0), (at(60 * 72), 2.0)))
    svg = chart(AlarmMetric(series=long), (), (), "en")
    assert re.search(r">11/2\d \d\d:00<", svg)
    sound(svg)


def test_labels_stay_inside() -> None:
    root = sound(chart(MEASURE, MARKS, (), "ja"))
    heights = [float(each.attrib["y"]) for each in root.iter() if each.tag.endswith("text")]
    assert min(heights) > 8
    assert max(heights) < HEIGHT


# --- scales -----------------------------------------------------------------------------------------


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_a_scale_has_room_and_ticks(one: float, other: float) -> None:
    low, high = span([one, other])
    assert low < high
    marks = ticks(low, high)
    assert len(marks) <= 6
    assert all(low <= each <= high or math.isclose(each, low) for each in marks)


@pytest.mark.parametrize(
    ("values", "low"), [([0, 10], 0), ([4, 10], 0), ([90, 95], 89.5), ([5], 0), ([-5, 5], -6), ([], 0)]
)
def test_zero_is_shown_where_it_is_not_far(values: list[float], low: float) -> None:
    assert span(values)[0] == pytest.approx(low)


@pytest.mark.parametrize("minutes", [0, 1, 30, 240, 1440, 60 * 24 * 9, 60 * 24 * 60])
def test_times_are_few_and_round(minutes: int) -> None:
    found = times(OPENED, OPENED + timedelta(minutes=minutes), "ja")
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


def test_neighbours_are_on_rows_of_their_own() -> None:
    assert rows([100, 110, 120, 300, 305], 58, 3) == (0, 1, 2, 0, 1)


def test_more_labels_than_rows_overlap_as_little_as_can_be() -> None:
    assert rows([100, 101, 102, 103], 58, 3) == (0, 1, 2, 0)


@pytest.mark.parametrize("minutes", [30, 60, 24 * 60, 40 * 24 * 60])
def test_no_time_is_cut_off_at_the_edge(minutes: int) -> None:
    series = Series(((at(0), 1.0), (at(0) + timedelta(minutes=minutes), 2.0)))
    svg = chart(AlarmMetric(label="M", statistic="Sum", series=series), (), (), "en")
    for x, anchor, word in re.findall(r'class="tick" x="([\d.]+)"[^>]*text-anchor="(\w+)">([^<]*)<', svg):
        wide = len(word) * 7
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        assert 0 <= left <= left + wide <= WIDTH
