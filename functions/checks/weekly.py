"""Every week (manual, 週次): the cost by day, the bucket, the sessions table, the backups; in mode observe
what would have been done about the alarms."""

from collections.abc import Iterable

from responder.checks.base import Check
from responder.checks.model import Cadence
from responder.checks.run.handler import ScheduledCheck
from responder.core.settings import Settings


def checks(_: Settings) -> Iterable[Check]:
    """Imported when they are needed."""
    from responder.checks.backups.age import Backups
    from responder.checks.cost.checks import CostWeek
    from responder.checks.observed import Observed
    from responder.checks.storage.bucket import Storage
    from responder.checks.storage.table import SessionsTable

    return CostWeek(), Storage(), SessionsTable(), Backups(), Observed()


round_ = ScheduledCheck(Cadence.WEEKLY, checks)
handler = round_.handler
needs = round_.needs
