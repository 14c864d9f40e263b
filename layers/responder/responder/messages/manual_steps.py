"""The manual as data: what on-call does by hand for each alarm, and what to paste for it."""

from string import Formatter

from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.settings import Settings
from responder.core.text import Text, Value
from responder.messages.catalogue import form


def by_hand(manual: Manual, settings: Settings) -> tuple[Text, ...]:
    """All steps of the manual for one alarm, commands included."""
    return with_commands(tuple(map(Text, manual.steps)), manual, settings)


# The ladder, the answers and the case for AWS are in every message of the follow-up already.
_IN_EVERY_MESSAGE = ("step.escalate", "step.escalate_lead", "step.approve", "step.open_support_case")


def besides(steps: tuple[Text, ...]) -> tuple[Text, ...]:
    """The steps that a message of the follow-up does not name anyway."""
    return tuple(step for step in steps if step.key not in _IN_EVERY_MESSAGE)


def with_commands(steps: tuple[Text, ...], manual: Manual, settings: Settings) -> tuple[Text, ...]:
    """These steps, each followed by what to paste where there is something."""
    return tuple(_with_command(step, manual.function, settings) for step in steps)


def _with_command(step: Text, about: LivenessFunction | None, settings: Settings) -> Text:
    key = step.key.replace("step.", "command.", 1)
    command = form(key, "en")
    if command is None:
        return step
    wanted = {name for _, name, _, _ in Formatter().parse(command) if name}
    # A step that names a function itself is about that one.
    values = {**_values(about, settings), **step.values}
    given = {name: value for name, value in values.items() if name in wanted}
    return Text("step.with_command", {"step": step, "command": Text(key, given)})


def _values(about: LivenessFunction | None, settings: Settings) -> dict[str, Value]:
    function = (about or LivenessFunction.RESULT).function(settings)
    logged = (function,) if about is not None else settings.functions
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
