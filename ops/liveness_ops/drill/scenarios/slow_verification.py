"""FaceAuth-Liveness-SlowVerification: cold starts, the table, memory, Rekognition."""

from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._slow import Slow, absent, shared
from liveness_ops.drill.scenarios._slow_table import table_cases, table_throttled
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, cold, passed
from liveness_ops.world.names import RESULT

SLOW = Slow("slow-verification", RESULT, passed(), 11.5, 15.0, GET)
_REMEDY = "provisioned_concurrency"
_COLD = cold(SLOW.late(), 7.4)

SCENARIOS: tuple[Scenario, ...] = (
    *shared(SLOW),
    table_throttled(SLOW),
    *table_cases(SLOW),
    *absent(SLOW),
    SLOW.case(
        "refuses-unused-alias",
        Words("別名はあるが、通信が来ていない", "There is an alias, and nobody uses it"),
        Expect(
            cause="cause.cold_starts",
            results={_REMEDY: "refused"},
            because={_REMEDY: "guard.precondition"},
        ),
        _COLD,
        past_alias=True,
    ),
    SLOW.case(
        "asks-mode",
        Words("コールドスタート。モードは approve", "Cold starts, and the mode is approve"),
        Expect(
            cause="cause.cold_starts", results={_REMEDY: "asked"}, because={_REMEDY: "guard.mode_approve"}
        ),
        _COLD,
        modes={_REMEDY: "approve"},
    ),
)
