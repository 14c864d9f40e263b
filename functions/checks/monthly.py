"""Every month (manual, 月次): how the service did, and whether it is safe."""

from collections.abc import Iterable

from responder.check import Rhythm
from responder.checks import Check
from responder.settings import Settings
from responder.shell.checks.handling import Round


def checks(_: Settings) -> Iterable[Check]:
    """Imported when they are needed."""
    from responder.checks.backups import Backups
    from responder.checks.performance import Performance
    from responder.checks.security import Security

    return Performance(), Security(), Backups()


round_ = Round(Rhythm.MONTHLY, checks)
handler = round_.handler
needs = round_.needs
