"""FaceAuth-CreateLivenessSession-Timeouts."""

from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.scenarios._slow import Slow, absent, hanging, shared, timing_out
from liveness_ops.drill.scenarios._slow_table import table_cases, table_throttled
from liveness_ops.world.endings import CREATE_SESSION, created
from liveness_ops.world.names import CREATE

SLOW = Slow("create-session-timeouts", CREATE, created(), 9.4, 10.0, CREATE_SESSION)
SCENARIOS: tuple[Scenario, ...] = (
    *shared(SLOW),
    table_throttled(SLOW),
    table_cases(SLOW)[0],
    timing_out(SLOW),
    *hanging(SLOW),
    *absent(SLOW),
)
