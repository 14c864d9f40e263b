"""FaceAuth-CreateLivenessSession-Timeouts (no procedure in the manual; design, section 8)."""

from responder.alarm_function import handler_of
from responder.causes.slow import timeouts_playbook
from responder.core.liveness_function import LivenessFunction

playbook = timeouts_playbook(
    LivenessFunction.CREATE, "FaceAuth-CreateLivenessSession-Timeouts", "create-session-timeouts", 9000
)
handler = handler_of(playbook)
