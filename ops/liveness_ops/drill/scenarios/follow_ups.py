"""Incidents from the alarm to their end, in virtual time."""

from liveness_ops.drill.follow import At, Follow, Told
from liveness_ops.drill.function_twists import ForEverybody
from liveness_ops.drill.happenings import Approves, Arrive, Recovers
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import OFF, failing, slow
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, cold, created, passed, service_error
from liveness_ops.world.names import ALIAS, CREATE, RESULT
from liveness_ops.world.traffic import Requests

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
WARM = "provisioned_concurrency"
TRAFFIC = failing(service_error("InternalServerError", GET))
ACTS = Expect(cause="cause.internal", results={REMEDY: "applied"}, after=OFF)


def _good(count: int, minutes: float) -> Arrive:
    both = Requests(CREATE, count, created(), minutes), Requests(RESULT, count, passed(), minutes)
    return Arrive(both, minutes)


_BACK_TO_NORMAL = Scenario(
    ALARM,
    "followed",
    Words(
        "Rekognition の内部エラー。アラームから、段階的に元へ戻してインシデントを閉じるまで",
        "Rekognition fails internally: from the alarm, step by step back, until the incident is closed",
    ),
    ACTS,
    traffic=TRAFFIC,
    twists=(ForEverybody(),),
    follow=Follow(
        script=(
            At(6, Recovers()),
            At(20, Approves()),
            At(22, _good(60, 8)),
            At(34, Approves()),
            At(100, Approves()),
            At(102, _good(40, 10)),
        ),
        told=(
            Told(0, "response", '"result": "applied"'),
            Told(0.5, "command", "order.continue"),
            Told(16, "progress mitigated"),
            Told(16, "command", '"after": "10"'),
            Told(20, "command", '"result": "stepped"'),
            Told(30, "command restore_verified", '"after": "50"'),
            Told(34, "command", '"result": "stepped"'),
            Told(90, "reminder remind"),
            Told(94, "command restore_unproven", '"after": "100"'),
            Told(100, "command", '"result": "taken_back"'),
            Told(110, "closed close", "report.{language}.html"),
        ),
    ),
)

_WARM = Scenario(
    "slow-verification",
    "followed-warm",
    Words(
        "コールドスタート。回復の 60 分後に元へ戻し、インシデントを閉じる（途中で実行を引き継ぐ）",
        "Cold starts: taken back 60 min after recovery, then closed (another execution takes over)",
    ),
    Expect(
        cause="cause.cold_starts", results={WARM: "applied"}, after={f"{RESULT}:{ALIAS} provisioned": "5"}
    ),
    traffic=slow(cold(passed(seconds=11.5), 5.2)),
    follow=Follow(
        script=(At(8, Recovers()), At(10, _good(40, 8))),
        told=(
            Told(0, "response", '"result": "applied"'),
            Told(0.5, "command", "order.continue"),
            Told(18, "progress recovered"),
            Told(68, "command", '"result": "taken_back"'),
            Told(68, "closed close", "report.{language}.html"),
        ),
        runs=("g1", "g2"),
        most=9,
    ),
)

SCENARIOS = (_BACK_TO_NORMAL, _WARM)
