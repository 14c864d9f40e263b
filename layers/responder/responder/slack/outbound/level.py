"""The channel of an escalation's level: told there once, in short, with the way to the incident's message."""

import re

from responder.core.errors import ResponderError, SlackError, SlackRefused
from responder.core.log import log
from responder.core.report import ReportKind
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.level import IncidentLink
from responder.slack.blocks.message import SlackPost, pointer, unreached
from responder.slack.outbound.posting import SlackPlace, SlackPosting
from responder.slack.outbound.thread import mention, under
from responder.slack.post_rows_data import RootMessage
from responder.slack.status import add

_CHANNEL = re.compile(r"([1-4])=(?:([CG][A-Z0-9]+)|<#([CG][A-Z0-9]+)>)")


def call(desk: SlackPosting, report: ReportMessage) -> ResponderError | None:
    """Tell every channel of its level. The first error, once all are tried: a repeat tells only those that
    do not know yet."""
    named = channels(report, desk.context.settings.slack_level_mentions)
    if not named:
        return None
    try:
        root = desk.rows.root() or RootMessage(add(None, report), 0)
    except ResponderError as error:
        return error
    # Told too late: nobody is called to what is over.
    if root.stands(report).calm_after(report):
        return None
    # An escalation is seen in the incident's own channel already.
    own = (root.channel, desk.context.settings.slack_channel)
    failed = [_called(desk, report, root, channel) for channel in named if channel not in own]
    return next(filter(None, failed), None)


def channels(report: ReportMessage, parameter: str) -> list[str]:
    """Those of the level that an escalation goes to; none for any other report."""
    if report.kind is not ReportKind.ESCALATION:
        return []
    level = str(report.level)
    return list(dict.fromkeys(channel for of, channel in _named(parameter) if of == level))


def every(parameter: str) -> list[str]:
    """The channels of all levels."""
    return list(dict.fromkeys(channel for _, channel in _named(parameter)))


def _named(parameter: str) -> list[tuple[str, str]]:
    """Each level that has a channel, and that channel."""
    found = (_CHANNEL.fullmatch(each.strip()) for each in parameter.split(","))
    return [(one[1], one[2] or one[3]) for one in found if one]


def _called(
    desk: SlackPosting, report: ReportMessage, root: RootMessage, channel: str
) -> ResponderError | None:
    name = f"{report.id}#{channel}"
    try:
        desk.once(_post(desk, report, root), SlackPlace(channel), name)
    except ResponderError as error:
        about = {"incident": desk.incident, "channel": channel, "error": str(error)}
        log().error("level not called in its channel", extra=about)
        if isinstance(error, SlackRefused):
            _noted(desk, unreached(report, channel, error.code), root, f"{name}#unreached")
        return error
    return None


def _post(desk: SlackPosting, report: ReportMessage, root: RootMessage) -> SlackPost:
    called = mention(report, desk.context.settings.slack_level_mentions)
    home = root.channel or desk.context.settings.slack_channel
    return pointer(report, root.stands(report), called, IncidentLink(home, _permalink(desk, root)))


def _permalink(desk: SlackPosting, root: RootMessage) -> str:
    """Empty where it cannot be had: the words alone lead there, too."""
    if not root.ts:
        return ""
    try:
        answer = desk.talk.call("chat.getPermalink", channel=root.channel, message_ts=root.ts)
    except SlackError as error:
        log().warning("no permalink", extra={"incident": desk.incident, "error": str(error)})
        return ""
    return str(answer.get("permalink") or "")


def _noted(desk: SlackPosting, note: SlackPost, root: RootMessage, name: str) -> None:
    """Whoever reads the thread passes it on. Should this fail, too, the mail of the failed run is left."""
    if not root.ts:
        return
    try:
        under(desk, note, SlackPlace(root.channel, root.ts), name)
    except ResponderError as error:
        log().error("not noted", extra={"incident": desk.incident, "error": str(error)})
