"""The modules of `functions/`, and what each is called elsewhere."""

import importlib
from pathlib import Path

from liveness_ops.template_tools.load import ROOT
from responder.checks.model import Cadence
from responder.core.permissions import Permission
from responder.core.text import Strings
from responder.respond.playbook import Playbook

MODULES = ROOT / "functions" / "alarms"
GENERIC = "unknown_alarm"
OTHER_MODULES = ("follow_up", "people", "response_failed", "slack_action", "slack_post", "watchdog")
# In addition to the scheduled checks, with their own schedules and names.
CLOCKED = {"sessions_backup": "checks.backup"}


def alarm_modules(folder: Path = MODULES) -> Strings:
    """Every module without a leading underscore is one Lambda handler."""
    return tuple(sorted(path.stem for path in folder.glob("*.py") if not path.name.startswith("_")))


def check_modules() -> Strings:
    """The modules of the scheduled checks; the function of `checks.daily` is called `daily_check`."""
    return tuple(f"{rhythm}_check" for rhythm in (Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY))


def check_needs(module: str) -> frozenset[Permission]:
    """What the function of `daily_check` needs."""
    needs: frozenset[Permission] = importlib.import_module(f"checks.{module.removesuffix('_check')}").needs()
    return needs


def playbook_of(module: str) -> Playbook:
    """The playbook of one module."""
    playbook: Playbook = importlib.import_module(f"alarms.{module}").playbook
    return playbook


def logical_id(module: str) -> str:
    """`high_error_rate` -> `HighErrorRate`."""
    return "".join(part.capitalize() for part in module.split("_"))


def slug(module: str) -> str:
    """`high_error_rate` -> `high-error-rate`: folder of its events, end of its function's name."""
    return module.replace("_", "-")
