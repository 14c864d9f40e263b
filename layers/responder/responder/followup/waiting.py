"""How the durable execution waits: one operation that looks again and again until something is due."""

from aws_durable_execution_sdk_python.config import Duration
from aws_durable_execution_sdk_python.waits import WaitForConditionConfig, WaitForConditionDecision

from responder.core.plain_data import Json


def until_due(moment: Json, most: int) -> WaitForConditionConfig[Json]:
    """From this moment on, as often as the last look said, or until the execution has used its `most`
    operations; its stored state stays a few hundred bytes."""
    return WaitForConditionConfig(
        wait_strategy=lambda now, _: _decide(now, most),
        initial_state=moment,
    )


def _decide(moment: Json, most: int) -> WaitForConditionDecision:
    if moment["due"] or moment["over"] or moment["used"] >= most:
        return WaitForConditionDecision.stop_polling()
    return WaitForConditionDecision.continue_waiting(Duration.from_seconds(max(1, moment["pause"])))
