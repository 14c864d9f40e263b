"""Promises where the deployed alarm and its corrected version are not in the same state."""

from typing import Any

import pytest

from responder.core.plain_data import Json
from responder.core.settings import CORRECTED
from tests.unit.respond.scene import ALARM, Scene

BETTER = f"{ALARM}{CORRECTED}"
ROLLOUT_TO_ZERO = {"remedy": "rollout_to_zero"}


def raised(alarm: str, states: dict[str, str], code: str = "ThrottlingException") -> Scene:
    """A scene in which each of the two alarms has its own state, and this one was raised."""
    scene = Scene().faults(15, code=code)

    def described(AlarmNames: list[str], **_: Any) -> Json:  # noqa: N803  AWS's own name
        return {"MetricAlarms": [{"StateValue": states[name], "ActionsEnabled": True} for name in AlarmNames]}

    scene.aws.answer("cloudwatch", "describe_alarms", described)
    event = scene.event(resources=[f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{alarm}"])
    event["detail"]["alarmName"] = alarm
    scene.deliver(event)
    return scene


def applied(scene: Scene) -> Json:
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    return scene.result


def test_what_was_approved_for_the_corrected_alarm_is_done_though_the_deployed_one_never_fired() -> None:
    scene = raised(BETTER, {ALARM: "OK", BETTER: "ALARM"})
    assert applied(scene)["result"] == "applied"
    assert scene.percentages() == ["0"] * 4


@pytest.mark.parametrize(("alarm", "other"), [(ALARM, BETTER), (BETTER, ALARM)])
def test_an_approval_is_not_carried_out_once_its_own_alarm_is_over(alarm: str, other: str) -> None:
    states = {alarm: "ALARM", other: "ALARM"}
    scene = raised(alarm, states)
    states[alarm] = "OK"
    assert applied(scene)["because"]["key"] == "guard.already_ok"
    assert scene.percentages() == ["50"] * 4


@pytest.mark.parametrize(("muted", "result"), [(BETTER, "refused"), (ALARM, "applied")])
def test_a_mute_rule_silences_only_the_alarm_that_it_names(muted: str, result: str) -> None:
    scene = raised(BETTER, {ALARM: "ALARM", BETTER: "ALARM"})
    rule = {"AlarmMuteRuleArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night"}
    scene.aws.answer(
        "cloudwatch",
        "list_alarm_mute_rules",
        lambda **asked: {"AlarmMuteRuleSummaries": [rule] if asked["AlarmName"] == muted else []},
    )
    assert applied(scene)["result"] == result
