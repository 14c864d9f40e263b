"""What every layout of a scheduled check says alike: its title, its first line, the names of its sections."""

import math
from datetime import timedelta

from responder.checks.model import (
    AMBER,
    GREEN,
    RED,
    UNKNOWN,
    Chart,
    CheckItem,
    CheckReport,
    CheckSection,
    CheckStatus,
)
from responder.core.text import Text, Value, text
from responder.messages.language import either, say

MARKS = {RED: "🔴", AMBER: "🟡", UNKNOWN: "⚪", GREEN: "🟢"}
# What needs a person, the most urgent first.
TO_DO = (RED, AMBER, UNKNOWN)
# The end of an acceptance is announced so long before.
SOON = timedelta(days=3)


def marked(light: CheckStatus, language: str) -> str:
    """`🔴 today`: not everybody tells the circles apart."""
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


def to_do(report: CheckReport) -> list[tuple[CheckSection, CheckItem]]:
    """Everything that needs a person, the most urgent first."""
    return [each for light in TO_DO for each in report.items(light)]


def worst_first(section: CheckSection) -> list[CheckItem]:
    """All items of a section; within a light the new ones first."""
    return sorted(section.items, key=lambda item: (item.light.rank, not item.new))


def since(report: CheckReport) -> Text | None:
    """How much of what needs a person is new, or why that is not known; None where nothing does."""
    found = to_do(report)
    if not found:
        return None
    if report.compared.day is None:
        return report.compared.problem
    return text(
        "checks.new_since", count=sum(item.new for _, item in found), day=f"{report.compared.day:%Y-%m-%d}"
    )


def accepted(report: CheckReport) -> tuple[Text, ...]:
    """How many findings people accepted, and which acceptances end soon; or why none counts."""
    if report.unaccepted:
        return (report.unaccepted,)
    found = [(one, item, item.accepted) for one, item in report.accepted if item.accepted]
    if not found:
        return ()
    soon = [text("checks.accepted", count=len(found), until=found[0][2].until.isoformat())]
    for one, item, each in found:
        if each.until - report.day <= SOON:
            given: dict[str, Value] = {"section": heading(one), "said": item.said, "person": each.person}
            soon.append(text("checks.accepted.ends", until=each.until.isoformat(), **given))
    return tuple(soon)


def counts(report: CheckReport) -> dict[str, int]:
    """How many things stand how, by light."""
    return {light.value: len(report.items(light)) for light in CheckStatus}


def heading(section: CheckSection) -> Text:
    """A section as people call it."""
    return named(section.name)


def named(name: str) -> Text:
    """The same by its key, which is shown where it has no name yet."""
    return either(Text(f"checks.section.{name}"), Text(name))


def headline(report: CheckReport, language: str) -> str:
    """`🔴 Daily check of 2026-02-04: …`."""
    return f"{MARKS[report.light]} {say(title(report), language)}: {say(news(report), language)}"


def unit(chart: Chart) -> Text:
    """What it is drawn in, as people write it: `件/日`; what is written alike everywhere shows itself."""
    return either(Text(f"checks.unit.{chart.unit}"), text("checks.unit.other", unit=chart.unit))


def normal(chart: Chart) -> Text | None:
    """The range in words; None where there is none."""
    if chart.floor is not None and chart.ceiling is not None:
        return text("checks.normal_range", floor=float(chart.floor), ceiling=float(chart.ceiling))
    if chart.ceiling is not None:
        return text("checks.normal_most", ceiling=float(chart.ceiling))
    return None if chart.floor is None else text("checks.normal_least", floor=float(chart.floor))


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
