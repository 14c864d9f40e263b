"""FaceAuth-Liveness-SlowSessionCreation: users wait for their session."""

from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import NO_LOGS
from liveness_ops.drill.scenarios._slow import Slow, cold_starts, memory, no_alias
from liveness_ops.drill.scenarios._slow_table import table_throttled
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import CREATE_SESSION, created, service_error
from liveness_ops.world.names import CREATE
from liveness_ops.world.traffic import Requests

SLOW = Slow("slow-session-creation", CREATE, created(9.4), 9.4, 10.0, CREATE_SESSION)
FAILING = Requests(CREATE, 12, service_error("InternalServerError", CREATE_SESSION, seconds=9.8), 60)
SCENARIOS: tuple[Scenario, ...] = (
    cold_starts(SLOW),
    no_alias(SLOW),
    memory(SLOW),
    table_throttled(SLOW),
    Scenario(
        SLOW.alarm,
        "steps-downstream",
        Words(
            "Rekognition が遅く、一部は内部エラーになる",
            "Rekognition is slow, and sometimes fails internally",
        ),
        Expect(cause="cause.internal"),
        traffic=(*SLOW.traffic(SLOW.late()), FAILING),
    ),
    SLOW.case(
        "suspects-network",
        Words(
            "ほかに原因がなく、呼び出し先を待ち続ける",
            "It waits for what it calls, and nothing else explains it",
        ),
        Expect(cause="cause.network", says=("NAT",)),
        SLOW.late(),
    ),
    SLOW.case(
        "cause-unknown",
        Words("遅いのに、ログが読めない", "Slow, and the logs cannot be read"),
        Expect(cause="cause.unknown", says=("FilterLogEvents",)),
        SLOW.late(),
        faults=NO_LOGS,
        denied=True,
    ),
)
