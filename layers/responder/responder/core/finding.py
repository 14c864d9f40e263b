"""One piece of evidence, in words for a person."""

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, field
from datetime import timedelta
from enum import StrEnum

from responder.core.codec import dump
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.text import Text, Texts

FINDINGS = "findings"
# More would not fit a row of the table (400 KB), nor be read.
_MOST = 60


class Tone(StrEnum):
    """The tone of a finding: `normal` is stated explicitly, `unknown` means that the reading failed."""

    RED = "red"
    AMBER = "amber"
    NORMAL = "normal"
    INFO = "info"
    UNKNOWN = "unknown"


class Subject(StrEnum):
    """What a finding, a cause or a ruled-out cause is about."""

    BUCKET = "bucket"  # what its policy denies
    CHANGES = "changes"
    COLD_STARTS = "cold_starts"
    CONCURRENCY = "concurrency"  # Lambda turns invocations away
    CONFIGURATION = "configuration"
    DENIALS = "denials"
    DURATION = "duration"
    HEALTH = "health"  # AWS's own service status
    MEMORY = "memory"
    MONITORING = "monitoring"  # whether alarms get the data that they watch
    OURS = "ours"  # the automation itself
    QUOTA = "quota"
    REQUESTS = "requests"  # faults of the service in its log
    RESERVATION = "reservation"
    RIGHTS = "rights"  # what the role's policy allows
    SCORES = "scores"
    SESSIONS = "sessions"  # those that ended normally
    SUCCESS_RATE = "success_rate"
    TABLE = "table"  # throttle events
    TABLE_STATE = "table_state"


class Polarity(StrEnum):
    """What a finding states about its subject."""

    WRONG = "wrong"  # now
    DOUBTFUL = "doubtful"  # earlier, or not clearly
    FINE = "fine"
    OPEN = "open"  # figures without a judgement, or a look that failed


type Findings = tuple[Finding, ...]


@frozen
class Finding:
    """What was asked, what came back, out of how many.

    Attributes:
        subject: what it is about; with `polarity` it is compared with the cause, so that no message
            contradicts itself (`verdict.coherent`).
        over: the period that it covers, up to now; None for the current state.
        look: name of the evidence that produced it (`failures`, `table`, …).
        said: the sentence, numbers included.
        samples: how many requests, datapoints or lines it rests on; None where that has no meaning.
        details: further lines, most important first.
        numbers: the same figures for machines.
        link: console page that shows the source.
    """

    look: str
    tone: Tone
    said: Text
    samples: int | None = None
    details: Texts = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    link: str | None = None
    _: KW_ONLY
    subject: Subject
    over: timedelta | None = None

    @property
    def polarity(self) -> Polarity:
        """What the finding states about its subject."""
        return _POLARITY[self.tone]


_POLARITY = {
    Tone.RED: Polarity.WRONG,
    Tone.AMBER: Polarity.DOUBTFUL,
    Tone.NORMAL: Polarity.FINE,
    Tone.INFO: Polarity.OPEN,
    Tone.UNKNOWN: Polarity.OPEN,
}


def packed(findings: Iterable[Finding]) -> list[Json]:
    """What an incident's table stores of evidence, as `data` of a step of kind `FINDINGS`."""
    rows = [
        {"look": each.look, "tone": each.tone.value, "said": dump(each.said), "samples": each.samples}
        for each in findings
    ]
    return rows[:_MOST]
