"""One difference of a scenario: expected and actual."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from liveness_ops.people.options import Language
from rehearsal.drill import words
from rehearsal.drill.follow import ExpectedMessage, Message
from rehearsal.drill.words import DrillText
from responder.core.text import Text
from responder.messages import language as responder
from responder.messages.language import known


class About(StrEnum):
    """What differs; its words are `differs.…` of the drill's catalogue."""

    MESSAGES = "messages"
    CAUSE = "cause"
    SEVERITY = "severity"
    RESULTS = "results"
    REASON = "reason"
    WARNING = "warning"
    ALARMS = "alarms"
    APPLIED = "applied"
    LINKED = "linked"
    SETTING = "setting"
    SETTING_AT_END = "setting_at_end"
    WORDS = "words"
    REFUSED_CALL = "refused_call"
    COMMAND = "command"
    EXECUTION = "execution"
    EXECUTIONS = "executions"
    NOTIFICATION = "notification"
    CONTENT = "content"
    SHAPE = "shape"
    INCIDENT = "incident"
    REPORTS = "reports"
    PLAYED = "played"


# As a scenario or a report has it: a value or a key, several, results by remedy, a message of the course.
type Value = str | int | Sequence[str] | Mapping[str, str] | ExpectedMessage | Message | DrillText | None

_NOTHING = "–"
# Names of these are the end of a key in the responder's catalogue.
_FAMILIES = {About.SEVERITY: "severity.", About.RESULTS: "result.", About.LINKED: "result."}
_GAP = re.compile(r"<\w+>")
# Sentences contain commas.
_BETWEEN = " / "


@dataclass(frozen=True, slots=True)
class Difference:
    """`expected` and `found` are values as data has them; `of`: which setting, remedy, person or message."""

    about: About
    expected: Value
    found: Value
    of: str | Message = ""

    def what(self, language: Language) -> str:
        """What differs, in words."""
        return words.say(f"differs.{self.about}", language, of=self._of(language))

    def sides(self, language: Language) -> tuple["Side", "Side"]:
        """Expected and actual."""
        return Side.of(self.about, self.expected, language), Side.of(self.about, self.found, language)

    def _of(self, language: Language) -> str:
        if self.about in (About.REASON, About.APPLIED):
            return _remedy(str(self.of), language)
        return self.of if isinstance(self.of, str) else _timed(self.of, language)

    def __str__(self) -> str:
        of = self.of if isinstance(self.of, str) else raw(self.of)
        return f"{self.about} {of}: {raw(self.found)}, not {raw(self.expected)}".replace(" :", ":")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference: in words, and the value or key that a scenario is written with.

    `key` is empty where the words are the value.
    """

    said: str
    key: str = ""

    @classmethod
    def of(cls, about: About, value: Value, language: Language) -> "Side":
        """This value."""
        said, key = _said(about, value, language), raw(value)
        return cls(said, "" if said == key or isinstance(value, DrillText) or not value else key)

    def __str__(self) -> str:
        return f"{self.said} [{self.key}]" if self.key else self.said


def raw(value: Value) -> str:
    """The value as it would be written in a scenario."""
    match value:
        case str() | int():
            return str(value) or _NOTHING
        case ExpectedMessage() | Message():
            return f"{value.name}, {value.minute:g} min"
        case Mapping():
            return ", ".join(f"{name}: {each}" for name, each in value.items()) or _NOTHING
        case Sequence():
            return ", ".join(value) or _NOTHING
    return str(value) if value else _NOTHING


def _said(about: About, value: Value, language: Language) -> str:
    match value:
        case "" | None | () | []:
            return words.say("drill.none", language)
        case str():
            return _phrase(about, value, language)
        case DrillText():
            return value.said(language)
        case ExpectedMessage() | Message():
            return _timed(value, language)
        case Mapping():
            pairs = (
                (_remedy(name, language), _phrase(about, each, language)) for name, each in value.items()
            )
            return _BETWEEN.join(f"{name}: {each}" for name, each in pairs) or words.say(
                "drill.none", language
            )
        case Sequence():
            return _BETWEEN.join(_phrase(about, each, language) for each in value)
    return str(value)


def _phrase(about: About, value: str, language: Language) -> str:
    """A key's sentence, with … for what only a response knows; a state's word; anything else as it is."""
    for key in (value, f"{_FAMILIES.get(about, '')}{value}"):
        if known(key):
            return _GAP.sub("…", responder.say(Text(key), language))
    state = f"differs.{about}.{value}"
    return words.say(state, language) if state in words.catalogue() else value


def _remedy(name: str, language: Language) -> str:
    key = f"remedy.name.{name}"
    return _GAP.sub("…", responder.say(Text(key), language)) if known(key) else name


def _timed(message: ExpectedMessage | Message, language: Language) -> str:
    minute = words.say("drill.minutes", language, minute=f"{message.minute:g}")
    return f"{words.title(message.name, language)} ({minute})"
