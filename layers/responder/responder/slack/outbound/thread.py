"""Each report in full, in the thread of its incident."""

import re
from dataclasses import replace

from responder.core.errors import SlackRefused
from responder.core.log import log
from responder.core.report import ReportKind
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.message import SlackPost, answer
from responder.slack.outbound.posting import SlackPlace, SlackPosting
from responder.slack.post_rows_data import RootMessage

_MENTION = re.compile(r"([1-4])=(<(?:!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)>)")
_GONE = "thread_not_found"


def tell(desk: SlackPosting, report: ReportMessage, root: RootMessage) -> SlackPlace:
    """Once. Where it is.

    Raises:
        BeingAnswered: somebody else is telling it right now.
        SlackError, AwsError: whether it is told may be unknown; a repeat finds out.
    """
    # Told too late: nobody is called to what is over.
    late = root.stands(report).calm_after(report)
    called = "" if late else mention(report, desk.context.settings.slack_level_mentions)
    post = answer(report, root.stands(report), called)
    # The incident's first message has just been seen in the channel itself.
    place, name = SlackPlace(root.channel, root.ts), report.id
    post = replace(post, loud=post.loud and not late and (root.first != name or bool(called)))
    return under(desk, post, place, name)


def under(desk: SlackPosting, post: SlackPost, place: SlackPlace, name: str) -> SlackPlace:
    """Once by this name, below the incident's message. Raises like `tell`."""
    try:
        return desk.once(post, place, name)
    except SlackRefused as error:
        if error.code != _GONE:
            raise
        # The message was deleted for good: the report stands in the channel instead.
        log().warning("thread gone", extra={"incident": desk.incident})
        return desk.once(post, replace(place, thread=""), name)


def mention(report: ReportMessage, mentions: str) -> str:
    """Whom an escalation calls; nobody for any other report."""
    if report.kind is not ReportKind.ESCALATION:
        return ""
    level = str(report.level)
    return " ".join(dict.fromkeys(whom for each, whom in _MENTION.findall(mentions) if each == level))
