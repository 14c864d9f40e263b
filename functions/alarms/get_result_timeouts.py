"""FaceAuth-GetLivenessResult-Timeouts (no procedure in the manual; design, section 8)."""

from alarms._slow import slow_playbook
from responder.which import Which

playbook = slow_playbook(Which.RESULT, "FaceAuth-GetLivenessResult-Timeouts", "get-result-timeouts")
handler = playbook.handler
