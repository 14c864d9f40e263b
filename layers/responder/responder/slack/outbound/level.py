"""The channel of an escalation's level: called once, in short, with the way to the incident's message."""

import re

from responder.core.errors import ResponderError, SlackError, SlackRefused
from responder.core.log import log
from responder.core.report import ReportKind
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.messages.block_kit import bold, context, header, link, section, sections, words
from responder.messages.language import say
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.parts import SlackPost, notification, steps, title, untagged
from responder.slack.outbound.posting import SlackPlace, SlackPosting
from responder.slack.outbound.root import mention, reply
from responder.slack.rows import RootMessage
from responder.slack.status import IncidentStatus, add

_CHANNEL = re.compile(r"([1-4])=(?:([CG][A-Z0-9]+)|<#([CG][A-Z0-9]+)>)")


def call(posting: SlackPosting, report: ReportMessage) -> ResponderError | None:
    """Call every channel of its level. The first error, once all are tried: a repeat calls only those that
    do not know yet."""
    settings = posting.context.settings
    named = channels(report, settings.slack_level_mentions)
    if not named:
        return None
    try:
        root = posting.rows.root() or RootMessage(add(None, report), 0)
    except ResponderError as error:
        return error
    # Too late: people are not called to what has ended.
    if root.status_with(report).calm_after(report):
        return None
    # An escalation is seen in the incident's own channel already.
    own = (root.channel, settings.slack_channel)
    failed = [_called(posting, report, root, channel) for channel in named if channel not in own]
    return next(filter(None, failed), None)


def channels(report: ReportMessage, parameter: str) -> list[str]:
    """The channels of the level that an escalation is for; none for any other report."""
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
    posting: SlackPosting, report: ReportMessage, root: RootMessage, channel: str
) -> ResponderError | None:
    settings, name = posting.context.settings, f"{report.id}#{channel}"
    home = root.channel or settings.slack_channel
    called = mention(report, settings.slack_level_mentions)
    post = pointer(report, root.status_with(report), called, home, _permalink(posting, root))
    try:
        posting.once(post, SlackPlace(channel), name)
    except ResponderError as error:
        about = {"incident": posting.incident, "channel": channel, "error": str(error)}
        log().error("level not called in its channel", extra=about)
        if isinstance(error, SlackRefused) and root.ts:
            # A person who reads the thread passes it on. If this fails, the mail of the failed run is left.
            note = unreached(report, channel, error.code)
            try:
                reply(posting, note, SlackPlace(root.channel, root.ts), f"{name}#unreached")
            except ResponderError as failed:
                log().error("not noted", extra={"incident": posting.incident, "error": str(failed)})
        return error
    return None


def _permalink(posting: SlackPosting, root: RootMessage) -> str:
    """Empty where it cannot be had: the words alone lead there, too."""
    if not root.ts:
        return ""
    try:
        answer = posting.slack.call("chat.getPermalink", channel=root.channel, message_ts=root.ts)
    except SlackError as error:
        log().warning("no permalink", extra={"incident": posting.incident, "error": str(error)})
        return ""
    return str(answer.get("permalink") or "")


def pointer(
    report: ReportMessage, status: IncidentStatus, called: str, channel: str, url: str = ""
) -> SlackPost:
    """Enough to know who is `called`, and where everything else is: the incident's message in its `channel`
    at its `url`, empty where that is not known."""
    language = report.language
    first, said = title(status, language), untagged(report.headline, status, language)
    calls = words(say(text("slack.calls", level=_level(report)), language))
    if url:
        way = link(say(text("slack.pointer_link"), language), url)
    else:
        where = text("slack.pointer_where", incident=status.incident)
        way = f"<#{channel}> {words(say(where, language))}"
    blocks = [
        header(first),
        section(f"{called} {calls}".strip()),
        section(bold(words(said))),
        *sections(say(text("label.steps"), language), steps(report.steps, 1, language, commands=False)),
        section(way),
        context([words(say(text("slack.pointer_at", at=stamp(report.at)), language))]),
    ]
    return SlackPost(notification(f"{first}\n{said}", called), blocks)


def unreached(report: ReportMessage, channel: str, code: str) -> SlackPost:
    """The post to the thread which says that the channel of the level did not accept the escalation. `code`:
    Slack's error code."""
    known = text("slack.unreached", level=_level(report), channel=channel, code=code)
    said = say(known, report.language)
    return SlackPost(notification(said), [section(f"⚠️ {words(said)}")], loud=True)


def _level(report: ReportMessage) -> Text:
    return Text(f"level.{report.level}")
