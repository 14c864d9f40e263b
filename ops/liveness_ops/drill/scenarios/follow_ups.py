"""Incidents from the alarm to their end, in virtual time."""

from liveness_ops.drill.follow import At, Follow, Told
from liveness_ops.drill.function_twists import ForEverybody
from liveness_ops.drill.happenings import Acknowledges, Approves, Arrive, Dies, Recovers, Rings, Round
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import OFF, SERVED_OFF, failing, slow
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import GET, cold, created, passed, service_error
from liveness_ops.world.names import ALIAS, CREATE, RESULT
from liveness_ops.world.traffic import Requests

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
WARM = "provisioned_concurrency"
TRAFFIC = failing(service_error("InternalServerError", GET))
ACTS = Expect(cause="cause.internal", results={REMEDY: "applied"}, after=OFF)
REFUSES = Expect(cause="cause.internal", results={REMEDY: "refused"}, because={REMEDY: "guard.precondition"})
ASKS = Expect(cause="cause.internal", results={REMEDY: "asked"}, because={REMEDY: "guard.mode_approve"})


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
        ),
        told=(
            Told(0, "response", '"result": "applied"'),
            Told(0.5, "command", "order.continue"),
            Told(16, "progress mitigated"),
            Told(16, "command", '"after": "10"'),
            Told(20, "command", '"result": "stepped"'),
            Told(20, "command", "order.continue"),
            Told(23, "progress restore_verified"),
            Told(23, "command", '"after": "50"'),
            Told(34, "command", '"result": "stepped"'),
            Told(34, "command", "order.continue"),
            Told(83, "reminder remind"),
            Told(94, "progress restore_unproven"),
            Told(94, "command", '"after": "100"'),
            Told(100, "command", '"result": "taken_back"'),
            Told(100, "command", "order.continue"),
            Told(100, "closed close", "report.ja.html"),
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
            Told(68, "closed close", "report.ja.html"),
        ),
        runs=("g1", "g2"),
        turns=2,
    ),
)

_NEVER = Scenario(
    ALARM,
    "never-recovers",
    Words(
        "何もできず、回復もしない。4 段階すべてに知らせる",
        "Nothing can be done, and it lasts: all four levels are told",
    ),
    REFUSES,
    world=World.AS_DEPLOYED,
    traffic=TRAFFIC,
    follow=Follow(
        script=(),
        told=(
            Told(0, "response", '"result": "refused"'),
            Told(30, "escalation 2"),
            Told(60, "escalation 3"),
            Told(120, "escalation 4", "AWS Support"),
        ),
        until=125,
        closed=False,
    ),
)

_FORGOTTEN = Scenario(
    ALARM,
    "acknowledged-and-forgotten",
    Words("当番が確認応答したまま、何も起きない", "On-call acknowledges, and then nothing happens"),
    REFUSES,
    world=World.AS_DEPLOYED,
    traffic=TRAFFIC,
    follow=Follow(
        script=(At(10, Acknowledges()),),
        told=(Told(0, "response", '"result": "refused"'), Told(70, "escalation 2")),
        until=75,
        closed=False,
    ),
)

_LINKED = Scenario(
    ALARM,
    "linked",
    Words("同じ障害で 2 つのアラームが鳴る", "Two alarms over the same fault"),
    ACTS,
    traffic=TRAFFIC,
    follow=Follow(
        script=(At(1, Rings("low-success-rate")),),
        told=(
            Told(0, "response", '"result": "applied"'),
            Told(0.5, "command", "order.continue"),
            Told(1, "response", "guard.linked"),
        ),
        until=2,
        closed=False,
        left=OFF | SERVED_OFF,
    ),
)

_BROUGHT_BACK = Scenario(
    ALARM,
    "brought-back",
    Words(
        "フォローアップが止まり、監視役が再開する。届かなかった承認も実行される",
        "The follow-up dies, the watchdog brings it back, and an approval whose command got lost counts",
    ),
    ASKS,
    traffic=TRAFFIC,
    modes={REMEDY: "approve"},
    follow=Follow(
        script=(At(0, Dies()), At(0, Round()), At(2, Approves(lost=True))),
        told=(
            Told(0, "response", '"result": "asked"'),
            Told(0, "watchdog"),
            Told(2, "command", '"result": "applied"'),
            Told(2, "command", "order.continue"),
        ),
        until=6,
        closed=False,
        left=OFF | SERVED_OFF,
        runs=("g2",),
    ),
)

SCENARIOS = (_BACK_TO_NORMAL, _WARM, _NEVER, _FORGOTTEN, _LINKED, _BROUGHT_BACK)
