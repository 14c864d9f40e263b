"""Every morning (manual, 日次): figures, functions, cost, alarms, bucket, dashboard, remedies, schedule."""

from collections.abc import Iterable

from responder.checks.base import Check
from responder.checks.model import Cadence
from responder.checks.run.alarm_names import alarms_by_slug, audited, users
from responder.checks.run.handler import ScheduledCheck
from responder.core.settings import Settings
from responder.respond.playbook import PLAYBOOKS


def checks(settings: Settings) -> Iterable[Check]:
    """Imported when they are needed."""
    from responder.checks.alarms.audit import AlarmAudit
    from responder.checks.alarms.dashboard import Dashboard
    from responder.checks.alarms.states import AlarmStates
    from responder.checks.backups.schedules import Schedules
    from responder.checks.configuration.check import ConfigurationCheck
    from responder.checks.cost.checks import CostToday
    from responder.checks.detection.check import Detection
    from responder.checks.figures.daily import Figures
    from responder.checks.figures.functions import Functions
    from responder.checks.readiness.check import Readiness
    from responder.checks.security.audit import Exposure

    names = alarms_by_slug(PLAYBOOKS, settings)
    audit = AlarmAudit(audited(PLAYBOOKS), tuple(PLAYBOOKS), names)
    soon = Detection(audited(PLAYBOOKS), names)
    looks = (Figures(), AlarmStates(names), Functions(), ConfigurationCheck(), CostToday(), audit)
    return (*looks, soon, Exposure(), Dashboard(), Readiness(users(PLAYBOOKS)), Schedules())


round_ = ScheduledCheck(Cadence.DAILY, checks)
handler = round_.handler
needs = round_.needs
