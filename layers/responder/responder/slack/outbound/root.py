"""The one message of an incident, posted once, then edited as it goes; and how to reply to it.

What it has to say is on record with a version before Slack is called. A run that has called Slack reads the
record again, so that of two simultaneous ones the newer one stays.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from responder.core.errors import BeingAnswered, SlackRefused, Unreadable
from responder.core.log import log
from responder.core.report import ReportKind
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.parts import SlackPost
from responder.slack.blocks.root import message
from responder.slack.outbound.posting import SlackPlace, SlackPosting
from responder.slack.rows import RootMessage
from responder.slack.status import IncidentStatus, acknowledged, add

_MENTION = re.compile(r"([1-4])=(<(?:!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)>)")
_NO_THREAD = "thread_not_found"
_TRIES = 8
_EDITS = 5
_WAITS, _SECONDS = 10, 0.5
_GONE = ("message_not_found", "cant_update_message")
_CLOSED = ("is_archived", "channel_not_found", "not_in_channel")


def show(posting: SlackPosting, report: ReportMessage) -> RootMessage:
    """The message says what holds once this report is known, too. Where it is.

    Raises:
        BeingAnswered: others are at it for too long.
        SlackError, AwsError: it may still say something older; a repeat corrects it.
    """
    return _shown(posting, _kept(posting, lambda known: add(known, report)))


def take(posting: SlackPosting, person: str, at: datetime, until: datetime) -> None:
    """The message shows who acknowledged the incident; nothing without an acknowledgement.
    Raises like `show`."""
    seen = posting.rows.root()
    if seen is not None and (status := seen.status) is not None:
        _shown(posting, _kept(posting, lambda known: acknowledged(known or status, person, at, until)))


def _kept(posting: SlackPosting, change: Callable[[IncidentStatus | None], IncidentStatus]) -> RootMessage:
    for _ in range(_TRIES):
        seen = posting.rows.root()
        kept = posting.rows.keep(seen, change(seen.status if seen else None), posting.context.present)
        if kept is not None:
            return kept
    raise BeingAnswered(posting.incident)


def _shown(posting: SlackPosting, root: RootMessage) -> RootMessage:
    """Until Slack shows the record."""
    for _ in range(_EDITS):
        shown = _edited(posting, root) if root.ts else _posted(posting, root)
        root = posting.rows.root() or shown
        if root.version == shown.version and root.ts == shown.ts:
            return root
    raise BeingAnswered(posting.incident)


def _posted(posting: SlackPosting, root: RootMessage) -> RootMessage:
    try:
        made = posting.once(_post_of(root), SlackPlace(posting.context.settings.slack_channel))
        if made.fresh:
            return replace(root, channel=made.channel, ts=made.ts)
    except BeingAnswered:
        pass
    # Another run posts it, or has posted it: it may say something older.
    for _ in range(_WAITS):
        found = posting.rows.root()
        if found is not None and found.ts:
            return _edited(posting, found)
        posting.pause(_SECONDS)
    raise BeingAnswered(posting.incident)


def _edited(posting: SlackPosting, root: RootMessage) -> RootMessage:
    try:
        posting.edit(_post_of(root), SlackPlace(root.channel, ts=root.ts))
    except SlackRefused as error:
        moved = error.code in _CLOSED and root.channel != posting.context.settings.slack_channel
        if error.code not in _GONE and not moved:
            raise
        # A person deleted it, or on-call has another channel by now. It comes back once: who deletes it again
        # does not want it.
        if moved or not root.lost:
            posting.rows.lost(root.ts)
        log().warning("message gone", extra={"incident": posting.incident, "times": root.lost + 1})
    return root


def _post_of(root: RootMessage) -> SlackPost:
    if root.status is None:
        raise Unreadable("SLACK")
    return message(root.status, root.status.newest.language)


def reply(posting: SlackPosting, post: SlackPost, place: SlackPlace, name: str) -> SlackPlace:
    """Once by this name, below the incident's message. Raises like `SlackPosting.once`."""
    try:
        return posting.once(post, place, name)
    except SlackRefused as error:
        if error.code != _NO_THREAD:
            raise
        # The message was deleted for good: the report goes to the channel instead.
        log().warning("thread gone", extra={"incident": posting.incident})
        return posting.once(post, place._replace(thread=""), name)


def mention(report: ReportMessage, mentions: str) -> str:
    """Whom an escalation calls; empty for any other report."""
    if report.kind is not ReportKind.ESCALATION:
        return ""
    level = str(report.level)
    return " ".join(dict.fromkeys(whom for each, whom in _MENTION.findall(mentions) if each == level))
