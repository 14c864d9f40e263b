"""FaceAuth-CreateLivenessSession-Timeouts (no procedure in the manual; design, section 8)."""

from alarms._slow import slow_playbook
from responder.evidence.timing import LIMITS
from responder.which import Which

playbook = slow_playbook(
    Which.CREATE, "FaceAuth-CreateLivenessSession-Timeouts", "create-session-timeouts", LIMITS[Which.CREATE]
)
handler = playbook.handler
