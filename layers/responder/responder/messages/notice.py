"""What concerns every incident (a person changed a mode or the settings document), and the self-test: one
message to on-call."""

import json
from datetime import datetime

from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Text, Texts, text
from responder.messages.block_kit import bare, short
from responder.messages.json_report import both, moment
from responder.messages.language import clean, cut, say
from responder.messages.mail import Envelope, by_protocol, sendable
from responder.messages.plain_text import LONGEST, LONGEST_LINE
from responder.messages.steps import stop_everything

_SCHEMA = "liveness-responder/{kind}/1"
SCHEMA = _SCHEMA.format(kind="notice")
SELF_TEST = _SCHEMA.format(kind="self-test")
# Lines, at most. The settings document holds some 60 people; a message is to be read at a glance.
_MOST = 20
# Characters of a line in a mail.
_LINE = 500
_TITLE, _DESCRIPTION = 250, 2_800


@frozen
class Notice:
    """`about`: for the subject of the mail; `lines`: what was changed, before and after, or what comes
    next; `kind`: part of the schema; `level`: every address of that level and below gets it; `stack`: its
    name, for the command that stops everything, empty where a line has that."""

    id: str
    at: datetime
    about: Text
    said: Text
    lines: Texts
    account: str
    region: str
    kind: str = "notice"
    level: str = "1"
    stack: str = ""


def envelope(notice: Notice, language: str, subjects: str = "en") -> Envelope:
    """One SNS message with a body per protocol. `subjects`: the language of the subject."""
    said, lines = both(notice.said), {each: _lines(notice, each, _MOST) for each in ("ja", "en")}
    shown = say(notice.said, language)
    data = {
        "schema": _SCHEMA.format(kind=notice.kind),
        "id": notice.id,
        "kind": notice.kind,
        "at": moment(notice.at),
        "account": notice.account,
        "region": notice.region,
        "language": language,
        "headlines": {each: said[each] for each in lines},
        "lines": [{"ja": ja, "en": en} for ja, en in zip(*lines.values(), strict=True)],
    }
    machines, chat = (
        json.dumps(each, ensure_ascii=False) for each in (data, _chat(notice, shown, lines[language]))
    )
    attributes = {
        "severity": "info",
        "alarm": "-",
        "incident": notice.id,
        "kind": notice.kind,
        "level": notice.level,
    }
    line, plain = (
        sendable(say(text("subject.notice", about=notice.about), each), each) for each in (subjects, "en")
    )
    return Envelope(line, plain, by_protocol(_mail(notice, language), machines, chat), attributes)


def _mail(notice: Notice, language: str) -> str:
    """At most LONGEST characters: as many lines as fit, none of them longer than a few on a telephone."""
    end = [f"{clean(notice.account)} / {clean(notice.region)} · {moment(notice.at)}"]
    if notice.stack:
        stop = stop_everything(Settings(stack=notice.stack, region=notice.region))
        end.append(say(text("report.stop_everything", command=stop), language))
    first = cut(say(notice.said, language), LONGEST_LINE)
    lines = (
        [f"- {cut(each, _LINE)}" for each in _lines(notice, language, most)] for most in range(_MOST, -1, -1)
    )
    mails = ("\n".join((first, *each, "", *end, "")) for each in lines)
    return next(each for each in mails if len(each) <= LONGEST)


def _chat(notice: Notice, said: str, lines: list[str]) -> Json:
    return {
        "version": "1.0",
        "source": "custom",
        "id": notice.id,
        "content": {
            "textType": "client-markdown",
            "title": short(bare(said), _TITLE),
            "description": short("\n".join(map(bare, (said, *lines))), _DESCRIPTION),
            "keywords": ["info", notice.kind],
        },
        "metadata": {
            "threadId": notice.id,
            "summary": short(bare(said), _DESCRIPTION),
            "eventType": notice.kind,
            "additionalContext": {"account": notice.account, "region": notice.region},
        },
    }


def _lines(notice: Notice, language: str, most: int) -> list[str]:
    lines = [say(each, language) for each in notice.lines[:most]]
    more = len(notice.lines) - most
    return [*lines, say(text("report.more", count=more), language)] if more > 0 else lines
