"""What concerns every incident (a person changed a mode or the settings document), and the self-test: one
message to on-call."""

import json
from datetime import datetime
from typing import Any

from responder.core.frozen import frozen
from responder.core.text import Text
from responder.messages.block_kit import bare, short
from responder.messages.json_report import both, moment
from responder.messages.language import clean, say
from responder.messages.mail import Envelope, by_protocol

_SCHEMA = "liveness-responder/{kind}/1"
SCHEMA = _SCHEMA.format(kind="notice")
SELF_TEST = _SCHEMA.format(kind="self-test")
# The settings document holds some 60 people at most; a message is to be read at a glance.
_MOST = 20
_TITLE, _DESCRIPTION = 250, 2_800


@frozen
class Notice:
    """`about`: ASCII, for the subject of the mail; `lines`: what was changed, before and after, or what comes
    next; `kind`: part of the schema; `level`: every address of that level and below hears it."""

    id: str
    at: datetime
    about: str
    said: Text
    lines: tuple[Text, ...]
    account: str
    region: str
    kind: str = "notice"
    level: str = "1"


def envelope(told: Notice, language: str) -> Envelope:
    """One SNS message with a body per protocol."""
    machines, chat = (
        json.dumps(each, ensure_ascii=False) for each in (_data(told, language), _q(told, language))
    )
    attributes = {
        "severity": "info",
        "alarm": "-",
        "incident": told.id,
        "kind": told.kind,
        "level": told.level,
    }
    return Envelope(
        f"[INFO] Liveness: {told.about}"[:99], by_protocol(_plain(told, language), machines, chat), attributes
    )


def _plain(told: Notice, language: str) -> str:
    lines = (f"- {each}" for each in _lines(told, language))
    end = f"{clean(told.account)} / {clean(told.region)} · {moment(told.at)}"
    return "\n".join((say(told.said, language), *lines, "", end)) + "\n"


def _lines(told: Notice, language: str) -> list[str]:
    more = len(told.lines) - _MOST
    return [say(each, language) for each in told.lines[:_MOST]] + ([f"+{more}"] if more > 0 else [])


def _data(told: Notice, language: str) -> dict[str, Any]:
    said = both(told.said)
    lines = list(zip(_lines(told, "ja"), _lines(told, "en"), strict=True))
    return {
        "schema": _SCHEMA.format(kind=told.kind),
        "id": told.id,
        "kind": told.kind,
        "at": moment(told.at),
        "account": told.account,
        "region": told.region,
        "language": language,
        "headlines": {each: said[each] for each in ("ja", "en")},
        "lines": [{"ja": ja, "en": en} for ja, en in lines],
    }


def _q(told: Notice, language: str) -> dict[str, Any]:
    said = say(told.said, language)
    return {
        "version": "1.0",
        "source": "custom",
        "id": told.id,
        "content": {
            "textType": "client-markdown",
            "title": short(bare(said), _TITLE),
            "description": short("\n".join(map(bare, (said, *_lines(told, language)))), _DESCRIPTION),
            "keywords": ["info", told.kind],
        },
        "metadata": {
            "threadId": told.id,
            "summary": short(bare(said), _DESCRIPTION),
            "eventType": told.kind,
            "additionalContext": {"account": told.account, "region": told.region},
        },
    }
