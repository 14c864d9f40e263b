"""FaceAuth-CreateLivenessSession-Throttles (manual, 監視メトリクス: Throttles > 0)."""

from alarms._throttles import throttles_playbook
from responder.alarm_function import handler_of
from responder.core.liveness_function import LivenessFunction

playbook = throttles_playbook(
    LivenessFunction.CREATE, "FaceAuth-CreateLivenessSession-Throttles", "create-session-throttles"
)
handler = handler_of(playbook)
