"""FaceAuth-Liveness-SureFaults, an alarm of this stack: a few failed requests that no caller can have
caused."""

from responder.alarm_function import handler_of
from responder.causes.failed_requests import requests_playbook
from responder.causes.steps import ENDS_BY_HAND, FAULTS_BY_HAND
from responder.core.expected_alarms import AlarmOwner, Definition, sure_faults
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual

playbook = requests_playbook(
    tuple(LivenessFunction),
    "FaceAuth-Liveness-SureFaults",
    "sure-faults",
    Manual(
        ("step.error_logs", "step.check_environment", *FAULTS_BY_HAND, "step.rollout_by_hand", *ENDS_BY_HAND)
    ),
    Definition(AlarmOwner.OURS, sure_faults, "アラート2: エラー率上昇", parameter="MinimumSureFaults"),
)
handler = handler_of(playbook)
