"""One piece of evidence, as told to a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from responder.text import Text


class Tone(StrEnum):
    """How a finding reads: `normal` is said outright, `unknown` is a look that failed."""

    RED = "red"
    AMBER = "amber"
    NORMAL = "normal"
    INFO = "info"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was asked, what came back, out of how many.

    Attributes:
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
    details: tuple[Text, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    link: str | None = None
