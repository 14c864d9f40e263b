"""What the page of a closed incident says: its headline, its facts, and each part in words."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from responder.core.change import Change
from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, Value, text
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report.model import AlarmMetric, IncidentReport, NotedFinding
from responder.incident_report.records import MeanLevel, OpenItemReason, RemedyRecord
from responder.messages.catalogue import known
from responder.messages.headline import name, stamp
from responder.messages.language import duration, either, say
from responder.messages.requests import asked_for
from responder.messages.story import TONES

type Fact = tuple[Text, str | Text | datetime | None]

_COLOURS = {
    OpenItemReason.LOWERED: "red",
    OpenItemReason.IN_FORCE: "red",
    OpenItemReason.DOUBT: "red",
    OpenItemReason.DRIFT: "amber",
}
_SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": "≥",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}

# --- the first screen ---------------------------------------------------------------------------


def headline(told: IncidentReport, language: str) -> str:
    """Whole sentences; that security is lowered comes first."""
    parts = [
        text("closing.headline", broken=_broken(told), lasted=duration(told.times.closed - _start(told))),
        *((text("closing.by_hand", person=told.closed_by, why=told.closed_why),) if told.closed_by else ()),
        met(told),
        text("closing.left", remedies=_names(told)) if _open(told) else text("closing.nothing_left"),
    ]
    if lowered(told):
        parts.insert(0, text("remedy.security.lowered"))
    return ("" if language == "ja" else " ").join(say(part, language) for part in parts)


def met(told: IncidentReport) -> Text:
    """Whether the first message came within the manual's response time."""
    minutes, message = told.severity.minutes, told.times.message
    if message is None:
        return text("closing.never_told", minutes=minutes)
    took = duration(told.times.after_alarm(message))
    if told.met:
        return text("closing.met", minutes=minutes, told=took)
    return text("closing.missed", minutes=minutes, told=took)


def lowered(told: IncidentReport) -> bool:
    """Security is lowered still."""
    return any(debt.kind is OpenItemReason.LOWERED for debt in told.debts)


def facts(told: IncidentReport) -> list[Fact]:
    """Labels and what one looks for first."""
    start, end = stamp(_start(told)), stamp(told.times.closed)
    lasted = duration(told.times.closed - _start(told))
    severity = Text(f"severity.{told.severity}")
    none = text("closing.none")
    people, done = ", ".join(sorted(_people(told))), _done(told)
    return [
        (text("label.alarm"), told.alarm),
        (text("label.severity"), text("closing.severity", severity=severity, minutes=told.severity.minutes)),
        (text("closing.lasted"), text("closing.from_to", start=start, end=end, lasted=lasted)),
        (text("closing.response"), _in_time(told)),
        (text("label.cause"), told.beliefs[-1].cause if told.beliefs else text("closing.unknown")),
        (text("closing.done"), text("report.all", parts=done) if done else text("closing.nothing_done")),
        (text("closing.people"), people or none),
        (text("closing.in_force"), text("report.all", parts=_names(told)) if _open(told) else none),
        *((text("closing.gaps"), gap) for gap in told.gaps),
    ]


def owed(kind: OpenItemReason) -> tuple[str, Text]:
    """The colour and the name of what is left to do."""
    return _COLOURS.get(kind, "info"), Text(f"closing.owed_{kind}")


def who(by: str) -> str | Text:
    """Who did it: a person's name as it is."""
    if by == AUTOMATION:
        return text("closing.automation")
    return "CloudWatch" if by == CLOUDWATCH else by


def _in_time(told: IncidentReport) -> Text:
    took = duration(told.times.after_alarm(told.times.message))
    return text("closing.in_time", told=took) if told.met else text("closing.late", told=took)


def _people(told: IncidentReport) -> set[str]:
    """Who did or decided anything."""
    carried = (each.by for each in told.askings if each.answer is ApprovalAnswer.CARRIED_OUT)
    approved = {name for names in carried for name in names.split(", ")}
    return approved | {each.person for each in told.handiwork} | {one for one, _ in told.acknowledgements}


def _done(told: IncidentReport) -> tuple[Text, ...]:
    applied = [each for each in told.deeds if each.applied is not None]
    return tuple(
        text("closing.done_by", remedy=name(each.remedy, each.scope), by=who(each.by), judged=judged(each))
        for each in applied
    )


def _open(told: IncidentReport) -> list[RemedyRecord]:
    return [each for each in told.deeds if each.open]


def _names(told: IncidentReport) -> tuple[Text, ...]:
    return tuple(text("report.scoped", remedy=name(e.remedy, e.scope), scope=e.scope) for e in _open(told))


def _broken(told: IncidentReport) -> Text:
    named = Text(f"broken.{told.slug.replace('-', '_')}")
    return either(named, text("report.broken", alarm=told.alarm))


def _start(told: IncidentReport) -> datetime:
    return told.times.first or told.times.alarm


# --- the metric ---------------------------------------------------------------------------------


def metric(measure: AlarmMetric) -> Text:
    """The metric, its statistic and its period."""
    label, period = measure.label or "–", duration(timedelta(seconds=measure.period))
    if measure.statistic:
        return text("chart.label", metric=label, statistic=measure.statistic, period=period)
    return text("chart.plain_label", metric=label, period=period)


def threshold(measure: AlarmMetric) -> Text:
    """`threshold > 5`."""
    if measure.threshold is None:
        return text("chart.no_threshold")
    sign = _SIGNS.get(measure.comparison, "")
    return text("chart.threshold", comparison=sign, value=measure.threshold)


def describe(measure: AlarmMetric) -> Text:
    """How many datapoints, from where to where."""
    values = [value for value in measure.series.values if math.isfinite(value)]
    return text(
        "chart.desc",
        label=metric(measure),
        points=len(measure.series.points),
        lowest=min(values, default=math.nan),
        highest=max(values, default=math.nan),
        threshold=threshold(measure),
    )


def notes(told: IncidentReport) -> Iterator[Text]:
    """What has to be known to read the chart."""
    measure = told.measure
    yield text("chart.zone")
    if any(level and level.mean is not None for deed in told.deeds for level in (deed.before, deed.after)):
        yield text("chart.means")
    if measure.period != measure.alarm_period:
        yield text("chart.wider", period=duration(timedelta(seconds=measure.period)))


# --- what was done ------------------------------------------------------------------------------


def judged(deed: RemedyRecord) -> Text:
    """Whether it helped."""
    return Text(f"closing.judged_{deed.judged or 'none'}")


def deed_facts(deed: RemedyRecord) -> Iterator[Fact]:
    """Who applied a remedy, since when it was in force, and what it did to the metric."""
    yield text("closing.by"), who(deed.by)
    yield text("closing.applied"), deed.applied or text("closing.unknown")
    if deed.back is not None:
        yield text("closing.back"), deed.back
    if deed.back_by:
        yield text("closing.back_by"), ", ".join(deed.back_by)
    if deed.ended is not None:
        yield text("closing.ended"), deed.ended
    yield text("closing.judged"), judged(deed)
    if deed.before is not None and deed.after is not None:
        effect = text("closing.effect_line", before=_mean(deed.before), after=_mean(deed.after))
        yield text("closing.effect"), effect


def changes(deed: RemedyRecord) -> Iterator[tuple[Change, Text]]:
    """Each change as it was applied, and what became of its target."""
    left = {(change.target, change.setting): change for change in deed.left}
    for change in deed.changes:
        last = left.get((change.target, change.setting), change)
        status = Text(f"status.{last.status}")
        if last.note is not None:
            status = text("chronicle.with_note", status=status, note=last.note.text)
        yield change, status


def _mean(level: MeanLevel) -> Value:
    if level.mean is None:
        return text("closing.no_data")
    return text("closing.mean", mean=level.mean, points=level.points)


# --- how it went --------------------------------------------------------------------------------


def phases(told: IncidentReport) -> tuple[tuple[Text, datetime | None, Text], ...]:
    """Each phase, when it began and how long it took; what did not happen has no time."""
    at = told.times
    found = (
        (text("closing.detection"), at.alarm, at.detection),
        (text("closing.message"), at.message, at.after_alarm(at.message)),
        (text("closing.act"), at.act, at.after_alarm(at.act)),
        (text("closing.mitigation"), at.mitigated, at.after_alarm(at.mitigated)),
        (text("closing.recovery"), at.recovered, at.after_alarm(at.recovered)),
        (text("closing.closing"), at.closed, at.after_alarm(at.closed)),
    )
    return tuple((phase, when, duration(took)) for phase, when, took in found)


def ladder(told: IncidentReport) -> list[tuple[datetime, str, Text]]:
    """Levels that were told, and people who said that they are at it: when, who, what."""
    rows = [
        (at, "", text("chronicle.escalated", level=Text(f"level.{level}"))) for level, at in told.escalations
    ]
    rows += [(at, person, text("chronicle.did_acknowledge")) for person, at in told.acknowledgements]
    return sorted(rows, key=lambda row: row[0])


def findings(told: IncidentReport) -> list[tuple[NotedFinding, Text]]:
    """With when each was told; the worst tone first."""
    return [(each, _noted(each)) for each in sorted(told.findings, key=lambda one: TONES.index(one.tone))]


def _noted(each: NotedFinding) -> Text:
    counted = each.samples is not None
    said = text("report.samples", said=each.said, samples=each.samples or 0) if counted else each.said
    at, last = stamp(each.at), stamp(each.last)
    if each.at == each.last:
        return text("closing.noted", said=said, at=at)
    return text("closing.noted_again", said=said, at=at, last=last)


def became(each: OpenRequest) -> Text:
    """A request for approval, and what became of it."""
    values: dict[str, Value] = {"remedy": asked_for(each.asked), "answer": Text(f"answer.{each.answer}")}
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


def label(name: str) -> str | Text:
    """What people noted beside what they did, by name; in words where the catalogue has them."""
    said = Text(f"chronicle.word_{name}")
    return said if known(said.key) else name
