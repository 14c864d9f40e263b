"""FaceAuth-Liveness-SlowVerification (manual, アラート3: 検証時間超過)."""

from responder.alarm_function import handler_of
from responder.causes.slow import BY_HAND, slow_playbook
from responder.core.expected_alarms import AlarmOwner, Correction, Definition, of_service, slow_result
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.metric_ranges import Yields

# As its corrected version asks for by default (`SlowResultSeconds`); the deployed 30 s are never reached.
LINE = 10.0

playbook = slow_playbook(
    LivenessFunction.RESULT,
    "FaceAuth-Liveness-SlowVerification",
    "slow-verification",
    LINE,
    Manual(BY_HAND),
    Definition(
        AlarmOwner.TABLE,
        of_service("VerificationTime", "Average", 30, 2),
        correction=Correction(slow_result, "SlowResultSeconds", Yields.RESULT),
    ),
)
handler = handler_of(playbook)
