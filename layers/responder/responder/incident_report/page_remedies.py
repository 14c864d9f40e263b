"""What was done, and what it did to the metric: the chart, and one part for each remedy."""

from datetime import datetime, timedelta

from responder.core.change import Change
from responder.core.text import Text, Value, text
from responder.incident_report.chart import Mark, chart
from responder.incident_report.chart_words import label
from responder.incident_report.model import IncidentReport
from responder.incident_report.page_summary import who
from responder.incident_report.records import MeanLevel, RemedyRecord
from responder.messages.duration import duration
from responder.messages.headline import name, stamp
from responder.messages.language import say
from responder.messages.tags import Html, bullets, pairs, section, table, words

_COLUMNS = ("label.target", "label.setting", "label.before", "label.after", "label.result")


def metric(told: IncidentReport, language: str) -> Html:
    """The chart with a legend, or why there is none."""
    measure = told.measure
    if measure.problem is not None:
        return section(text("closing.metric"), f"<p>{words(measure.problem, language)}</p>", language)
    levels = [level for deed in told.deeds for level in (deed.before, deed.after) if level is not None]
    drawn = chart(measure, marks(told, language), levels, language)
    if not drawn:
        return section(
            text("closing.metric"), f"<p>{words(text('chronicle.no_points'), language)}</p>", language
        )
    notes = [text("chart.zone")]
    if any(level.mean is not None for level in levels):
        notes.append(text("chart.means"))
    if measure.period != measure.alarm_period:
        notes.append(text("chart.wider", period=duration(timedelta(seconds=measure.period))))
    caption = "".join(f"<p>{words(each, language)}</p>" for each in (label(measure), *notes))
    figure = f"<figure>{drawn}<figcaption>{caption}{_legend(told, language)}</figcaption></figure>"
    return section(text("closing.metric"), figure, language)


def marks(told: IncidentReport, language: str) -> list[Mark]:
    """ALARM, each remedy by its number, the calm, the close."""
    times = told.times
    found = [Mark(times.alarm, "ALARM", "alarm")]
    for number, deed in enumerate(told.deeds, 1):
        if deed.applied is not None:
            found.append(Mark(deed.applied, f"[{number}]", "act"))
    if times.mitigated is not None:
        found.append(Mark(times.mitigated, "OK", "ok"))
    return [*found, Mark(times.closed, say(text("chart.closed"), language), "close")]


def acts(told: IncidentReport, language: str) -> Html:
    """One part per remedy that was begun."""
    parts = (_act(number, deed, language) for number, deed in enumerate(told.deeds, 1))
    return section(text("closing.acts"), "".join(parts), language)


def _legend(told: IncidentReport, language: str) -> Html:
    lines = (
        f"[{number}] {words(name(deed.remedy, deed.scope), language)} ({words(deed.scope, language)})"
        for number, deed in enumerate(told.deeds, 1)
        if deed.applied is not None
    )
    return bullets(lines, "legend")


def _act(number: int, deed: RemedyRecord, language: str) -> Html:
    state = "failed" if deed.state == "failed" else "asked" if deed.open else "taken_back"
    title = (
        f'<h3>[{number}] <span class="result {state}">{words(Text(f"lease.{deed.state}"), language)}</span> '
        f"{words(name(deed.remedy, deed.scope), language)} ({words(deed.scope, language)})</h3>"
    )
    left = {(change.target, change.setting): change for change in deed.left}
    rows = (
        _row(change, left.get((change.target, change.setting), change), language) for change in deed.changes
    )
    heads = [words(Text(column), language) for column in _COLUMNS]
    facts = ((words(label, language), words(said, language)) for label, said in _facts(deed))
    return f'<div class="act">{title}{pairs(facts)}{table(heads, rows, "changes")}</div>'


def _row(change: Change, left: Change, language: str) -> list[Html]:
    status: Text = Text(f"status.{left.status}")
    if left.note is not None:
        status = text("chronicle.with_note", status=status, note=left.note.text)
    cells: list[str | Text] = [change.target, change.setting, change.before, change.after, status]
    return [words(cell, language) for cell in cells]


def _facts(deed: RemedyRecord) -> list[tuple[Text, str | Text]]:
    found: list[tuple[Text, str | Text]] = [
        (text("closing.by"), who(deed.by)),
        (text("closing.applied"), _at(deed.applied)),
    ]
    if deed.back is not None:
        found.append((text("closing.back"), _at(deed.back)))
    if deed.back_by:
        found.append((text("closing.back_by"), ", ".join(deed.back_by)))
    if deed.ended is not None:
        found.append((text("closing.ended"), _at(deed.ended)))
    found.append((text("closing.judged"), Text(f"closing.judged_{deed.judged or 'none'}")))
    if deed.before is not None and deed.after is not None:
        effect = text("closing.effect_line", before=_mean(deed.before), after=_mean(deed.after))
        found.append((text("closing.effect"), effect))
    return found


def _mean(level: MeanLevel) -> Value:
    if level.mean is None:
        return text("closing.no_data")
    return text("closing.mean", mean=level.mean, points=level.points)


def _at(moment: datetime | None) -> Text:
    return text("chronicle.as_it_is", data=stamp(moment)) if moment is not None else text("closing.unknown")
