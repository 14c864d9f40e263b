"""FaceAuth-GetLivenessResult-Timeouts."""

from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.scenarios._slow import Slow, hanging, shared, timing_out
from liveness_ops.drill.scenarios._slow_table import table_cases, table_throttled
from liveness_ops.world.endings import GET, passed
from liveness_ops.world.names import RESULT

SLOW = Slow("get-result-timeouts", RESULT, passed(), 14.4, 15.0, GET)
SCENARIOS: tuple[Scenario, ...] = (
    *shared(SLOW),
    table_throttled(SLOW),
    table_cases(SLOW)[0],
    timing_out(SLOW),
    *hanging(SLOW),
)
