"""All scenarios, in the order of the manual's table; a module that is not named here comes last."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from liveness_ops.drill import scenarios as folder
from liveness_ops.drill.scenario import Scenario

_ORDER = (
    "low_success_rate",
    "low_confidence",
    "slow_verification",
    "high_error_rate",
    "corrected",
    "guards",
    "silenced",
    "kinds",
    "approvals",
    "changed_by_others",
    "follow_ups",
    "unsolved",
    "create_session_errors",
    "get_result_errors",
    "create_session_timeouts",
    "get_result_timeouts",
    "session_creation_errors",
    "slow_session_creation",
    "sessions_table_throttles",
    "function_throttles",
    "images_access_denied",
    "settings",
    "releases",
    "chain",
    "people",
    "several_at_once",
)


def _modules() -> tuple[str, ...]:
    found = (each.name for each in iter_modules(folder.__path__) if not each.name.startswith("_"))
    return tuple(sorted(found, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)))


_MODULES = tuple(import_module(f"{folder.__name__}.{name}") for name in _modules())


def scenarios(alarm: str = "", name: str = "") -> tuple[Scenario, ...]:
    """Those of an alarm or of a part, by name; without one all that are not left to their part."""
    every: Iterator[Scenario] = (one for module in _MODULES for one in module.SCENARIOS)
    chosen = (one for one in every if (alarm and alarm == one.part) or not one.alone)
    return tuple(one for one in chosen if alarm in ("", one.alarm, one.part) and name in ("", one.name))


def alarms() -> tuple[str, ...]:
    """The slugs that can be drilled."""
    return tuple(dict.fromkeys(one.alarm for one in scenarios()))


def parts() -> tuple[str, ...]:
    """What else scenarios are about; chosen as an alarm is."""
    return tuple(dict.fromkeys(one.part for one in scenarios() if one.part))
