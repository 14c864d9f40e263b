"""FaceAuth-CreateLivenessSession-Timeouts (no procedure in the manual; design, section 8)."""

from alarms._slow import timeouts_playbook
from responder.core.liveness_function import Which

playbook = timeouts_playbook(
    Which.CREATE, "FaceAuth-CreateLivenessSession-Timeouts", "create-session-timeouts", 9000
)
handler = playbook.handler
