"""FaceAuth-GetLivenessResult-Errors."""

from liveness_ops.drill.scenarios._errors import Errors, shared
from liveness_ops.world.endings import GET
from liveness_ops.world.names import RESULT

SCENARIOS = shared(Errors("get-result-errors", RESULT, 15.0, GET))
