"""FaceAuth-Liveness-HighErrorRate (manual, アラート2: エラー率上昇)."""

from responder.alarm_function import handler_of
from responder.causes.failed_requests import requests_playbook
from responder.causes.steps import ENDS_BY_HAND, FAULTS_BY_HAND
from responder.core.expected_alarms import AlarmOwner, Correction, Definition, error_rate, of_service
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.metric_ranges import Yields

playbook = requests_playbook(
    (LivenessFunction.CREATE, LivenessFunction.RESULT),
    "FaceAuth-Liveness-HighErrorRate",
    "high-error-rate",
    Manual(
        (
            "step.error_logs",
            "step.session_normal",
            *FAULTS_BY_HAND,
            "step.rollout_by_hand",
            *ENDS_BY_HAND,
        )
    ),
    Definition(
        AlarmOwner.TABLE,
        of_service("VerificationError", "Sum", 10),
        correction=Correction(error_rate, "ErrorRatePercent", Yields.PERCENT),
    ),
)
handler = handler_of(playbook)
