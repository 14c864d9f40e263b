"""How it went: durations, causes, the timeline, who was told, what was found, what people did."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from responder.core.text import Text, Value, text
from responder.followup_rules.seen import OpenRequest
from responder.incident_report.model import IncidentReport, TimelineEntry
from responder.incident_report.page_summary import who
from responder.messages.duration import duration
from responder.messages.headline import stamp
from responder.messages.labels import label
from responder.messages.language import moment
from responder.messages.requests import asked_for
from responder.messages.story import TONES
from responder.messages.tags import Html, bullets, section, table, words


def times(told: IncidentReport, language: str) -> Html:
    """One row per phase; what did not happen has no time."""
    at = told.times
    phases: tuple[tuple[Text, datetime | None, timedelta | None], ...] = (
        (text("closing.detection"), at.alarm, at.detection),
        (text("closing.message"), at.message, at.after_alarm(at.message)),
        (text("closing.act"), at.act, at.after_alarm(at.act)),
        (text("closing.mitigation"), at.mitigated, at.after_alarm(at.mitigated)),
        (text("closing.recovery"), at.recovered, at.after_alarm(at.recovered)),
        (text("closing.closing"), at.closed, at.after_alarm(at.closed)),
    )
    heads = [
        words(each, language)
        for each in (text("closing.phase"), text("closing.time"), text("closing.length"))
    ]
    rows = (
        [words(phase, language), _when(when, language), words(duration(took), language)]
        for phase, when, took in phases
    )
    return section(text("closing.times"), table(heads, rows, "times"), language)


def causes(told: IncidentReport, language: str) -> Html:
    """What was believed, in the order in which minds changed."""
    items = []
    for each in told.beliefs:
        rounds = words(text("closing.rounds", rounds=each.rounds), language)
        ruled = words(text("report.all", parts=each.ruled_out), language) if each.ruled_out else ""
        out = f"<br>{words(text('label.ruled_out'), language)}: {ruled}" if ruled else ""
        items.append(
            f"{_when(each.at, language)} <strong>{words(each.cause, language)}</strong> ({rounds})"
            f"<br>{words(each.why, language)}{out}"
        )
    return section(text("closing.causes"), bullets(items, "findings"), language)


def timeline(told: IncidentReport, language: str) -> Html:
    """Every row, oldest first."""
    heads = [
        words(each, language) for each in (text("closing.time"), text("closing.what"), text("closing.who"))
    ]
    rows = (
        [_when(row.at, language), _what(row, language), words(who(row.by), language)] for row in told.timeline
    )
    return section(text("closing.timeline"), table(heads, rows, "timeline"), language)


def ladder(told: IncidentReport, language: str) -> Html:
    """Levels that were told, and people who said that they are at it."""
    rows = [
        (at, words(text("chronicle.escalated", level=Text(f"level.{level}")), language))
        for level, at in told.escalations
    ]
    rows += [
        (at, f"{words(person, language)}: {words(text('chronicle.did_acknowledge'), language)}")
        for person, at in told.acknowledgements
    ]
    items = (f"{_when(at, language)} {said}" for at, said in sorted(rows))
    return section(text("closing.escalations"), bullets(items, "findings"), language)


def findings(told: IncidentReport, language: str) -> Html:
    """The worst tone first."""
    items = []
    for each in sorted(told.findings, key=lambda one: TONES.index(one.tone)):
        said = each.said
        if each.samples is not None:
            said = text("report.samples", said=said, samples=each.samples)
        at, last = stamp(each.at), stamp(each.last)
        shown = (
            text("closing.noted", said=said, at=at)
            if each.at == each.last
            else text("closing.noted_again", said=said, at=at, last=last)
        )
        tone = f'<span class="tone {each.tone.value}">{words(Text(f"tone.{each.tone}"), language)}</span>'
        items.append(f"{tone} {words(shown, language)}")
    return section(text("closing.findings"), bullets(items, "findings"), language)


def proposals(told: IncidentReport, language: str) -> Html:
    """What people were asked for, what became of it, and what each of them said."""
    items = (
        f"{_when(each.asked.at, language)} {words(became(each), language)}"
        + bullets(words(line, language) for line in decisions(each))
        for each in told.askings
    )
    return section(text("closing.proposals"), bullets(items, "findings"), language)


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


def handiwork(told: IncidentReport, language: str) -> Html:
    """What people did, with what was put down about it."""
    items = []
    for each in told.handiwork:
        more = "".join(
            f"<br>{words(label(name), language)}: {words(value, language)}" for name, value in each.more
        )
        items.append(
            f"{_when(each.at, language)} {words(each.person, language)}: {words(each.said, language)}{more}"
        )
    return section(text("closing.handiwork"), bullets(items, "findings"), language)


def _what(row: TimelineEntry, language: str) -> Html:
    return words(row.said, language) + bullets(words(each, language) for each in row.details)


def _when(at: datetime | None, language: str) -> Html:
    if at is None:
        return words("–", language)
    return f'<time datetime="{stamp(at)}">{moment(at, language)}</time>'
