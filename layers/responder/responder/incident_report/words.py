"""What the page of a closed incident says: its headline, its facts, and each part in words."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, Texts, Value, Values, text
from responder.core.timestamps import stamp
from responder.followup_rules.seen import OpenRequest
from responder.incident_report.actions import follow_up_actions
from responder.incident_report.entries import acknowledged, status
from responder.incident_report.model import (
    AlarmMetric,
    Ending,
    Impact,
    IncidentReport,
    MeanLevel,
    NotedFinding,
    OpenItemReason,
    OperatorAction,
    RemedyRecord,
    TimelineEntry,
)
from responder.messages import requests
from responder.messages.language import duration, either, number, say
from responder.messages.requests import asked_for, name, valued
from responder.messages.story import TONES

type Fact = tuple[Text, str | Text | datetime | None]

_COLOURS = {
    OpenItemReason.LOWERED: "red",
    OpenItemReason.IN_FORCE: "red",
    OpenItemReason.DOUBT: "red",
    OpenItemReason.DRIFT: "amber",
}
_ENDINGS = {Ending.RECOVERED: "green", Ending.CALM: "amber", Ending.BY_HAND: "amber"}
# What a metric is measured in, where its statistic is no count of datapoints.
_UNITS = {
    "ConfidenceScore": "points",
    "Duration": "ms",
    "SessionCreationTime": "s",
    "VerificationTime": "s",
}
_SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": "≥",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}

# --- the first screen


class Tile(NamedTuple):
    """A figure at a glance. `kind` is its colour; `notes` are shown below it."""

    kind: str
    label: Text
    figure: str | Text
    notes: Texts = ()


def title(report: IncidentReport) -> Text:
    """What happened, and how it ended."""
    what = either(
        Text(f"closing.what_{report.slug.replace('-', '_')}"), text("closing.what_other", alarm=report.alarm)
    )
    return text("closing.title", what=what, ended=ended(report))


def ended(report: IncidentReport) -> Text:
    """How it ended, and after how long: it is closed only some time after the recovery."""
    recovered = report.times.recovered if report.ending is Ending.RECOVERED else None
    lasted = duration((recovered or report.times.closed) - report.times.start)
    return Text(f"closing.ended_{report.ending}", {"lasted": lasted})


def state(report: IncidentReport) -> tuple[str, Text]:
    """The colour and the word of its status."""
    if lowered(report):
        return "red", text("closing.owed_lowered")
    return _ENDINGS[report.ending], Text(f"closing.state_{report.ending}")


def tiles(report: IncidentReport) -> Iterator[Tile]:
    """How long, how fast, how many."""
    times = report.times
    yield Tile("", text("closing.lasted"), duration(times.closed - times.start))
    took = duration(times.after_alarm(times.message))
    limit = text("closing.limit", minutes=report.severity.minutes)
    met = text("closing.tile_met") if report.met else text("closing.tile_missed")
    yield Tile("" if report.met else "red", text("closing.tile_message"), took, (limit, met))
    impact = report.impact
    if impact is None:
        return
    if impact.failed is not None:
        kind = "red" if impact.failed else ""
        yield Tile(kind, text("closing.tile_failed"), f"{round(impact.failed):,}", _of(impact))
    if impact.lowered:
        kind, count = "amber" if impact.unchecked else "", impact.unchecked
        figure = "–" if count is None else text("closing.at_most", count=round(count)) if count else "0"
        span = text("closing.tile_lowered", lasted=duration(impact.lowered))
        yield Tile(kind, text("closing.tile_unchecked"), figure, (span,))


def _of(impact: Impact) -> Texts:
    if not impact.requests or impact.failed is None:
        return ()
    share = number(round(100 * impact.failed / impact.requests, 1))
    return (
        text("closing.of_requests", requests=round(impact.requests), percent=share),
        text("closing.noted", **_span(impact.start, impact.end)),
    )


def impacts(report: IncidentReport) -> list[Fact]:
    """The impact in whole sentences."""
    impact = report.impact
    if impact is None:
        return []
    calm = report.times.mitigated is not None
    rows: list[Fact] = [(text("closing.impact_span"), _lasted(report, impact.start, impact.end, calm=calm))]
    if impact.problem is not None:
        return [*rows, (text("closing.gaps"), impact.problem)]
    failed = text(
        "closing.impact_failed",
        count=round(impact.failed or 0),
        all=round(impact.requests or 0),
        **_span(impact.start, impact.end),
    )
    rows.append((text("closing.tile_failed"), failed if impact.requests else text("closing.no_requests")))
    if impact.lowered:
        many, lasted = round(impact.unchecked or 0), duration(impact.lowered)
        said = text("closing.impact_unchecked", count=many, lasted=lasted)
        none = text("closing.impact_no_logins", lasted=lasted)
        rows.append((text("closing.tile_unchecked"), said if many else none))
    elif report.remedies:
        rows.append((text("closing.tile_unchecked"), text("closing.not_lowered")))
    return rows


def _span(start: datetime, end: datetime) -> Values:
    return {"start": stamp(start), "end": stamp(end)}


def _lasted(report: IncidentReport, start: datetime, end: datetime, *, calm: bool) -> Text:
    """A span from the start of the incident until the alarm was OK (`calm`), or the close."""
    since = "closing.since_alarm" if report.times.first is None else "closing.since_first"
    until = "closing.until_ok" if calm else "closing.until_close"
    values: Values = {"lasted": duration(end - start), "since": Text(since), "until": Text(until)}
    return Text("closing.span", _span(start, end) | values)


def headline(report: IncidentReport, language: str) -> str:
    """Whole sentences; that security is lowered comes first."""
    open_ = _open(report)
    parts = [
        *((text("remedy.security.lowered"),) if lowered(report) else ()),
        *(
            (text("closing.by_hand", person=report.closed_by, why=report.closed_why),)
            if report.closed_by
            else ()
        ),
        _met(report),
        text("closing.left", remedies=open_) if open_ else text("closing.nothing_left"),
    ]
    return ("" if language == "ja" else " ").join(say(part, language) for part in parts)


def _met(report: IncidentReport) -> Text:
    minutes, message = report.severity.minutes, report.times.message
    if message is None:
        return text("closing.never_told", minutes=minutes)
    took = duration(report.times.after_alarm(message))
    return text("closing.met" if report.met else "closing.missed", minutes=minutes, took=took)


def lowered(report: IncidentReport) -> bool:
    """Security is lowered still."""
    return any(each.kind is OpenItemReason.LOWERED for each in report.open_items)


def facts(report: IncidentReport) -> list[Fact]:
    """Labels and what one looks for first."""
    span = _lasted(report, report.times.start, report.times.closed, calm=False)
    severity, none = Text(f"severity.{report.severity}"), text("closing.none")
    done = tuple(
        text("closing.done_by", remedy=name(each.remedy, each.scope), by=who(each.by), judged=judged(each))
        for each in report.remedies
        if each.applied is not None
    )
    open_ = _open(report)
    return [
        (text("label.alarm"), report.alarm),
        (
            text("label.severity"),
            text("closing.severity", severity=severity, minutes=report.severity.minutes),
        ),
        (text("closing.lasted"), span),
        (text("label.cause"), report.causes[-1].cause if report.causes else text("closing.unknown")),
        (text("closing.done"), text("report.all", parts=done) if done else text("closing.nothing_done")),
        (text("closing.people"), ", ".join(report.people) or none),
        (text("closing.in_force"), text("report.all", parts=open_) if open_ else none),
        *((text("closing.gaps"), gap) for gap in report.gaps),
    ]


def open_item(kind: OpenItemReason) -> tuple[str, Text]:
    """The colour and the name of what has to be reviewed."""
    return _COLOURS.get(kind, "info"), Text(f"closing.owed_{kind}")


def who(by: str) -> str | Text:
    """Who did it: a person's name as it is."""
    if by == AUTOMATION:
        return text("closing.automation")
    return "CloudWatch" if by == CLOUDWATCH else by


def _open(report: IncidentReport) -> Texts:
    return tuple(leased(each) for each in report.remedies if each.open)


# --- the metric


def metric_label(metric: AlarmMetric) -> Text:
    """The metric, its statistic and its period."""
    label, period = metric.label or "–", duration(timedelta(seconds=metric.period))
    if metric.statistic:
        return text("chart.label", metric=label, statistic=metric.statistic, period=period)
    return text("chart.plain_label", metric=label, period=period)


def axis(metric: AlarmMetric) -> str | Text:
    """What the axis of values is in."""
    if metric.counts:
        return text("chart.unit.count", period=duration(timedelta(seconds=metric.period)))
    unit = _UNITS.get(metric.label)
    return Text(f"chart.unit.{unit}") if unit else metric.label


def threshold(metric: AlarmMetric) -> Text:
    """`threshold > 5`."""
    if metric.threshold is None:
        return text("chart.no_threshold")
    sign = _SIGNS.get(metric.comparison, "")
    return text("chart.threshold", comparison=sign, value=metric.threshold)


def describe(metric: AlarmMetric) -> Text:
    """How many datapoints, from where to where."""
    values = [value for value in metric.series.values if math.isfinite(value)]
    return text(
        "chart.desc",
        label=metric_label(metric),
        points=len(metric.series.points),
        lowest=min(values, default=math.nan),
        highest=max(values, default=math.nan),
        threshold=threshold(metric),
    )


def notes(report: IncidentReport) -> Iterator[Text]:
    """What has to be known to read the chart."""
    metric = report.metric
    yield text("chart.zone")
    if any(
        level and level.mean is not None
        for remedy in report.remedies
        for level in (remedy.before, remedy.after)
    ):
        yield text("chart.means")
    if any(each.after is not None and each.after.mean is None for each in report.remedies):
        yield text("chart.no_after")
    yield text("chart.shaded")
    if metric.period != metric.alarm_period:
        yield text("chart.wider", period=duration(timedelta(seconds=metric.period)))


# --- what was done


def leased(remedy: RemedyRecord) -> Text:
    """Its name, with its scope where that is a target."""
    return requests.leased(remedy.remedy, remedy.scope, remedy.changes)


def judged(remedy: RemedyRecord) -> Text:
    """Whether it helped."""
    return Text(f"closing.judged_{remedy.judged or 'none'}")


def remedy_facts(remedy: RemedyRecord) -> Iterator[Fact]:
    """Who applied a remedy, since when it was in force, and what it did to the metric."""
    yield text("closing.by"), who(remedy.by)
    yield text("closing.applied"), remedy.applied or text("closing.unknown")
    if remedy.back is not None:
        yield text("closing.back"), remedy.back
    if remedy.back_by:
        yield text("closing.back_by"), ", ".join(remedy.back_by)
    if remedy.ended is not None:
        yield text("closing.ended"), remedy.ended
    yield text("closing.judged"), judged(remedy)
    if remedy.before is not None and remedy.after is not None:
        effect = text("closing.effect_line", before=_mean(remedy.before), after=_mean(remedy.after))
        yield text("closing.effect"), effect


class ChangeRow(NamedTuple):
    """A change as it was applied, and its status in the end."""

    target: str
    setting: str
    before: Text
    after: Text
    status: Text


def changes(remedy: RemedyRecord) -> Iterator[ChangeRow]:
    """Each change of it."""
    left = {(change.target, change.setting): change for change in remedy.left}
    for each in remedy.changes:
        end = status(left.get((each.target, each.setting), each))
        yield ChangeRow(each.target, each.setting, valued(each.before), valued(each.after), end)


def _mean(level: MeanLevel) -> Value:
    if level.mean is None:
        return text("closing.no_data")
    return text("closing.mean", mean=level.mean, points=level.points)


# --- how it went


def phases(report: IncidentReport) -> tuple[tuple[Text, datetime | None, Text], ...]:
    """Each phase, when it began and how long it took; of what did not happen, a word instead."""
    at = report.times
    none, open_ = text("closing.none"), text("closing.unconfirmed")
    found = (
        (text("closing.detection"), at.alarm, at.detection, None),
        (text("closing.message"), at.message, at.after_alarm(at.message), None),
        (text("closing.act"), at.act, at.after_alarm(at.act), none),
        (text("closing.mitigation"), at.mitigated, at.after_alarm(at.mitigated), open_),
        (text("closing.recovery"), at.recovered, at.after_alarm(at.recovered), open_),
        (text("closing.closing"), at.closed, at.after_alarm(at.closed), None),
    )
    return tuple(
        (phase, when, word if took is None and word is not None else duration(took))
        for phase, when, took, word in found
    )


def ladder(report: IncidentReport) -> list[tuple[datetime, str, Text]]:
    """Levels that were reported, and people who said that they are at it: when, who, what."""
    rows = [
        (at, "", text("chronicle.escalated", level=Text(f"level.{level}")))
        for level, at in report.escalations
    ]
    rows += [(at, person, text("chronicle.did_acknowledge")) for person, at in report.acknowledgements]
    return sorted(rows, key=lambda row: row[0])


def findings(report: IncidentReport) -> list[tuple[datetime | Text, list[NotedFinding]]]:
    """Findings of the same time together: when, and what was found, the worst tone first."""
    groups: dict[str, list[NotedFinding]] = {}
    whens: dict[str, datetime | Text] = {}
    for each in sorted(report.findings, key=lambda one: (one.at, one.last, TONES.index(one.tone))):
        start, end = stamp(each.at), stamp(each.last)
        key = f"{start} {end}"
        whens[key] = each.at if start == end else text("closing.noted", start=start, end=end)
        groups.setdefault(key, []).append(each)
    return [(whens[key], sorted(each, key=lambda one: TONES.index(one.tone))) for key, each in groups.items()]


def timeline(report: IncidentReport) -> list[tuple[datetime | None, TimelineEntry]]:
    """Each row with its time, which is shown once for the rows of one minute."""
    rows: list[tuple[datetime | None, TimelineEntry]] = []
    last = None
    for each in report.timeline:
        minute = each.at.replace(second=0, microsecond=0)
        rows.append((None if minute == last else each.at, each))
        last = minute
    return rows


def other_actions(report: IncidentReport) -> Iterator[OperatorAction]:
    """What people did besides what the approval requests and the acknowledgements show."""
    shown = {(each.asked.id, vote.person) for each in report.requests for vote in each.said}
    for each in report.actions:
        bare_ack = acknowledged(each) and not each.more
        if not bare_ack and (dict(each.more).get("proposal"), each.person) not in shown:
            yield each


# --- what people do about it afterwards


def follow_ups(report: IncidentReport) -> Iterator[tuple[Text, Text]]:
    """Each action with the team that does it."""
    return ((each.said, Text(f"closing.team_{each.team}")) for each in follow_up_actions(report))


LESSONS = ("well", "badly", "luck")


def became(each: OpenRequest) -> Text:
    """An approval request and its outcome."""
    values: Values = {"remedy": asked_for(each.asked), "answer": Text(f"answer.{each.answer}")}
    if not each.by:
        return Text("chronicle.proposal", values)
    if each.at is None:
        return Text("chronicle.proposal_by", {**values, "by": each.by})
    return Text("chronicle.proposal_at", {**values, "by": each.by, "at": stamp(each.at)})


def decisions(each: OpenRequest) -> Iterator[Text]:
    """What each person said, oldest first."""
    for one in each.said:
        said = Text(f"chronicle.did_{one.decision}")
        yield text("chronicle.said", person=one.person, said=said, at=stamp(one.at))
