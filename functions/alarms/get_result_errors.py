"""FaceAuth-GetLivenessResult-Errors (no procedure in the manual; design, section 8)."""

from alarms._errors import errors_playbook
from responder.core.liveness_function import Which

playbook = errors_playbook(Which.RESULT, "FaceAuth-GetLivenessResult-Errors", "get-result-errors")
handler = playbook.handler
