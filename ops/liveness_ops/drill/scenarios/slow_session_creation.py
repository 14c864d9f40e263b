"""FaceAuth-Liveness-SlowSessionCreation: users wait for their session."""

from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.scenarios._slow import Slow, shared
from liveness_ops.drill.scenarios._slow_table import table_throttled
from liveness_ops.world.endings import CREATE_SESSION, created
from liveness_ops.world.names import CREATE

SLOW = Slow("slow-session-creation", CREATE, created(9.4), 9.4, 10.0, CREATE_SESSION)
SCENARIOS: tuple[Scenario, ...] = (*shared(SLOW), table_throttled(SLOW))
