"""FaceAuth-CreateLivenessSession-Errors (manual, アラート4: Lambda エラー)."""

from alarms._errors import errors_playbook
from responder.core.liveness_function import Which

playbook = errors_playbook(Which.CREATE, "FaceAuth-CreateLivenessSession-Errors", "create-session-errors")
handler = playbook.handler
