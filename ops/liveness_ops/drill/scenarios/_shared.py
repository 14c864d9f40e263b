"""Traffic, expectations and commands that several alarms share."""

from liveness_ops.drill.scenario import Expect, Step
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import created, passed
from liveness_ops.world.names import ALIAS, CREATE, LOGINS, RESULT, ROLLOUT, TABLE
from liveness_ops.world.traffic import Ending, Requests

STACK = "liveness-responder"
WRITTEN = {"propose_change": "observed"}
OFF = {f"{name} {ROLLOUT}": "0" for name in LOGINS}
SERVED_OFF = {f"{name}:{ALIAS} {ROLLOUT}": "0" for name in LOGINS}
ON_DEMAND = {
    f"{TABLE} billing": "PAY_PER_REQUEST",
    f"{TABLE} units": "0/0",
    f"{TABLE} EmployeeIdIndex units": "0/0",
}

NO_LOGS = (
    {"service": "logs", "operation": "FilterLogEvents", "error_code": "AccessDeniedException", "times": 50},
)
RELEASED = Step(
    Words("Lambda の更新が終わり、公開して別名を移す", "Lambda finished: publish and move the alias"),
    "continue",
    "rollout_to_zero",
    Expect(results={"rollout_to_zero": "applied"}, after=SERVED_OFF),
)


def failing(ending: Ending, *, bad: int = 36, good: int = 84, function: str = RESULT) -> tuple[Requests, ...]:
    """So many requests of one function fail, and the other function works.

    14 minutes: metrics come in whole minutes, so that log and metrics tell the same quarter of an hour.
    """
    return (
        Requests(CREATE, good + (0 if function == CREATE else bad), created(), 14),
        Requests(RESULT, good, passed(), 14),
        Requests(function, bad, ending, 14),
    )


def slow(
    ending: Ending, *, bad: int = 30, good: int = 60, function: str = RESULT, minutes: float = 60
) -> tuple[Requests, ...]:
    """An hour in which some requests of one function are slow."""
    return (
        Requests(CREATE, good, created(), minutes),
        Requests(RESULT, good, passed(), minutes),
        Requests(function, bad, ending, minutes),
    )
