"""What Slack shows of a scenario: the message of each incident as it was edited, and its thread."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from liveness_ops.drill.follow import Message
from liveness_ops.drill.slack_words import said_in
from liveness_ops.drill.stage import Played
from liveness_ops.drill.taken import Taken
from liveness_ops.drill.words import Language
from liveness_ops.local_aws import Mail
from responder.slack.blocks.message import SlackPost, answer, message
from responder.slack.status import IncidentStatus, add

CSS = """
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem }
.sides > div { min-width: 0 }
.slack { border: 1px solid #8886; border-radius: 6px; padding: .5rem 1rem; margin: .5rem 0; max-width: 46rem }
.slack .thread { border-left: 3px solid #8886; padding-left: 1rem; margin-left: .5rem }
.slack h5 { font-size: 1.05rem; margin: .25rem 0 }
.slack .fields { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem 1rem }
.slack .context { color: var(--grey); font-size: .8rem }
.slack .button { border: 1px solid #8888; border-radius: 4px; padding: .1rem .6rem; font-weight: 600 }
.slack .primary { background: #007a5a; color: #fff } .slack .danger { background: #e01e5a; color: #fff }
.slack p { margin: .35rem 0; white-space: pre-wrap; overflow-wrap: anywhere }
"""
_ANGLES = re.compile(r"<([^>|]*)\|?([^>]*)>")


def story(played: Played, language: Language) -> str:
    """Everything that was told in one scenario, incident by incident, behind one line to open: what Slack
    shows in both languages, beside the text as it was sent."""
    told: dict[str, list[Sent]] = {}
    for sent in _sent(played):
        told.setdefault(str(sent.report["incident"]), []).append(sent)
    order = (language, *(each for each in Language if each is not language))
    body = "".join(beside(each, order) for each in told.values())
    return f"<details><summary>Slack</summary>{body}</details>" if body else ""


@dataclass(frozen=True)
class Sent:
    """One message: as data, and as the text of the e-mail."""

    report: dict[str, Any]
    text: str


def _sent(played: Played) -> Iterator[Sent]:
    for act in played.acts:
        for mail in _mail(act):
            yield Sent(json.loads(mail.bodies["lambda"]), mail.text)


def _mail(taken: Taken) -> Iterator[Mail]:
    if taken.course is None:
        yield from taken.mail
    else:
        yield from (entry.mail for entry in taken.course.entries if isinstance(entry, Message))


def beside(told: list[Sent], order: Sequence[Language]) -> str:
    """The messages of one incident: what Slack shows, language by language, then the text as it was sent."""
    shown = "".join(
        f'<div lang="{each.value}">{_incident([said_in(one.report, each.value) for one in told], each)}</div>'
        for each in order
    )
    texts = "".join(f'<pre class="mail">{escape(one.text)}</pre>' for one in told)
    return f'<div class="sides">{shown}<div>{texts}</div></div>'


def _incident(reports: list[dict[str, Any]], language: Language) -> str:
    standing: IncidentStatus | None = None
    titles, answers = [], []
    for report in reports:
        standing = add(standing, report)
        titles.append(message(standing, language.value).blocks[0]["text"]["text"])
        said = drawn(answer(report, standing))
        answers.append(f"<details><summary>{escape(report['headline'])}</summary>{said}</details>")
    assert standing is not None  # noqa: S101  there is at least one
    steps = "".join(f"<li>{escape(title)}</li>" for title in dict.fromkeys(titles))
    root = drawn(message(standing, language.value))
    return f'<ol>{steps}</ol><div class="slack">{root}<div class="thread">{"".join(answers)}</div></div>'


def drawn(post: SlackPost) -> str:
    """A message as HTML."""
    return "".join(map(_block, post.blocks))


def _block(block: Mapping[str, Any]) -> str:
    kind = block["type"]
    if kind == "header":
        return f"<h5>{escape(block['text']['text'])}</h5>"
    if kind == "actions":
        return f"<p>{' '.join(map(_button, block['elements']))}</p>"
    if kind == "context":
        return f'<p class="context">{" ".join(_marked(each["text"]) for each in block["elements"])}</p>'
    text = f"<p>{_marked(block['text']['text'])}</p>" if "text" in block else ""
    cells = "".join(f"<p>{_marked(each['text'])}</p>" for each in block.get("fields", ()))
    beside = _button(block["accessory"]) if "accessory" in block else ""
    return text + (f'<div class="fields">{cells}</div>' if cells else "") + beside


def _button(button: Mapping[str, Any]) -> str:
    ask = button.get("confirm", {}).get("text", {}).get("text", "")
    style = escape(button.get("style", ""))
    return f'<span class="button {style}" title="{escape(ask)}">{escape(button["text"]["text"])}</span>'


def _marked(marked: str) -> str:
    """Slack's mrkdwn, as far as we write it: code, bold, addresses. It is escaped for HTML already."""
    pieces = re.split(r"```(.*?)```", marked, flags=re.DOTALL)
    for place, piece in enumerate(pieces):
        bold = re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", _ANGLES.sub(_angles, piece))
        pieces[place] = f"<pre>{piece}</pre>" if place % 2 else bold
    return "".join(pieces)


def _angles(found: re.Match[str]) -> str:
    """An address to click, or somebody who is called."""
    if not found[1].startswith("https://"):
        return f"<b>{escape(found[1])}</b>"
    return f'<a href="{found[1]}">{found[2] or found[1]}</a>'
