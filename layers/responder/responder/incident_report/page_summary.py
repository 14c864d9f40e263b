"""The first screen: what happened, how long it took, whether the response was in time, what is left."""

from datetime import datetime

from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, text
from responder.followup_rules.seen import ApprovalAnswer
from responder.incident_report.model import IncidentReport
from responder.incident_report.records import OpenItemReason, RemedyRecord
from responder.messages.duration import duration
from responder.messages.headline import name, stamp
from responder.messages.language import either, say
from responder.messages.tags import Html, bullets, pairs, section, words

_COLOURS = {
    OpenItemReason.LOWERED: "red",
    OpenItemReason.IN_FORCE: "red",
    OpenItemReason.DOUBT: "red",
    OpenItemReason.DRIFT: "amber",
}


def summary(told: IncidentReport, language: str) -> Html:
    """Title, headline, and the facts one looks for."""
    alert = " alert" if lowered(told) else ""
    facts = ((words(label, language), words(said, language)) for label, said in _facts(told))
    return (
        f"<h1>{words(text('closing.title', incident=told.incident), language)}</h1>"
        f'<p class="headline{alert}">{words(headline(told, language), language)}</p>{pairs(facts)}'
    )


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


def _in_time(told: IncidentReport) -> Text:
    took = duration(told.times.after_alarm(told.times.message))
    return text("closing.in_time", told=took) if told.met else text("closing.late", told=took)


def lowered(told: IncidentReport) -> bool:
    """Security is lowered still."""
    return any(debt.kind is OpenItemReason.LOWERED for debt in told.debts)


def debts(told: IncidentReport, language: str) -> Html:
    """What somebody has to look after, the most pressing first."""
    items = (
        f'<span class="tone {_COLOURS.get(debt.kind, "info")}">{words(text_of(debt.kind), language)}</span> '
        f"{words(debt.said, language)}"
        for debt in told.debts
    )
    return section(text("closing.debts"), bullets(items, "findings"), language)


def text_of(kind: OpenItemReason) -> Text:
    """The name of a kind of debt."""
    return Text(f"closing.owed_{kind}")


def who(by: str) -> str | Text:
    """Who did it: a person's name as it is."""
    if by == AUTOMATION:
        return text("closing.automation")
    return "CloudWatch" if by == CLOUDWATCH else by


def _facts(told: IncidentReport) -> list[tuple[Text, str | Text]]:
    start, end = stamp(_start(told)), stamp(told.times.closed)
    lasted = duration(told.times.closed - _start(told))
    severity = Text(f"severity.{told.severity}")
    none = text("closing.none")
    people = sorted(_people(told))
    return [
        (text("label.alarm"), told.alarm),
        (text("label.severity"), text("closing.severity", severity=severity, minutes=told.severity.minutes)),
        (text("closing.lasted"), text("closing.from_to", start=start, end=end, lasted=lasted)),
        (text("closing.response"), _in_time(told)),
        (text("label.cause"), told.beliefs[-1].cause if told.beliefs else text("closing.unknown")),
        (
            text("closing.done"),
            text("report.all", parts=_done(told)) if _done(told) else text("closing.nothing_done"),
        ),
        (text("closing.people"), ", ".join(people) if people else none),
        (text("closing.in_force"), text("report.all", parts=_names(told)) if _open(told) else none),
        *((text("closing.gaps"), gap) for gap in told.gaps),
    ]


def _people(told: IncidentReport) -> set[str]:
    """Who did or decided anything."""
    carried = (each.by for each in told.askings if each.answer is ApprovalAnswer.CARRIED_OUT)
    approved = {name for names in carried for name in names.split(", ")}
    return approved | {each.person for each in told.handiwork} | {one for one, _ in told.acknowledgements}


def _done(told: IncidentReport) -> tuple[Text, ...]:
    applied = [each for each in told.deeds if each.applied is not None]
    return tuple(
        text(
            "closing.done_by",
            remedy=name(each.remedy, each.scope),
            by=who(each.by),
            judged=Text(f"closing.judged_{each.judged or 'none'}"),
        )
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
