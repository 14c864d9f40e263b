"""What Slack shows of a scenario: the message of each incident as it was edited, and its thread."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from markupsafe import Markup, escape

from liveness_ops.people.options import Language
from local_aws.client import Mail
from rehearsal.drill.follow import Message
from rehearsal.drill.stage import Played
from rehearsal.drill.taken import Taken
from responder.core.codec import dump, load
from responder.core.text import Text
from responder.messages.json_report import text_of
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.report import answer
from responder.slack.blocks.root import message
from responder.slack.status import IncidentStatus, add

type Blocks = Sequence[Mapping[str, Any]]

# A box to copy from, an address or a person who is called, bold.
_MARKS = re.compile(
    r"```(?P<box>.*?)```|<(?P<to>[^>|]*)\|?(?P<label>[^>]*)>|\*(?P<bold>[^*\n]+)\*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message: as data, and as the text of the e-mail."""

    report: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class SlackIncident:
    """One incident in Slack: each title that its message had, the message in the end, its thread."""

    titles: tuple[str, ...]
    root: Blocks
    thread: tuple[tuple[str, Blocks], ...]


@dataclass(frozen=True, slots=True)
class SlackStory:
    """The messages of one incident: what Slack shows in each language, and the texts as they were sent."""

    languages: Mapping[Language, SlackIncident]
    texts: tuple[str, ...]


def story(played: Played, language: Language) -> list[SlackStory]:
    """Everything that was told in one scenario, incident by incident; the drill's own language first."""
    told: dict[str, list[Sent]] = {}
    for sent in _sent(played):
        told.setdefault(str(sent.report["incident"]), []).append(sent)
    order = (language, *(each for each in Language if each is not language))
    return [beside(each, order) for each in told.values()]


def beside(told: list[Sent], order: Sequence[Language]) -> SlackStory:
    """The messages of one incident, in these languages."""
    shown = {
        each: _incident([load(ReportMessage, said_in(one.report, each.value)) for one in told], each)
        for each in order
    }
    return SlackStory(shown, tuple(one.text for one in told))


def _sent(played: Played) -> Iterator[Sent]:
    for act in played.acts:
        for mail in _mail(act):
            yield Sent(json.loads(mail.bodies["lambda"]), mail.text)


def _mail(taken: Taken) -> Iterator[Mail]:
    if taken.course is None:
        yield from taken.mail
    else:
        yield from (entry.mail for entry in taken.course.entries if isinstance(entry, Message))


def _incident(reports: list[ReportMessage], language: Language) -> SlackIncident:
    standing: IncidentStatus | None = None
    titles, thread = [], []
    for report in reports:
        standing = add(standing, report)
        titles.append(message(standing, language.value).blocks[0]["text"]["text"])
        thread.append((report.headline, answer(report, standing).blocks))
    assert standing is not None  # noqa: S101  there is at least one
    root = message(standing, language.value).blocks
    return SlackIncident(tuple(dict.fromkeys(titles)), root, tuple(thread))


def mrkdwn(marked: str) -> Markup:
    """Slack's own markup as HTML, as far as we write it: boxes, bold, addresses. `&`, `<` and `>` are escaped
    already, as Slack wants it; HTML wants quotes escaped, too."""
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
    return Markup('<a href="{}">{}</a>').format(_words(mark["to"]), _words(mark["label"] or mark["to"]))


def _words(escaped: str) -> Markup:
    return escape(unescape(escaped))


_TEXT = {"key", "values", "text"}


def said_in(report: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The same report in `language` (`ja` or `en`)."""
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
