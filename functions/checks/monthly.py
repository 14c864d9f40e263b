"""Every month (manual, 月次): how the service did, and whether it is safe."""

from collections.abc import Iterable

from responder.check import Rhythm
from responder.checks import Check
from responder.shell.checks.handling import Round


def checks() -> Iterable[Check]:
    """Imported when they are needed."""
    return ()


_round = Round(Rhythm.MONTHLY, checks)
handler = _round.handler
needs = _round.needs
