"""What on-call does by hand, with what to paste for it: the manual's steps, and answers to the console."""

from dataclasses import replace
from string import Formatter

from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.remedy import spec_of
from responder.core.report import Report
from responder.core.settings import Settings
from responder.core.text import Text, Value, text
from responder.core.verdict import Result
from responder.messages.catalogue import form
from responder.messages.headline import working

# The levels, the answers and the case for AWS are in every message of the follow-up already.
_IN_EVERY_MESSAGE = ("step.escalate", "step.escalate_lead", "step.approve", "step.open_support_case")


def by_hand(manual: Manual, settings: Settings) -> tuple[Text, ...]:
    """All steps of the manual for one alarm, commands included."""
    return with_commands(tuple(map(Text, manual.steps)), manual, settings)


def besides(steps: tuple[Text, ...]) -> tuple[Text, ...]:
    """The steps that a message of the follow-up does not name anyway."""
    return tuple(step for step in steps if step.key not in _IN_EVERY_MESSAGE)


def with_commands(steps: tuple[Text, ...], manual: Manual, settings: Settings) -> tuple[Text, ...]:
    """These steps, each followed by what to paste where there is something."""
    values = _values(manual.function, settings)
    found = []
    for step in steps:
        key = step.key.replace("step.", "command.", 1)
        command = form(key, "en")
        if command is None:
            found.append(step)
            continue
        wanted = {name for _, name, _, _ in Formatter().parse(command) if name}
        # A step that names a function itself is about that one.
        given = {name: value for name, value in {**values, **step.values}.items() if name in wanted}
        found.append(Text("step.with_command", {"step": step, "command": Text(key, given)}))
    return tuple(found)


def _values(about: LivenessFunction | None, settings: Settings) -> dict[str, Value]:
    function = (about or LivenessFunction.RESULT).deployed_name(settings)
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


def with_orders(report: Report, settings: Settings) -> Report:
    """Answers before the manual's steps; what goes on by itself is only said; the way back after them."""
    outcomes = report.outcomes
    before = [
        _order(
            "answer_for_two" if spec_of(act.remedy).people > 1 else "answer_proposal",
            text(
                "command.answer_proposal",
                incident=report.incident,
                proposal=act.approval,
                where=settings.console,
            ),
        )
        for act in outcomes
        if act.approval
    ]
    if any(working(act) for act in outcomes):
        before.append(text("step.taking_effect"))
    after = [
        _order(
            "revert_change",
            text(
                "command.revert_change",
                incident=report.incident,
                remedy=f"{act.remedy} --scope {act.scope}" if act.scope else act.remedy,
                where=settings.console,
            ),
        )
        for act in outcomes
        if (act.result.acted or act.result is Result.STEPPED) and not spec_of(act.remedy).stays
    ]
    steps = (*before, *report.verdict.steps, *after)
    return replace(report, verdict=replace(report.verdict, steps=steps))


def _order(step: str, command: Text) -> Text:
    return text("step.with_command", step=Text(f"step.{step}"), command=command)
