"""All scenarios, in the order of the manual's table."""

from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.scenarios import (
    approvals,
    chain,
    changed_by_others,
    corrected,
    create_session_errors,
    create_session_timeouts,
    follow_ups,
    function_throttles,
    get_result_errors,
    get_result_timeouts,
    guards,
    high_error_rate,
    images_access_denied,
    kinds,
    low_confidence,
    low_success_rate,
    people,
    releases,
    session_creation_errors,
    sessions_table_throttles,
    settings,
    several_at_once,
    silenced,
    slow_session_creation,
    slow_verification,
    unsolved,
)

_MODULES = (
    low_success_rate,
    low_confidence,
    slow_verification,
    high_error_rate,
    corrected,
    guards,
    silenced,
    kinds,
    approvals,
    changed_by_others,
    follow_ups,
    unsolved,
    create_session_errors,
    get_result_errors,
    create_session_timeouts,
    get_result_timeouts,
    session_creation_errors,
    slow_session_creation,
    sessions_table_throttles,
    function_throttles,
    images_access_denied,
    settings,
    releases,
    chain,
    people,
    several_at_once,
)


def scenarios(alarm: str = "", name: str = "") -> tuple[Scenario, ...]:
    """Those of an alarm or of a part, by name; without one all that are not left to their part."""
    every = (scenario for module in _MODULES for scenario in module.SCENARIOS)
    chosen = (one for one in every if (alarm and alarm == one.part) or not one.alone)
    return tuple(one for one in chosen if alarm in ("", one.alarm, one.part) and name in ("", one.name))


def alarms() -> tuple[str, ...]:
    """The slugs that can be drilled."""
    return tuple(dict.fromkeys(one.alarm for one in scenarios()))


def parts() -> tuple[str, ...]:
    """What else scenarios are about; chosen as an alarm is."""
    return tuple(dict.fromkeys(one.part for one in scenarios() if one.part))
