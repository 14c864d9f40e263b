"""How the durable execution waits: one operation that looks again and again until something is due."""

from typing import Any

from aws_durable_execution_sdk_python.config import Duration
from aws_durable_execution_sdk_python.waits import WaitForConditionConfig, WaitForConditionDecision


def until_due(moment: dict[str, Any]) -> WaitForConditionConfig[dict[str, Any]]:
    """From this moment on, as often as the last look said; its stored state stays a few hundred bytes."""
    return WaitForConditionConfig(wait_strategy=_decide, initial_state=moment)


def _decide(moment: dict[str, Any], _: int) -> WaitForConditionDecision:
    if moment["due"] or moment["over"]:
        return WaitForConditionDecision.stop_polling()
    return WaitForConditionDecision.continue_waiting(Duration.from_seconds(max(1, moment["pause"])))
