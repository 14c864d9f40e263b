"""FaceAuth-CreateLivenessSession-Timeouts (no procedure in the manual; design, section 8)."""

from alarms._slow import slow_playbook
from responder.which import Which

playbook = slow_playbook(Which.CREATE, "FaceAuth-CreateLivenessSession-Timeouts", "create-session-timeouts")
handler = playbook.handler
