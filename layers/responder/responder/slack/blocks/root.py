"""The one message of an incident: how it stands, what waits for a person, what is in force."""

from collections.abc import Iterator
from datetime import timedelta

from responder.core.change import Status
from responder.core.remedy import spec_of
from responder.core.report import ReportKind
from responder.core.text import Text, text
from responder.messages.block_kit import (
    Block,
    bold,
    context,
    fields,
    fitting,
    header,
    link,
    more,
    section,
    sections,
    words,
)
from responder.messages.headline import name, stamp
from responder.messages.language import say
from responder.messages.requests import called, consequence
from responder.slack.blocks.buttons import always, answers, take_back
from responder.slack.blocks.changes import changes
from responder.slack.blocks.steps import steps
from responder.slack.blocks.title import severity, title
from responder.slack.status import HeldLease, IncidentStatus, ReportedState

_MOST = 5
_STEPS = 4


def root(standing: IncidentStatus, language: str) -> list[Block]:
    """Its blocks."""
    end = [*always(standing, language), _print(standing, language)]
    blocks = [
        header(title(standing, language)),
        section(words(standing.newest.headline)),
        *_waiting(standing, language),
        *_in_force(standing, language),
        *_todo(standing, language),
        fields(_facts(standing, language)),
        *end,
    ]
    return fitting(blocks, language, kept=len(end))


def _waiting(standing: IncidentStatus, language: str) -> Iterator[Block]:
    waiting = list(standing.waiting.items())
    for proposal, asked in waiting[:_MOST]:
        said = say(text("slack.waits", remedy=called(asked.request), until=stamp(asked.until)), language)
        lines = [bold(f"⏳ {words(said)}"), *changes(asked.changes, language)]
        lines.append(words(say(consequence(asked.request), language)))
        if spec_of(asked.remedy).people > 1:
            lines.append(words(say(text("slack.two_people"), language)))
        yield section("\n".join(lines))
        yield answers(standing.incident, proposal, asked, language)
    if len(waiting) > _MOST:
        yield context([more(len(waiting) - _MOST, language)])


def _in_force(standing: IncidentStatus, language: str) -> Iterator[Block]:
    for lease in standing.leases[:_MOST]:
        said = words(
            say(text("slack.in_force", remedy=name(lease.remedy), end=_end(lease, standing)), language)
        )
        odd = any(each.status is not Status.APPLIED for each in lease.changes)
        unread = [words(say(_unread(lease, lease.unread), language))] if lease.unread else []
        lines = [f"🔧 {said}", *unread, *changes(lease.changes, language, states=odd)]
        yield section("\n".join(lines), take_back(standing.incident, lease, language))
    if len(standing.leases) > _MOST:
        yield context([more(len(standing.leases) - _MOST, language)])


def _unread(lease: HeldLease, reason: Text) -> Text:
    """That it could not be read whether it still stands."""
    return text("slack.unread", reason=reason, at=stamp(lease.seen or lease.at))


def _end(lease: HeldLease, standing: IncidentStatus) -> Text:
    """As `messages.story` has it."""
    if standing.state is ReportedState.SUPERSEDED:
        return text("lease.not_followed")
    if lease.undo:
        return lease.undo
    if lease.until:
        later = lease.until > standing.newest.at
        return text("lease.until" if later else "lease.overdue", until=stamp(lease.until))
    return text("lease.stays" if spec_of(lease.remedy).stays else "lease.by_approval")


def _todo(standing: IncidentStatus, language: str) -> list[Block]:
    """The first steps; the others are in the thread."""
    if standing.over:
        return []
    lines = steps(standing.newest.steps, _STEPS, language, commands=False)
    return sections(say(text("label.steps"), language), lines)


def _facts(standing: IncidentStatus, language: str) -> list[tuple[str, str]]:
    newest = standing.newest
    shown = "" if newest.kind is ReportKind.COMMAND else newest.cause.text
    pairs = (
        ("label.cause", shown),
        ("label.severity", _answer_by(standing, language)),
        ("slack.since", say(Text("report.all", {"parts": stamp(standing.since)}), language)),
        ("label.incident", standing.incident),
        ("label.place", f"{newest.account} / {newest.region}"),
    )
    return [(say(Text(key), language), said) for key, said in pairs]


def _answer_by(standing: IncidentStatus, language: str) -> str:
    """Until when the manual wants it answered; of no interest once it is in hand."""
    newest = standing.newest
    if not standing.unsolved:
        return ""
    minutes = newest.respond_within_minutes
    until = stamp(standing.since + timedelta(minutes=minutes))
    return say(text("severity.answer_by", severity=severity(newest), minutes=minutes, until=until), language)


def _print(standing: IncidentStatus, language: str) -> Block:
    newest = standing.newest
    said = words(say(text("slack.newest", at=stamp(newest.at)), language))
    links = [link(each.label.text, each.url) for each in newest.links[:_MOST]]
    return context([said, *links])
