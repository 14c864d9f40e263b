"""The one message of an incident: posted once, then edited as it goes.

What it has to say is on record before Slack is told, with a version. Whoever has told Slack reads the record
again, so that of two at once the newer one is what stays.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from responder.core.errors import BeingAnswered, SlackRefused, Unreadable
from responder.core.log import log
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.message import SlackPost, message
from responder.slack.outbound.posting import SlackPlace, SlackPosting
from responder.slack.post_rows_data import RootMessage
from responder.slack.status import IncidentStatus, acknowledged, add

_TRIES = 8
_EDITS = 5
_WAITS, _SECONDS = 10, 0.5
_GONE = ("message_not_found", "cant_update_message")
_CLOSED = ("is_archived", "channel_not_found", "not_in_channel")


def show(desk: SlackPosting, report: ReportMessage) -> RootMessage:
    """The message says what holds once this report is known, too. Where it is.

    Raises:
        BeingAnswered: others are at it for too long.
        SlackError, AwsError: it may still say something older; a repeat mends it.
    """
    return _shown(desk, _kept(desk, lambda known: add(known, report)))


def take(desk: SlackPosting, person: str, at: datetime, until: datetime) -> None:
    """The message says who has taken the incident; nothing of one that was never told.
    Raises like `show`."""
    seen = desk.rows.root()
    if seen is not None and (standing := seen.standing) is not None:
        _shown(desk, _kept(desk, lambda known: acknowledged(known or standing, person, at, until)))


def _kept(desk: SlackPosting, change: Callable[[IncidentStatus | None], IncidentStatus]) -> RootMessage:
    for _ in range(_TRIES):
        seen = desk.rows.root()
        kept = desk.rows.keep(seen, change(seen.standing if seen else None), desk.context.present)
        if kept is not None:
            return kept
    raise BeingAnswered(desk.incident)


def _shown(desk: SlackPosting, root: RootMessage) -> RootMessage:
    """Until what stands in Slack is what is on record."""
    for _ in range(_EDITS):
        told = _edited(desk, root) if root.ts else _posted(desk, root)
        root = desk.rows.root() or told
        if root.version == told.version and root.ts == told.ts:
            return root
    raise BeingAnswered(desk.incident)


def _posted(desk: SlackPosting, root: RootMessage) -> RootMessage:
    place = SlackPlace(desk.context.settings.slack_channel)
    try:
        made = desk.once(_said(root), place)
    except BeingAnswered:
        return _edited(desk, _awaited(desk))
    if not made.fresh:
        # It is there already and may say something older.
        return _edited(desk, _awaited(desk))
    return replace(root, channel=made.channel, ts=made.ts)


def _awaited(desk: SlackPosting) -> RootMessage:
    """As soon as whoever posts it right now is done."""
    for _ in range(_WAITS):
        found = desk.rows.root()
        if found is not None and found.ts:
            return found
        desk.pause(_SECONDS)
    raise BeingAnswered(desk.incident)


def _edited(desk: SlackPosting, root: RootMessage) -> RootMessage:
    try:
        desk.edit(_said(root), SlackPlace(root.channel, ts=root.ts))
    except SlackRefused as error:
        moved = error.code in _CLOSED and root.channel != desk.context.settings.slack_channel
        if error.code not in _GONE and not moved:
            raise
        # Somebody deleted it, or on-call has another channel by now. It comes back once: whoever deletes it
        # again does not want it.
        if moved or not root.lost:
            desk.rows.lost(root.ts)
        log().warning("message gone", extra={"incident": desk.incident, "times": root.lost + 1})
    return root


def _said(root: RootMessage) -> SlackPost:
    if root.standing is None:
        raise Unreadable("SLACK")
    return message(root.standing, root.standing.newest.language)
