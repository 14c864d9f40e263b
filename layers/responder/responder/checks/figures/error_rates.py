"""Two error rates, of results and of creating sessions, and which of them is told. Pure."""

from collections.abc import Callable, Mapping

from responder.checks import formatting, thresholds
from responder.checks.figures.counts import Counts
from responder.checks.figures.shares import Share
from responder.core.text import Text, text

RATES: Mapping[str, Callable[[Counts], Share]] = {
    "errors": lambda of: of.error_rate,
    "creation": lambda of: of.creation_error_rate,
}


def leading(of: Counts) -> str:
    """The one that is told first, for a message tells no other: that of results, or a worse one."""
    creation = of.creation_error_rate
    # Creations that were never tried say nothing against it.
    tried = creation.percent is not None
    worse = tried and thresholds.errors(creation).rank < thresholds.errors(of.error_rate).rank
    return "creation" if worse else "errors"


def subject(figure: str) -> str:
    """What a finding is about: errors, whichever of the two rates is told."""
    return "errors" if figure in RATES else figure


def beside(figure: str, of: Counts) -> Text:
    """The other one."""
    other = "errors" if figure == "creation" else "creation"
    return text(f"checks.figure.{other}.rate", rate=formatting.share(RATES[other](of)))
