"""FaceAuth-GetLivenessResult-Timeouts (no procedure in the manual; design, section 8)."""

from alarms._slow import timeouts_playbook
from responder.core.liveness_function import Which

playbook = timeouts_playbook(
    Which.RESULT, "FaceAuth-GetLivenessResult-Timeouts", "get-result-timeouts", 14000
)
handler = playbook.handler
