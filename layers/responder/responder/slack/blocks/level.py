"""What the channel of a level reads: enough to know that it is called, and where everything else is."""

from dataclasses import dataclass

from responder.core.text import Text, text
from responder.messages.block_kit import Block, bold, context, header, link, section, sections, words
from responder.messages.headline import stamp
from responder.messages.language import say
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.steps import steps
from responder.slack.blocks.title import title
from responder.slack.status import IncidentStatus


@dataclass(frozen=True, slots=True)
class IncidentLink:
    """To the incident's message: its channel, and its address, empty where that is not known."""

    channel: str
    url: str = ""


def calling(report: ReportMessage, standing: IncidentStatus, mention: str, way: IncidentLink) -> list[Block]:
    """Its blocks. `mention`: whom to call, as Slack writes it."""
    language = report.language
    calls = words(say(text("slack.calls", level=level(report)), language))
    first = steps(report.steps, 1, language, commands=False)
    return [
        header(title(standing, language)),
        section(f"{mention} {calls}".strip()),
        section(bold(words(report.headline))),
        *sections(say(text("label.steps"), language), first),
        section(_shown(way, standing, language)),
        context([words(say(text("slack.pointer_at", at=stamp(report.at)), language))]),
    ]


def level(report: ReportMessage) -> Text:
    """Whom an escalation goes to, in words."""
    return Text(f"level.{report.level}")


def _shown(way: IncidentLink, standing: IncidentStatus, language: str) -> str:
    if way.url:
        return link(say(text("slack.pointer_link"), language), way.url)
    where = words(say(text("slack.pointer_where", incident=standing.incident), language))
    return f"<#{way.channel}> {where}"
