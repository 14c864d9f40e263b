"""Every week (manual, 週次): the cost by day, the bucket, the sessions table, the backups."""

from collections.abc import Iterable

from responder.check import Rhythm
from responder.checks import Check
from responder.settings import Settings
from responder.shell.checks.handling import Round


def checks(_: Settings) -> Iterable[Check]:
    """Imported when they are needed."""
    from responder.checks.backups import Backups
    from responder.checks.cost_week import CostWeek
    from responder.checks.storage import Storage
    from responder.checks.table import SessionsTable

    return CostWeek(), Storage(), SessionsTable(), Backups()


round_ = Round(Rhythm.WEEKLY, checks)
handler = round_.handler
needs = round_.needs
