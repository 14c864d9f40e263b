"""FaceAuth-Liveness-SlowVerification (manual, アラート3: 検証時間超過)."""

from alarms._slow import slow_playbook
from responder.which import Which

playbook = slow_playbook(Which.RESULT, "FaceAuth-Liveness-SlowVerification", "slow-verification")
handler = playbook.handler
