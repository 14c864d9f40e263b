"""Every month, where it is switched on (manual, バックアップからリストア): a backup is really restored."""

from collections.abc import Iterable

from responder.checks.backups import rehearsal_run
from responder.checks.base import Check
from responder.checks.model import Cadence
from responder.checks.run.handler import ScheduledCheck
from responder.core.settings import Settings


def checks(_: Settings) -> Iterable[Check]:
    """By hand (`liveness-ops check rehearsal`): the last one's result, nothing is restored."""
    from responder.checks.backups.rehearsal import Rehearsal

    return (Rehearsal(),)


round_ = ScheduledCheck(Cadence.REHEARSAL, checks)
handler = rehearsal_run.handle
needs = rehearsal_run.NEEDS
