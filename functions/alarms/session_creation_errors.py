"""FaceAuth-Liveness-SessionCreationErrors (in no row of the manual; deployed all the same)."""

from responder.alarm_function import handler_of
from responder.causes.failed_requests import requests_playbook
from responder.causes.steps import ENDS_BY_HAND, FAULTS_BY_HAND
from responder.core.expected_alarms import AlarmOwner, Definition, of_service
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual

playbook = requests_playbook(
    (LivenessFunction.CREATE,),
    "FaceAuth-Liveness-SessionCreationErrors",
    "session-creation-errors",
    Manual(
        (
            "step.error_logs",
            "step.check_environment",
            *FAULTS_BY_HAND,
            "step.repair_environment_by_hand",
            "step.rollout_by_hand",
            *ENDS_BY_HAND,
        ),
        LivenessFunction.CREATE,
    ),
    Definition(AlarmOwner.EXTRA, of_service("SessionCreationError", "Sum", 5)),
)
handler = handler_of(playbook)
