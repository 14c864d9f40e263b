"""What Slack shows of a scenario: the message of each incident as it was edited, and its thread."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from markupsafe import Markup, escape

from liveness_ops.people.options import Language
from local_aws.client import Mail
from rehearsal.drill.follow import Message
from rehearsal.drill.play_scenario import ScenarioRun
from responder.core.codec import dump, load
from responder.core.text import Text
from responder.messages.block_kit import header
from responder.messages.json_report import text_of
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.parts import title
from responder.slack.blocks.report import answer
from responder.slack.blocks.root import message
from responder.slack.status import IncidentStatus, add

type Blocks = Sequence[Mapping[str, Any]]

# A box to copy from, a link or a person who is called, bold; an asterisk in an address is part of it.
_MARKS = re.compile(
    r"```(?P<box>.*?)```|<(?P<to>[^>|]*)\|?(?P<label>[^>]*)>|\*(?P<bold>(?:<[^>]*>|[^*<\n])+)\*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class SlackIncident:
    """One incident in Slack: each title that its message had, the message in the end, its thread."""

    titles: tuple[str, ...]
    root: Blocks
    thread: tuple[tuple[str, Blocks], ...]


def slack_incidents(played: ScenarioRun, language: Language) -> list[Mapping[Language, SlackIncident]]:
    """Every message of one scenario, incident by incident; the drill's own language first."""
    reports: dict[str, list[dict[str, Any]]] = {}
    for mail in _mail(played):
        report = json.loads(mail.bodies["lambda"])
        reports.setdefault(str(report["incident"]), []).append(report)
    order = (language, *(each for each in Language if each is not language))
    return [beside(each, order) for each in reports.values()]


def beside(reports: Sequence[dict[str, Any]], order: Sequence[Language]) -> Mapping[Language, SlackIncident]:
    """The messages of one incident, in these languages; the thread in the first of them only."""
    return {
        each: _incident(
            [load(ReportMessage, said_in(one, each.value)) for one in reports], each, whole=each is order[0]
        )
        for each in order
    }


def _mail(played: ScenarioRun) -> list[Mail]:
    """Each once: the course of an incident begins with the messages of its response."""
    found: list[Mail] = []
    for act in played.acts:
        entries = act.followed.entries if act.followed else ()
        heard = (*act.mail, *(each.mail for each in entries if isinstance(each, Message)))
        found += [mail for mail in heard if mail not in found]
    return found


def _incident(reports: list[ReportMessage], language: Language, *, whole: bool) -> SlackIncident:
    """`whole`: with its thread."""
    standing: IncidentStatus | None = None
    titles, thread = [], []
    for report in reports:
        standing = add(standing, report)
        titles.append(header(title(standing, language.value))["text"]["text"])
        if whole:
            thread.append((report.headline, answer(report, standing).blocks))
    assert standing is not None  # noqa: S101  there is at least one
    root = message(standing, language.value).blocks
    return SlackIncident(tuple(dict.fromkeys(titles)), root, tuple(thread))


def mrkdwn(marked: str) -> Markup:
    """Slack's own markup as HTML, as far as we write it: boxes, bold, links. A link keeps its words only: the
    account of a drill has no console. `&`, `<` and `>` are escaped already, as Slack requires it; HTML
    requires quotes escaped, too."""
    found, end = Markup(), 0
    for mark in _MARKS.finditer(marked):
        found += _words(marked[end : mark.start()]) + _html(mark)
        end = mark.end()
    return found + _words(marked[end:])


def _html(mark: re.Match[str]) -> Markup:
    if mark["box"] is not None:
        return Markup("<pre>{}</pre>").format(_words(mark["box"]))
    if mark["bold"] is not None:
        return Markup("<b>{}</b>").format(mrkdwn(mark["bold"]))
    if not mark["to"].startswith("https://"):
        return Markup("<b>{}</b>").format(_words(mark["to"]))
    return Markup("<u>{}</u>").format(_words(mark["label"] or mark["to"]))


def _words(escaped: str) -> Markup:
    return escape(unescape(escaped))


_TEXT = {"key", "values", "text"}


def said_in(report: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The report in `language` (`ja` or `en`)."""
    if report.get("language") == language:
        return dict(report)
    headlines = report.get("headlines", {})
    again: dict[str, Any] = _again(report, language)
    return {
        **again,
        "language": language,
        "headline": headlines.get(language, report.get("headline", "")),
    }


def _again(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        if value.keys() >= _TEXT:
            return dump(text_of(load(Text, value), language))
        return {name: _again(each, language) for name, each in value.items()}
    if isinstance(value, list):
        return [_again(each, language) for each in value]
    return value
