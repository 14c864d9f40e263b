"""Every month (manual, 月次): how the service did, and whether it is safe."""

from collections.abc import Iterable

from responder.checks.base import Check
from responder.checks.model import Cadence
from responder.checks.run.handler import ScheduledCheck
from responder.core.settings import Settings


def checks(_: Settings) -> Iterable[Check]:
    """Imported when they are needed."""
    from responder.checks.backups.age import Backups
    from responder.checks.performance.month import Performance
    from responder.checks.readiness.records import RemedyRecords
    from responder.checks.security.audit import Security

    return Performance(), RemedyRecords(), Security(), Backups()


round_ = ScheduledCheck(Cadence.MONTHLY, checks)
handler = round_.handler
needs = round_.needs
