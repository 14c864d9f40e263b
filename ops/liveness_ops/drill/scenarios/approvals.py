"""A person decides: asked, approved, applied, released, and taken back in steps."""

from liveness_ops.drill.scenario import Expect, Scenario, Step
from liveness_ops.drill.scenarios._shared import OFF, RELEASED, failing
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, service_error
from liveness_ops.world.names import LOGINS, ROLLOUT

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
TRAFFIC = failing(service_error("InternalServerError", GET))

SCENARIOS = (
    Scenario(
        ALARM,
        "asks-mode",
        Words(
            "モードを approve にしていて、当番が承認し、あとで 10 % まで戻す",
            "The mode is approve: on-call agrees, and later goes back to 10 %",
        ),
        Expect(
            cause="cause.internal",
            results={REMEDY: "asked"},
            because={REMEDY: "guard.mode_approve"},
        ),
        traffic=TRAFFIC,
        modes={REMEDY: "approve"},
        then=(
            Step(
                Words("当番が承認し、適用する", "On-call approves, and it is applied"),
                "apply",
                REMEDY,
                Expect(results={REMEDY: "applied"}, after=OFF),
                approved_by="oncall",
            ),
            RELEASED,
            Step(
                Words("10 % まで戻したい", "Somebody wants to go back to 10 %"),
                "take-back",
                REMEDY,
                Expect(results={REMEDY: "asked"}, because={REMEDY: "guard.needs_approval"}),
                wanted={"percent": 10},
            ),
            Step(
                Words("承認されたので 10 % まで戻す", "Approved: back to 10 %"),
                "take-back",
                REMEDY,
                Expect(
                    results={REMEDY: "stepped"},
                    after={f"{name} {ROLLOUT}": "10" for name in LOGINS},
                    messages=0,
                ),
                wanted={"percent": 10},
                approved_by="oncall",
            ),
        ),
    ),
)
