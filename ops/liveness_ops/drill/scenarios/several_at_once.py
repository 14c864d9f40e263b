"""Alarms of one fault that go off at the same moment, under AWS's request rates and in real time."""

from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import OFF, failing
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import CREATE_SESSION, GET, service_error
from liveness_ops.world.names import CREATE
from liveness_ops.world.traffic import Requests

PART = "several-at-once"
ALARM = "high-error-rate"
_REFUSED = "InternalServerError"
TRAFFIC = (
    *failing(service_error(_REFUSED, GET)),
    Requests(CREATE, 36, service_error(_REFUSED, CREATE_SESSION), 14),
)
# Those whose playbook applies the remedy for this fault.
RAISED = (ALARM, "low-success-rate", "get-result-errors", "session-creation-errors", "create-session-errors")


def _played(number: int) -> Scenario:
    """In an order of its own: each of the five is raised last in two of the ten."""
    first = RAISED[number % len(RAISED) :] + RAISED[: number % len(RAISED)]
    *others, last = first if number < len(RAISED) else first[::-1]
    return Scenario(
        last,
        f"{PART}-{number + 1}",
        Words(
            "Rekognition の内部エラーで 5 つのアラームが同時に鳴る（AWS のリクエスト数の上限のもとで）",
            "Rekognition fails internally: five alarms go off at once, under AWS's request rates",
        ),
        Expect(once="rollout_to_zero", after=OFF, messages=len(RAISED)),
        traffic=TRAFFIC,
        world=World.ROLLED_OUT,
        beside=tuple(others),
        # The metrics of the others need more faults than tell this story.
        quiet=last not in (ALARM, "session-creation-errors"),
        part=PART,
        # It takes as long as on AWS. The other nine differ in the order.
        alone=number > 0,
    )


SCENARIOS = tuple(map(_played, range(10)))
