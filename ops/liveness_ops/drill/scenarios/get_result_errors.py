"""FaceAuth-GetLivenessResult-Errors."""

from liveness_ops.drill.scenarios._errors import Errors, shared
from liveness_ops.drill.scenarios._errors_held import held
from liveness_ops.world.endings import GET
from liveness_ops.world.names import RESULT

ERRORS = Errors("get-result-errors", RESULT, 15.0, GET)
SCENARIOS = (*shared(ERRORS), *held(ERRORS))
