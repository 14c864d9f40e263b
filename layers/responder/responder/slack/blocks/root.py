"""The one message of an incident: its status, what waits for a person, what is in force."""

from collections.abc import Iterator
from datetime import timedelta

from responder.core.cause import Cause
from responder.core.change import Status
from responder.core.remedy import spec_of
from responder.core.text import text
from responder.core.timestamps import stamp
from responder.messages.advice import lease_end
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
from responder.messages.headline import after_times
from responder.messages.language import say
from responder.messages.requests import called, consequence, name
from responder.slack.blocks.parts import (
    SlackPost,
    always,
    answers,
    changes,
    notification,
    reverts,
    severity,
    steps,
    title,
    untagged,
)
from responder.slack.status import IncidentStatus, ReportedState

_MOST = 5
_STEPS = 4


def message(status: IncidentStatus, language: str) -> SlackPost:
    """The root message by the incident's status."""
    newest, first, said = status.newest, title(status, language), _headline(status, language)
    # The other steps are in the thread.
    todo = [] if status.state.over else steps(newest.steps, _STEPS, language, commands=False)
    links = [link(each.label.text, each.url) for each in newest.links[:_MOST]]
    print_ = context([words(say(text("slack.newest", at=stamp(newest.at)), language)), *links])
    end = [*always(status, language), print_]
    blocks = [
        header(first),
        section(words(said)),
        *_waiting(status, language),
        *_in_force(status, language),
        *sections(say(text("label.steps"), language), todo),
        fields(_facts(status, language)),
        *end,
    ]
    return SlackPost(notification(f"{first}\n{said}"), fitting(blocks, language, kept=len(end)))


def _headline(status: IncidentStatus, language: str) -> str:
    """That of the newest report, without the mark that the title has already; an acknowledgement may come
    after the times that it names."""
    times = {*(each.until for each in status.asked.values()), *(each.until for each in status.leases)}
    passed = [each for each in times if each is not None and each <= status.at]
    return untagged(after_times(status.newest.headline, passed, language), status, language)


def _waiting(status: IncidentStatus, language: str) -> Iterator[Block]:
    waiting = list(status.waiting.items())
    for proposal, asked in waiting[:_MOST]:
        said = say(text("slack.waits", remedy=called(asked.request), until=stamp(asked.until)), language)
        lines = [bold(f"⏳ {words(said)}"), *changes(asked.changes, language)]
        lines.append(words(say(consequence(asked.request), language)))
        if spec_of(asked.remedy).people > 1:
            lines.append(words(say(text("slack.two_people"), language)))
        yield section("\n".join(lines))
        yield answers(status.incident, proposal, asked, language)
    if len(waiting) > _MOST:
        yield context([more(len(waiting) - _MOST, language)])


def _in_force(status: IncidentStatus, language: str) -> Iterator[Block]:
    for lease in status.leases[:_MOST]:
        over, spec = status.state is ReportedState.SUPERSEDED, spec_of(lease.remedy)
        answered = status.newest.answered
        end = lease_end(lease.until, status.at, stays=spec.stays, superseded=over, answered=answered)
        said = text("slack.in_force", remedy=name(lease.remedy), end=end)
        if lease.undo and not over and answered:
            said = text("slack.in_force_and", remedy=name(lease.remedy), undo=lease.undo)
        lines = [f"🔧 {words(say(said, language))}"]
        if lease.unread:
            # It could not be read whether the change is still in force.
            unread = text("slack.unread", reason=lease.unread, at=stamp(lease.seen or lease.at))
            lines.append(words(say(unread, language)))
        odd = any(each.status is not Status.APPLIED for each in lease.changes)
        lines += changes(lease.changes, language, states=odd)
        if spec.can_revert and answered:
            button, as_worse = reverts(status.incident, lease, language)
            yield section("\n".join(lines), button)
            yield as_worse
        else:
            yield section("\n".join(lines))
    if len(status.leases) > _MOST:
        yield context([more(len(status.leases) - _MOST, language)])


def _facts(status: IncidentStatus, language: str) -> Iterator[tuple[str, str]]:
    newest = status.newest
    answer_by = ""
    # By when the manual wants it answered: of no interest once users are safe.
    if status.unsolved:
        minutes = newest.respond_within_minutes
        until = status.since + timedelta(minutes=minutes)
        by = text("severity.answer_by", severity=severity(newest), minutes=minutes, until=stamp(until))
        # Not every response is known here: afterwards nothing is called overdue.
        answer_by = say(by if until > status.at else severity(newest), language)
    yield say(text("label.cause"), language), "" if newest.cause.names(Cause.COMMAND) else newest.cause.text
    yield say(text("label.severity"), language), answer_by
    since = text("report.all", parts=stamp(status.since))
    yield say(text("slack.since"), language), say(since, language)
    yield say(text("label.incident"), language), status.incident
    yield say(text("label.place"), language), f"{newest.account} ({newest.region})"
