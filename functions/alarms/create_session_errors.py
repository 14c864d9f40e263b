"""FaceAuth-CreateLivenessSession-Errors (manual, アラート4: Lambda エラー)."""

from responder.alarm_function import handler_of
from responder.causes.failed_requests import errors_playbook
from responder.core.liveness_function import LivenessFunction

playbook = errors_playbook(
    LivenessFunction.CREATE, "FaceAuth-CreateLivenessSession-Errors", "create-session-errors"
)
handler = handler_of(playbook)
