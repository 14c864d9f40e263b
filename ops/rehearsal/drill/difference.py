"""One way in which a scenario went otherwise than it must: what was expected, and what was there."""

from dataclasses import dataclass
from enum import StrEnum

from liveness_ops.people.options import Language
from rehearsal.drill import words


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


@dataclass(frozen=True, slots=True)
class Difference:
    """`expected` and `found` are values as data has them; `of`: which setting, remedy, person or message."""

    about: About
    expected: str
    found: str
    of: str = ""

    def what(self, language: Language) -> str:
        """What differs, in words."""
        return words.say(f"differs.{self.about}", language, of=self.of)

    def __str__(self) -> str:
        return f"{self.about} {self.of}: {self.found}, not {self.expected}".replace(" :", ":")
