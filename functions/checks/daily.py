"""Every morning (manual, 日次): figures, functions, cost, alarms, bucket, dashboard, remedies, schedule."""

from collections.abc import Iterable

from responder.check import Rhythm
from responder.checks import Check
from responder.playbook import PLAYBOOKS
from responder.settings import Settings
from responder.shell.checks.handling import Round
from responder.shell.checks.named import alarms_by_slug, audited, users


def checks(settings: Settings) -> Iterable[Check]:
    """Imported when they are needed."""
    from responder.checks.alarms import AlarmAudit
    from responder.checks.alarms_states import AlarmStates
    from responder.checks.configuration import Configuration
    from responder.checks.cost import CostToday
    from responder.checks.dashboard import Dashboard
    from responder.checks.exposure import Exposure
    from responder.checks.figures import Figures
    from responder.checks.functions import Functions
    from responder.checks.readiness import Readiness
    from responder.checks.schedules import Schedules

    names = alarms_by_slug(PLAYBOOKS, settings)
    audit = AlarmAudit(audited(PLAYBOOKS), tuple(PLAYBOOKS), names)
    looks = (Figures(), AlarmStates(names), Functions(), Configuration(), CostToday(), audit)
    return (*looks, Exposure(), Dashboard(), Readiness(users(PLAYBOOKS)), Schedules())


round_ = Round(Rhythm.DAILY, checks)
handler = round_.handler
needs = round_.needs
