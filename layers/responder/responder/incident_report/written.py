"""What was written down for a person, as the timeline keeps it."""

from collections.abc import Iterator, Mapping
from typing import Any

from responder.core.text import Text, text
from responder.incident_report import reading


def written(verdict: Mapping[str, Any]) -> Iterator[Text]:
    """From a stored verdict; what is of another shape is left out."""
    for proposal in map(reading.mapped, reading.listed(verdict.get("proposals"))):
        for one in map(reading.mapped, reading.listed(proposal.get("proposed"))):
            what = reading.said(one.get("what"))
            if what is not None:
                yield text("chronicle.written", what=what, command=reading.word(one.get("command")))
