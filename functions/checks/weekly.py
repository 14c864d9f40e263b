"""Every week (manual, 週次): the cost by day, the bucket, the sessions table, the backups."""

from collections.abc import Iterable

from responder.check import Rhythm
from responder.checks import Check
from responder.shell.checks.handling import Round


def checks() -> Iterable[Check]:
    """Imported when they are needed."""
    return ()


_round = Round(Rhythm.WEEKLY, checks)
handler = _round.handler
needs = _round.needs
