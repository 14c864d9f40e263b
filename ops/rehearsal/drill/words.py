"""Sentences of the drill in both languages; those of messages come from the responder's own catalogue.

`locale/*.po` have the form of that catalogue (`responder.messages.language`) and are read as they are:
nothing that is deployed needs them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import polib

from liveness_ops.people.options import Language
from responder.core.codec import load
from responder.core.refusals import Refusal
from responder.core.text import Text
from responder.messages import language as responder
from responder.messages.report_message import ReportedOutcome, SaidText
from responder.messages.requests import RequestedChange, called

LOCALE = Path(__file__).parents[1] / "locale"


@dataclass(frozen=True, slots=True)
class BilingualText:
    """One sentence of a scenario, twice."""

    ja: str
    en: str

    def said(self, language: Language) -> str:
        """The one to show."""
        return self.ja if language is Language.JA else self.en


@dataclass(frozen=True, slots=True)
class DrillText:
    """A key of the catalogue below and its values, some of them sentences again."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: Language) -> str:
        """The sentence."""
        values = {
            name: value.said(language) if isinstance(value, DrillText) else value
            for name, value in self.values.items()
        }
        return say(self.key, language, **values)

    def __str__(self) -> str:
        return self.said(Language.EN)


@cache
def catalogue() -> Mapping[str, polib.POEntry]:
    """Every entry by its key."""
    files = (polib.pofile(str(path), wrapwidth=0) for path in LOCALE.glob("*.po"))
    return {entry.msgctxt: entry for file in files for entry in file}


def say(key: str, language: Language, **values: object) -> str:
    """The sentence of a key; `count` chooses between singular and plural.

    Raises:
        KeyError: the catalogue has no such key, or the sentence needs a value that is not given.
    """
    entry = catalogue()[key]
    if language is Language.JA:
        form = entry.msgstr_plural.get(0) or entry.msgstr
    else:
        form = entry.msgid_plural if entry.msgid_plural and values.get("count") != 1 else entry.msgid
    return str(form).format(**values)


def result(name: str, language: Language) -> str:
    """The result of a proposal, in the words of the messages; `none`: there was no proposal."""
    if name == "none":
        return say("outcome.none", language)
    return responder.say(Text(f"result.{name}"), language)


def outcome(found: Mapping[str, Any], language: Language) -> str:
    """The result of an outcome of a report, as the mail names it."""
    because = found["because"]
    waits = because is not None and load(SaidText, because).names(Refusal.ONE_MORE)
    return result("one_more" if waits else str(found["result"]), language)


def tone(name: str, language: Language) -> str:
    """How a finding reads, as the messages call it."""
    return responder.say(Text(f"tone.{name}"), language)


def remedy(outcome: Mapping[str, Any], language: Language) -> str:
    """What an outcome of a report is about, as the messages call it."""
    return responder.say(called(RequestedChange.outcome(load(ReportedOutcome, outcome).outcome)), language)


def broken(alarm: str, language: Language) -> str:
    """What users feel while this alarm (its short name) is raised, as the messages put it."""
    return responder.say(Text(f"broken.{alarm.replace('-', '_')}"), language)


def title(name: str, language: Language) -> str:
    """What kind of message this is, by its name: `response`, `progress mitigated`, `escalation 2`."""
    kind, _, more = name.partition(" ")
    keys = (f"sent.{kind}.{more}", f"sent.{kind}")
    return next((say(key, language, level=more) for key in keys if key in catalogue()), name)
