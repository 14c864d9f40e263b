"""FaceAuth-Liveness-SlowVerification (manual, アラート3: 検証時間超過)."""

from alarms._slow import slow_playbook
from responder.which import Which

# As its corrected version asks for by default (`SlowResultSeconds`); the deployed 30 s are never reached.
LINE = 10.0

playbook = slow_playbook(Which.RESULT, "FaceAuth-Liveness-SlowVerification", "slow-verification", LINE)
handler = playbook.handler
