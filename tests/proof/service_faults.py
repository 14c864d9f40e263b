"""What is wrong with the service while all alarms fire."""

from rehearsal.drill.scenario import Expect, Scenario
from rehearsal.drill.words import BilingualText
from rehearsal.world.names import CREATE, RESULT
from rehearsal.world.points import LambdaPressure, TablePressure
from rehearsal.world.request_endings import GET, cold, created, failing, lasting, passed, service_error
from rehearsal.world.traffic import Requests

_INTERNAL = service_error("InternalServerError", GET)
_NONE = BilingualText("", "")


def _scenario(name: str, **more: object) -> Scenario:
    return Scenario("high-error-rate", name, _NONE, Expect(), **more)  # type: ignore[arg-type]


# Rekognition fails: rollout_to_zero.
FAULTS = _scenario("faults", traffic=failing(_INTERNAL, good=444))
# And the table throttles: on_demand_billing.
EVERYTHING = _scenario(
    "everything",
    traffic=failing(_INTERNAL, good=200, bad=40),
    table_pressure=TablePressure(throttles=22, minutes=6, consumed=5.0, latency=0.9),
    lambda_pressure=LambdaPressure(throttles=3),
)
# Rekognition fails, and sessions are created by cold starts: rollout_to_zero and provisioned_concurrency.
COLD = _scenario(
    "cold",
    traffic=(
        Requests(RESULT, 200, passed(), 14),
        Requests(RESULT, 40, _INTERNAL, 14),
        Requests(CREATE, 60, created(), 60),
        Requests(CREATE, 30, cold(lasting(created(), 9.4), 5.2), 60),
    ),
)
