"""The corrected version of an alarm: alone, and beside the deployed one."""

from liveness_ops.drill.follow import At, Follow, Told
from liveness_ops.drill.happenings import Rings
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import OFF, SERVED_OFF, failing
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, service_error

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
INTERNAL = service_error("InternalServerError", GET)
ACTS = Expect(
    cause="cause.internal",
    results={REMEDY: "applied"},
    after=OFF,
    says=("FaceAuth-Liveness-HighErrorRate-Corrected",),
)

SCENARIOS = (
    Scenario(
        ALARM,
        "corrected",
        Words(
            "5 分に 3 件ほどの障害で、既存のアラームは鳴らず、-Corrected だけが鳴る",
            "Three faults in 5 minutes: the deployed alarm stays silent, only the corrected one goes off",
        ),
        ACTS,
        traffic=failing(INTERNAL, bad=8, good=72),
        corrected=True,
    ),
    Scenario(
        ALARM,
        "corrected-beside-deployed",
        Words(
            "同じ障害で、-Corrected と既存のアラームが続けて鳴る。対処は 1 回だけ",
            "The corrected and the deployed alarm go off over one fault: it is mended once",
        ),
        ACTS,
        traffic=failing(INTERNAL),
        corrected=True,
        follow=Follow(
            script=(At(1, Rings(ALARM)),),
            told=(
                Told(0, "response", '"result": "applied"'),
                Told(0.5, "command", "order.continue"),
                Told(1, "response", "guard.linked"),
            ),
            until=2,
            closed=False,
            left=OFF | SERVED_OFF,
        ),
    ),
)
