"""What a person has to send to us after a response: nothing else sends it."""

import json
from dataclasses import replace

from responder.render.headline import working
from responder.report import Report
from responder.settings import Settings
from responder.text import Text
from responder.verdict import Outcome, Result

_HELD = (Result.APPLIED, Result.PARTIAL, Result.STEPPED)
_STAYS = ("memory_increase",)


def with_orders(report: Report, settings: Settings) -> Report:
    """Answers and confirmations before the manual's steps, the way back after them."""
    asked = tuple(_answer(act, report, settings) for act in report.outcomes if act.approval)
    unfinished = tuple(_order("continue", act, report, settings) for act in report.outcomes if working(act))
    held = (act for act in report.outcomes if act.result in _HELD and act.remedy not in _STAYS)
    back = tuple(_order("take-back", act, report, settings) for act in held)
    steps = (*asked, *unfinished, *report.verdict.steps, *back)
    return replace(report, verdict=replace(report.verdict, steps=steps))


def _answer(act: Outcome, report: Report, settings: Settings) -> Text:
    back = act.because is not None and act.because.key == "guard.needs_approval"
    order = _payload("take-back" if back else "apply", act, report)
    order["proposal"] = act.approval
    if back and (percent := _percent(act, report)) is not None:
        order["wanted"] = {"percent": percent}
    values = {"table": settings.approvals_table, "proposal": act.approval or ""}
    return _step("answer_proposal", order, report, settings, values)


def _order(order: str, act: Outcome, report: Report, settings: Settings) -> Text:
    name = "continue_change" if order == "continue" else "take_back_change"
    return _step(name, _payload(order, act, report), report, settings, {})


def _payload(order: str, act: Outcome, report: Report) -> dict[str, object]:
    scope = {"scope": act.scope} if act.scope else {}
    return {"command": order, "incident": report.incident, "remedy": act.remedy, **scope}


def _percent(act: Outcome, report: Report) -> int | None:
    """The step back that was asked for; None where each target gets its own old value."""
    wanted = {change.after for change in act.changes}
    leases = (lease for lease in report.leases if lease.open and lease.remedy == act.remedy)
    if len(wanted) > 1 or wanted == {change.before for lease in leases for change in lease.changes}:
        return None
    rollout = act.remedy == "rollout_to_zero"
    return next((int(value) for value in wanted if rollout and value.isdecimal()), None)


def _step(
    name: str, order: dict[str, object], report: Report, settings: Settings, values: dict[str, str]
) -> Text:
    called = {
        "region": settings.region,
        "function": f"{settings.stack}-{report.slug}",
        "payload": json.dumps(order),
    }
    command = Text(f"command.{name}", {**called, **values})
    return Text("step.with_command", {"step": Text(f"step.{name}"), "command": command})
