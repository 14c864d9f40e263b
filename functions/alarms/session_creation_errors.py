"""FaceAuth-Liveness-SessionCreationErrors (in no row of the manual; deployed all the same)."""

from alarms._requests import requests_playbook
from responder.which import Which

playbook = requests_playbook(
    (Which.CREATE,), "FaceAuth-Liveness-SessionCreationErrors", "session-creation-errors", corrected=False
)
handler = playbook.handler
