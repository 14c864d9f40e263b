"""Every month, where it is switched on (manual, バックアップからリストア): a backup is really restored."""

from collections.abc import Iterable

from responder.checks.backups import restore_rehearsal_run
from responder.checks.base import Check
from responder.checks.model import Cadence
from responder.checks.run.handler import ScheduledCheck
from responder.core.settings import Settings


def checks(_: Settings) -> Iterable[Check]:
    """Manually (`liveness-ops check rehearsal`): the last one's result, nothing is restored."""
    from responder.checks.backups.restore_rehearsal import RestoreRehearsal

    return (RestoreRehearsal(),)


round_ = ScheduledCheck(Cadence.REHEARSAL, checks)
handler = restore_rehearsal_run.handle
needs = restore_rehearsal_run.NEEDS
