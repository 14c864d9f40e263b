"""What every layout of a scheduled check says alike: its title, its first line, the names of its sections."""

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, Acceptance, CheckItem, CheckStatus, Items
from responder.checks.model import Better, Chart, CheckReport, CheckSection, KeyFigure, PlacedItem
from responder.core.text import Strings, Text, Texts, Value, Values, text
from responder.core.timestamps import zone
from responder.messages.language import day_of_month, digits_beside, either, say

MARKS = {RED: "🔴", AMBER: "🟡", UNKNOWN: "⚪", GREEN: "🟢"}
# What needs a person, the most urgent first.
TO_DO = (RED, AMBER, UNKNOWN)
# More findings than this that say the same are one, and more days out of range are a number.
_FEW, _MOST_DAYS = 2, 3
# The end of a scale is no limit that people should know.
_ENDS = {"%": 100.0, "points": 100.0}
# The end of an acceptance is announced so long before.
SOON = timedelta(days=3)


def marked(light: CheckStatus, language: str) -> str:
    """`🔴 today`: some readers cannot distinguish the circles."""
    return f"{MARKS[light]} {say(Text(f'checks.light.{light}'), language)}"


def title(report: CheckReport) -> Text:
    """`Daily check of 2026-02-04`."""
    return text("checks.title", rhythm=Text(f"checks.rhythm.{report.rhythm}"), day=f"{report.day:%Y-%m-%d}")


def news(report: CheckReport) -> Text:
    """The first line: whether a person has to do something, and how much. A run without any finding is no
    good news."""
    if not any(one.items for one in report.sections):
        return text("checks.news.nothing")
    # The sentence of a light counts it and what is less urgent.
    given = {
        name: count for name, count in counts(report).items() if CheckStatus(name).rank >= report.light.rank
    }
    return Text(f"checks.news.{report.light}", given)


def mark(item: CheckItem, language: str) -> str:
    """`[new] ` before a finding that is; else empty."""
    return say(text("checks.new"), language) if item.new else ""


def to_do(report: CheckReport) -> list[PlacedItem]:
    """Everything that needs a person, the most urgent first."""
    return [each for light in TO_DO for each in report.items(light)]


def worst_first(section: CheckSection) -> list[CheckItem]:
    """All items of a section; within a light the new ones first."""
    return sorted(section.items, key=lambda item: (item.light.rank, not item.new))


class Alike(NamedTuple):
    """A finding, and others of its section that say the same of other things."""

    section: CheckSection
    item: CheckItem
    others: Items = ()


def grouped(found: Sequence[PlacedItem]) -> list[Alike]:
    """Findings that differ in what they are about alone are one, where they are more than two."""
    by_sentence: dict[Strings, list[PlacedItem]] = {}
    for section, item in found:
        # A line for several findings shows their details already.
        alone = section.id(item) if item.root else ""
        key = (section.name, item.light, item.said.key, alone)
        by_sentence.setdefault(key, []).append((section, item))
    groups = []
    for same in by_sentence.values():
        if len(same) > _FEW:
            groups.append(Alike(*same[0], tuple(item for _, item in same[1:])))
        else:
            groups += [Alike(*each) for each in same]
    return sorted(groups, key=lambda each: each.item.light.rank)


def since(report: CheckReport) -> Text | None:
    """How much of what needs a person is new, or why that is unknown; None where nothing does."""
    found = to_do(report)
    if not found:
        return None
    if report.compared.day is None:
        return report.compared.problem
    return text(
        "checks.new_since", count=sum(item.new for _, item in found), day=f"{report.compared.day:%Y-%m-%d}"
    )


def accepted(report: CheckReport) -> Texts:
    """How many findings people accepted, and which acceptances end soon; or why none counts."""
    if report.unaccepted:
        return (report.unaccepted,)
    found = [(one, item, item.accepted) for one, item in report.accepted if item.accepted]
    if not found:
        return ()
    soon = [text("checks.accepted", count=len(found), until=found[0][2].until.isoformat())]
    for one, item, each in found:
        if each.until - report.day <= SOON:
            given: Values = {"section": heading(one), "said": item.said, "person": each.person}
            soon.append(text("checks.accepted.ends", until=each.until.isoformat(), **given))
    return tuple(soon)


def by(found: Acceptance, place: str) -> Text:
    """Who accepted a finding, when, until when and why. `place`: the time zone of the day."""
    at = found.at.astimezone(zone(place)).date().isoformat()
    until = found.until.isoformat()
    return text("checks.accepted.by", person=found.person, at=at, until=until, reason=found.reason)


def counts(report: CheckReport) -> dict[str, int]:
    """How many items have which status, by light."""
    return {light.value: len(report.items(light)) for light in CheckStatus}


def heading(section: CheckSection) -> Text:
    """A section as people call it."""
    return named(section.name)


def named(name: str) -> Text:
    """The name by its key, which is shown itself if it has no name yet."""
    return either(Text(f"checks.section.{name}"), Text(name))


def headline(report: CheckReport, language: str) -> str:
    """`🔴 Daily check of 2026-02-04: …`."""
    return f"{MARKS[report.light]} {say(title(report), language)}: {say(news(report), language)}"


def badge(section: CheckSection, place: str) -> tuple[CheckStatus, Text]:
    """The colour of a section and its word. One that draws a day out of range is not green."""
    days = out_of_range(section, place)
    if section.light is GREEN and len(days) > _MOST_DAYS:
        return AMBER, text("checks.out_of_range.many", count=len(days))
    if section.light is GREEN and days:
        return AMBER, text("checks.out_of_range", days=days)
    return section.light, Text(f"checks.light.{section.light}")


def out_of_range(section: CheckSection, place: str) -> Texts:
    """The days on which a chart of the section leaves its normal range. `place`: the time zone."""
    found = {at.astimezone(zone(place)).date() for each in section.charts for at in each.outside}
    return tuple(day_of_month(day) for day in sorted(found))


# Digits after the point, by unit: 94.96% must not read like the 95% that it misses.
_DIGITS = {"%": 2, "USD": 2, "a_day": 0}
# Of so many dollars the cents are no news.
_WHOLE = 100


def amount(value: float | None, unit: str, *limits: float | None) -> str:
    """`1,234`, `94.96`; a dash of None. `limits`: shown beside it."""
    if value is None or not math.isfinite(value):
        return "–"
    digits = 0 if unit == "USD" and abs(value) >= _WHOLE else _DIGITS.get(unit, 1)
    digits = digits_beside(value, limits, digits)
    shown = f"{value:,.{digits}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown and unit != "USD" else shown


def changes(figure: KeyFigure) -> Iterator[tuple[str, Text]]:
    """`better`, `worse` or neither, and by how much it changed since when."""
    for since_, before in figure.earlier.items():
        if figure.value is None or before is None:
            yield "", Text(f"checks.change.{since_}", {"change": "–"})
            continue
        by = figure.value - before
        shown = amount(abs(by), figure.chart.unit)
        same = amount(0.0, figure.chart.unit) == shown
        rises = (figure.better is Better.HIGHER) == (by > 0)
        kind = "" if same or figure.better is None else "better" if rises else "worse"
        shown = f"{'±' if same else '▲' if by > 0 else '▼'}{shown}"
        yield kind, Text(f"checks.change.{since_}", {"change": _difference(figure.chart, shown)})


def _difference(chart: Chart, shown: str) -> Value:
    """With its unit: percentages, too, differ by points. What is counted is in the title of the figure."""
    if chart.unit in _ENDS:
        return f"{shown} pt"
    return shown if chart.unit == "a_day" else _quantity(chart, shown)


def unit(chart: Chart) -> Text:
    """The unit of a chart as people write it (`件/日`); one that is the same in all languages is shown as
    it is."""
    return either(Text(f"checks.unit.{chart.unit}"), text("checks.unit.other", unit=chart.unit))


def normal(chart: Chart) -> Text | None:
    """The range in words; None where there is none."""
    floor = chart.floor or None
    ceiling = None if chart.ceiling == _ENDS.get(chart.unit) else chart.ceiling
    if chart.of_mean and ceiling is not None:
        return text("checks.normal_mean", ceiling=_quantity(chart, float(ceiling)))
    if floor is not None and ceiling is not None:
        return text("checks.normal_range", floor=float(floor), ceiling=_quantity(chart, float(ceiling)))
    if ceiling is not None:
        key = "checks.normal_below" if ceiling == chart.excluded else "checks.normal_most"
        return Text(key, {"ceiling": _quantity(chart, float(ceiling))})
    key = "checks.normal_above" if floor == chart.excluded else "checks.normal_least"
    return None if floor is None else Text(key, {"floor": _quantity(chart, float(floor))})


def _quantity(chart: Chart, value: float | str) -> Text:
    """A number with its unit."""
    if chart.unit == "%":
        return text("checks.percent", value=value)
    return text("checks.quantity", value=value, unit=unit(chart))


def describe(chart: Chart) -> Text:
    """How many datapoints, from where to where, and the last."""
    known = [value for _, value in chart.points if value is not None and math.isfinite(value)]
    return text(
        "checks.chart_desc",
        title=chart.title,
        unit=unit(chart),
        points=len(known),
        lowest=float(min(known, default=math.nan)),
        highest=float(max(known, default=math.nan)),
        last=float(known[-1]) if known else math.nan,
    )
