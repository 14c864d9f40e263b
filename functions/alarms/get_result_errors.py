"""FaceAuth-GetLivenessResult-Errors (no procedure in the manual; design, section 8)."""

from responder.alarm_function import handler_of
from responder.causes.failed_requests import errors_playbook
from responder.core.liveness_function import LivenessFunction

playbook = errors_playbook(LivenessFunction.RESULT, "FaceAuth-GetLivenessResult-Errors", "get-result-errors")
handler = handler_of(playbook)
