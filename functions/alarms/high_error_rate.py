"""FaceAuth-Liveness-HighErrorRate (manual, アラート2: エラー率上昇)."""

from alarms._requests import requests_playbook
from responder.which import Which

playbook = requests_playbook(
    (Which.CREATE, Which.RESULT), "FaceAuth-Liveness-HighErrorRate", "high-error-rate", corrected=True
)
handler = playbook.handler
