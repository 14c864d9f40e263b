"""The manual as data: what on-call does by hand for each alarm, and what to paste for it."""

from string import Formatter

from responder.render.messages import catalogue
from responder.settings import Settings
from responder.text import Text, Value
from responder.which import Which

# Slugs whose commands name the function that opens sessions.
_OF_CREATE = ("create-", "session-creation-", "slow-session-creation")
_FAULTS = ("step.check_permissions", "step.check_quota", "step.check_health", "step.developers_logs")
_ENDS = ("step.roll_back_release", "step.escalate")
_ERRORS = ("step.error_logs", "step.check_environment", *_FAULTS, "step.repair_environment_by_hand", *_ENDS)
_SLOW = (
    "step.durations",
    "step.error_logs",
    "step.table_throttling",
    "step.check_health",
    "step.capacity_by_hand",
    "step.memory_by_hand",
    "step.provisioned_by_hand",
    "step.check_vpc",
    "step.escalate",
)
_THROTTLED = (
    "step.throttled_calls",
    "step.concurrency",
    "step.lower_traffic",
    "step.raise_concurrency_by_hand",
    "step.check_health",
    "step.escalate",
)
_USERS = (
    "step.guide_users",
    "step.check_health",
    "step.open_support_case",
    "step.consult_threshold",
    "step.escalate",
)

FALLBACK_STEPS: dict[str, tuple[str, ...]] = {
    "low-success-rate": ("step.success_rate", "step.failure_reasons", *_USERS),
    "low-confidence": ("step.confidence", "step.failure_reasons", *_USERS),
    "slow-verification": _SLOW,
    "high-error-rate": (
        "step.error_logs",
        "step.session_normal",
        *_FAULTS,
        "step.rollout_by_hand",
        *_ENDS,
    ),
    "create-session-errors": _ERRORS,
    "get-result-errors": _ERRORS,
    "create-session-timeouts": _SLOW,
    "get-result-timeouts": _SLOW,
    "session-creation-errors": (
        "step.error_logs",
        "step.check_environment",
        *_FAULTS,
        "step.repair_environment_by_hand",
        "step.rollout_by_hand",
        *_ENDS,
    ),
    "slow-session-creation": ("step.creation_time", *_SLOW),
    "sessions-table-throttles": (
        "step.table_throttling",
        "step.index_throttling",
        "step.table_load",
        "step.capacity_by_hand",
        "step.lower_traffic",
        "step.escalate",
    ),
    "create-session-throttles": _THROTTLED,
    "get-result-throttles": _THROTTLED,
    "images-access-denied": (
        "step.denied_logs",
        "step.check_permissions",
        "step.bucket_access",
        "step.developers_logs",
        *_ENDS,
    ),
    "unknown-alarm": (
        "step.alarm_state",
        "step.check_dashboard",
        "step.error_logs",
        "step.check_health",
        "step.escalate",
    ),
}


def fallback_steps(slug: str, settings: Settings) -> tuple[Text, ...]:
    """The manual's steps for one alarm, commands included; a slug without any gets the general ones."""
    keys = FALLBACK_STEPS.get(slug, FALLBACK_STEPS["unknown-alarm"])
    return with_commands(tuple(Text(key) for key in keys), slug, settings)


# The ladder, the answers and the case for AWS are in every message of the follow-up already.
_IN_EVERY_MESSAGE = ("step.escalate", "step.escalate_lead", "step.approve", "step.open_support_case")


def besides(steps: tuple[Text, ...]) -> tuple[Text, ...]:
    """The steps that a message of the follow-up does not name anyway."""
    return tuple(step for step in steps if step.key not in _IN_EVERY_MESSAGE)


def with_commands(steps: tuple[Text, ...], slug: str, settings: Settings) -> tuple[Text, ...]:
    """The same steps, each followed by what to paste where there is something."""
    return tuple(_with_command(step, slug, settings) for step in steps)


def _with_command(step: Text, slug: str, settings: Settings) -> Text:
    key = step.key.replace("step.", "command.", 1)
    if key not in catalogue():
        return step
    form = catalogue()[key][0]
    wanted = {name for _, name, _, _ in Formatter().parse(form) if name}
    # A step that names a function itself is about that one.
    values = {**_values(slug, settings), **step.values}
    given = {name: value for name, value in values.items() if name in wanted}
    return Text("step.with_command", {"step": step, "command": Text(key, given)})


def _values(slug: str, settings: Settings) -> dict[str, Value]:
    which = Which.CREATE if slug.startswith(_OF_CREATE) else Which.RESULT
    function = which.function(settings)
    logged = (function,) if slug.startswith((*_OF_CREATE, "get-")) else settings.functions
    return {
        "region": settings.region,
        "function": function,
        "groups": " ".join(f"/aws/lambda/{name}" for name in logged),
        "functions": " ".join(settings.rollout_functions),
        "table": settings.sessions_table,
        "bucket": settings.bucket,
        "namespace": settings.namespace,
        "variable": settings.rollout_variable,
        "role": settings.service_role,
        "policy": settings.service_policy,
        "memory": str(settings.memory_size),
        "concurrency": str(settings.provisioned_concurrency),
    }
