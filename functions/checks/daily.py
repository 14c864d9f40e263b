"""Every morning (manual, 日次): the figures, the functions, the cost, the alarms, the remedies."""

from collections.abc import Iterable

from responder.check import Rhythm
from responder.checks import Check
from responder.shell.checks.handling import Round


def checks() -> Iterable[Check]:
    """Imported when they are needed."""
    return ()


_round = Round(Rhythm.DAILY, checks)
handler = _round.handler
needs = _round.needs
