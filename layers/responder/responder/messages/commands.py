"""What a person can answer or order after a response, as one command of the console."""

from dataclasses import replace

from responder.core.remedy import spec_of
from responder.core.report import Report
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result
from responder.messages.headline import working


def with_orders(report: Report, settings: Settings) -> Report:
    """Answers before the manual's steps; what goes on by itself is only said; the way back after them."""
    asked = tuple(_answer(act, report, settings) for act in report.outcomes if act.approval)
    unfinished = (text("step.taking_effect"),) if any(working(act) for act in report.outcomes) else ()
    held = (
        act
        for act in report.outcomes
        if (act.result.acted or act.result is Result.STEPPED) and not spec_of(act.remedy).stays
    )
    back = tuple(_back(act, report, settings) for act in held)
    steps = (*asked, *unfinished, *report.verdict.steps, *back)
    return replace(report, verdict=replace(report.verdict, steps=steps))


def _answer(act: Outcome, report: Report, settings: Settings) -> Text:
    proposal = act.approval or ""
    command = text(
        "command.answer_proposal",
        incident=report.incident,
        proposal=proposal,
        where=settings.console,
    )
    step = text("step.answer_for_two" if spec_of(act.remedy).people > 1 else "step.answer_proposal")
    return text("step.with_command", step=step, command=command)


def _back(act: Outcome, report: Report, settings: Settings) -> Text:
    scope = f" --scope {act.scope}" if act.scope else ""
    command = text(
        "command.take_back_change",
        incident=report.incident,
        remedy=act.remedy + scope,
        where=settings.console,
    )
    return text("step.with_command", step=text("step.take_back_change"), command=command)
