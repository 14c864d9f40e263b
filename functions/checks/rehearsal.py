"""Every month, where it is switched on (manual, バックアップからリストア): a backup is really restored."""

from collections.abc import Iterable

from responder.check import Rhythm
from responder.checks import Check
from responder.settings import Settings
from responder.shell.checks import rehearsal
from responder.shell.checks.handling import Round


def checks(_: Settings) -> Iterable[Check]:
    """By hand (`liveness-ops check rehearsal`): the last one's result, nothing is restored."""
    from responder.checks.rehearsal import Rehearsal

    return (Rehearsal(),)


round_ = Round(Rhythm.REHEARSAL, checks)
handler = rehearsal.handle
needs = rehearsal.NEEDS
