"""FaceAuth-CreateLivenessSession-Errors."""

from liveness_ops.drill.scenarios._errors import Errors, shared
from liveness_ops.drill.scenarios._errors_held import held
from liveness_ops.world.endings import CREATE_SESSION
from liveness_ops.world.names import CREATE

ERRORS = Errors("create-session-errors", CREATE, 10.0, CREATE_SESSION)
SCENARIOS = (*shared(ERRORS), *held(ERRORS))
