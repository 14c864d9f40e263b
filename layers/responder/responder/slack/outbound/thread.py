"""Each report in full, in the thread of its incident; and whom an escalation calls."""

import re
from dataclasses import replace

from responder.core.errors import SlackRefused
from responder.core.log import log
from responder.core.report import ReportKind
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.parts import SlackPost
from responder.slack.blocks.report import answer
from responder.slack.outbound.posting import SlackPlace, SlackPosting
from responder.slack.rows import RootMessage

_MENTION = re.compile(r"([1-4])=(<(?:!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)>)")
_GONE = "thread_not_found"


def post_report(posting: SlackPosting, report: ReportMessage, root: RootMessage) -> SlackPlace:
    """Once. Where it is.

    Raises:
        BeingAnswered: another run is posting it right now.
        SlackError, AwsError: whether it is posted may be unknown; a repeat finds out.
    """
    status = root.status_with(report)
    # Posted too late: people are not called to what has ended.
    late = status.calm_after(report)
    called = "" if late else mention(report, posting.context.settings.slack_level_mentions)
    post = answer(report, status, called)
    # The incident's first message has just been seen in the channel itself.
    loud = post.loud and not late and (root.first != report.id or bool(called))
    return reply(posting, replace(post, loud=loud), SlackPlace(root.channel, root.ts), report.id)


def reply(posting: SlackPosting, post: SlackPost, place: SlackPlace, name: str) -> SlackPlace:
    """Once by this name, below the incident's message. Raises like `post_report`."""
    try:
        return posting.once(post, place, name)
    except SlackRefused as error:
        if error.code != _GONE:
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
