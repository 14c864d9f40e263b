"""FaceAuth-CreateLivenessSession-Throttles (manual, 監視メトリクス: Throttles > 0)."""

from alarms._throttles import throttles_playbook
from responder.core.liveness_function import Which

playbook = throttles_playbook(
    Which.CREATE, "FaceAuth-CreateLivenessSession-Throttles", "create-session-throttles"
)
handler = playbook.handler
