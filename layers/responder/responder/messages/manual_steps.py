"""What on-call does manually, with the commands to paste: the manual's steps, and answers to the console."""

from collections.abc import Container, Mapping
from string import Formatter

from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.settings import Settings
from responder.core.text import Text, Value, text
from responder.messages.catalogue import form

# The levels, the answers and the case for AWS are in every message of the follow-up already.
_ESCALATES = "step.escalate"
_IN_EVERY_MESSAGE = (_ESCALATES, "step.escalate_lead", "step.open_support_case")


def by_hand(manual: Manual, settings: Settings) -> tuple[Text, ...]:
    """All steps of the manual for one alarm, commands included."""
    return with_commands(tuple(map(Text, manual.steps)), manual, settings)


def besides(steps: tuple[Text, ...]) -> tuple[Text, ...]:
    """The steps that a message of the follow-up does not name anyway."""
    return tuple(step for step in steps if step.key not in _IN_EVERY_MESSAGE)


def after_failure(
    manual: Manual, made: Container[str], settings: Settings, *, kept: bool
) -> tuple[Text, ...]:
    """The manual's steps where the function of its alarm has failed, without those that were `made`; then the
    way to the event, where it was `kept`, and whom to call: perhaps nothing escalates automatically."""
    left = [Text(key) for key in manual.steps if key not in made and key != _ESCALATES]
    last = (*(("step.see_failures",) if kept else ()), "step.escalate_lead")
    return with_commands((*left, *map(Text, last)), manual, settings)


def with_commands(steps: tuple[Text, ...], manual: Manual, settings: Settings) -> tuple[Text, ...]:
    """These steps, each followed by what to paste where there is something; where that is long, by its
    section of the runbook."""
    values = _values(manual.function, settings)
    return tuple(_with_command(step, values, manual.function is not None) for step in steps)


def with_values(steps: tuple[Text, ...], settings: Settings) -> tuple[Text, ...]:
    """These steps with what they name of the settings, without commands; a step's own values come first."""
    values = _values(None, settings)
    return tuple(filled(step.key, {**values, **step.values}) or step for step in steps)


def _with_command(step: Text, values: dict[str, Value], of_one: bool) -> Text:
    """`of_one`: the manual is about one function. A section of the runbook is shown in the message where the
    step names its functions."""
    name = str(step.values.get("runbook", step.key.removeprefix("step.")))
    said = filled(step.key, {**values, **step.values}) or step
    own = "runbook" if "functions" in step.values else "command"
    command = filled(f"{own}.{name}", {**values, **step.values})
    if command is not None:
        # A step that names a function itself is about that one.
        return text("step.with_command", step=said, command=command)
    section = filled(f"runbook.{name}", {**values, **step.values})
    if section is None:
        return said
    if "function" in section.values and (of_one or "function" in step.values):
        # The runbook shows it for another function, perhaps.
        return text("step.in_runbook_of", step=said, section=name, function=section.values["function"])
    return text("step.in_runbook", step=said, section=name)


def filled(key: str, values: Mapping[str, Value]) -> Text | None:
    """A command with those of the values that it names; None where there is no such command."""
    command = form(key, "en")
    if command is None:
        return None
    wanted = {name for _, name, _, _ in Formatter().parse(command) if name}
    return Text(key, {name: value for name, value in values.items() if name in wanted})


def runbook(name: str, about: LivenessFunction | None, settings: Settings) -> Text | None:
    """The command of this section of the runbook; None where there is none."""
    return filled(f"runbook.{name}", _values(about, settings))


def _values(about: LivenessFunction | None, settings: Settings) -> dict[str, Value]:
    function = (about or LivenessFunction.RESULT).deployed_name(settings)
    logged = (function,) if about is not None else settings.functions
    return {
        "region": settings.region,
        "where": settings.console,
        "contact": settings.level_2_contact,
        "function": function,
        "groups": " ".join(f"/aws/lambda/{name}" for name in logged),
        "functions": " ".join(settings.rollout_functions),
        "table": settings.sessions_table,
        "index": settings.sessions_index,
        "bucket": settings.bucket,
        "namespace": settings.namespace,
        "variable": settings.rollout_variable,
        "role": settings.service_role,
        "policy": settings.service_policy,
        "memory": str(settings.memory_size),
        "concurrency": str(settings.provisioned_concurrency),
    }
