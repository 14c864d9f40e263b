"""A report for machines becomes Slack: its incident's message, an answer in the thread, a call elsewhere."""

from dataclasses import dataclass

from responder.core.report import ReportKind
from responder.core.text import Text, text
from responder.messages.block_kit import Block, bare, section, short, words
from responder.messages.language import say
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.details import details
from responder.slack.blocks.level import IncidentLink, calling, level
from responder.slack.blocks.root import root
from responder.slack.blocks.title import title
from responder.slack.status import IncidentStatus, ReportedState
from responder.slack.status.state import state_of

_NOTIFICATION = 1_000
_LOUD = (
    ReportKind.ESCALATION,
    ReportKind.FAILURE,
    ReportKind.REMINDER,
    ReportKind.CLOSED,
    ReportKind.WATCHDOG,
)


@dataclass(frozen=True, slots=True)
class SlackPost:
    """What `chat.postMessage` and `chat.update` take. `text` is what a telephone shows; `loud`: also to be
    seen in the channel, not in the thread alone."""

    text: str
    blocks: list[Block]
    loud: bool = False


def message(standing: IncidentStatus, language: str) -> SlackPost:
    """The one of an incident, as it stands."""
    said = f"{title(standing, language)}\n{standing.newest.headline}"
    return SlackPost(_plain(said), root(standing, language))


def answer(report: ReportMessage, standing: IncidentStatus, mention: str = "") -> SlackPost:
    """One report in the thread, in its own language."""
    language = report.language
    said = _plain(report.headline)
    asks = any(one.approval in standing.waiting for one in report.outcomes)
    loud = report.kind in _LOUD or asks or report.topic == "stuck" or _turns(report)
    blocks = details(report, standing, language, mention)
    return SlackPost(f"{mention} {said}".strip(), blocks, loud)


def pointer(report: ReportMessage, standing: IncidentStatus, mention: str, way: IncidentLink) -> SlackPost:
    """An escalation in the channel of its level; see `slack_level.calling`."""
    language = report.language
    said = _plain(f"{title(standing, language)}\n{report.headline}")
    return SlackPost(f"{mention} {said}".strip(), calling(report, standing, mention, way))


def unreached(report: ReportMessage, channel: str, code: str) -> SlackPost:
    """In the thread: the channel of the level did not take it. `code`: Slack's error code."""
    known = text("slack.unreached", level=level(report), channel=channel, code=code)
    said = say(known, report.language)
    return SlackPost(_plain(said), [section(f"⚠️ {words(said)}")], loud=True)


def no_graph(report: ReportMessage, reason: Text) -> SlackPost:
    """In the thread: why there is no picture."""
    said = say(text("slack.no_graph", reason=reason), report.language)
    return SlackPost(_plain(said), [section(words(said))])


def _turns(report: ReportMessage) -> bool:
    """An edit makes no sound: what turns the message red again, or acts again, must be seen."""
    state = state_of(report)
    return state is ReportedState.ESCALATED or (
        report.kind is ReportKind.RESPONSE and state is not ReportedState.NORMAL
    )


def _plain(said: str) -> str:
    return short("\n".join(map(bare, said.split("\n"))), _NOTIFICATION)
