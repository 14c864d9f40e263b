"""FaceAuth-CreateLivenessSession-Throttles (manual, 監視メトリクス: Throttles > 0)."""

from responder.alarm_function import handler_of
from responder.causes.throttles import throttles_playbook
from responder.core.liveness_function import LivenessFunction

playbook = throttles_playbook(
    LivenessFunction.CREATE, "FaceAuth-CreateLivenessSession-Throttles", "create-session-throttles"
)
handler = handler_of(playbook)
