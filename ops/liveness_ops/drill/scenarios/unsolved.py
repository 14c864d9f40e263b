"""Incidents that nobody solves: who is told, and when; and a follow-up that dies."""

from liveness_ops.drill.follow import At, Follow, Told
from liveness_ops.drill.happenings import (
    Acknowledges,
    Approves,
    Closes,
    Deleted,
    Dies,
    GoesOn,
    LosesEvent,
    Recovers,
    Returns,
    Rings,
    Round,
)
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import OFF, SERVED_OFF, failing
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import GET, service_error

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
TRAFFIC = failing(service_error("InternalServerError", GET))
ACTS = Expect(cause="cause.internal", results={REMEDY: "applied"}, after=OFF)
REFUSES = Expect(cause="cause.internal", results={REMEDY: "refused"}, because={REMEDY: "guard.precondition"})
ASKS = Expect(cause="cause.internal", results={REMEDY: "asked"}, because={REMEDY: "guard.mode_approve"})

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
        script=(At(0, GoesOn(60)), At(60, GoesOn(60))),
        told=(
            Told(0, "response", '"result": "refused"'),
            Told(30, "escalation 2"),
            Told(60, "escalation 3"),
            Told(120, "escalation 4", "AWS Support"),
        ),
        until=121,
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
        script=(At(0, GoesOn(75)), At(10, Acknowledges())),
        told=(Told(0, "response", '"result": "refused"'), Told(70, "escalation 2")),
        until=71,
        closed=False,
    ),
)

_COMES_AND_GOES = Scenario(
    ALARM,
    "comes-and-goes",
    Words(
        "アラームが OK と ALARM を繰り返す。最初の ALARM からの時間で知らせる",
        "The alarm comes and goes: the levels count from its first ALARM",
    ),
    REFUSES,
    world=World.AS_DEPLOYED,
    traffic=TRAFFIC,
    follow=Follow(
        script=(
            At(0, GoesOn(75)),
            At(12, Recovers()),
            At(18, Returns()),
            At(27, Recovers()),
            At(34, Returns()),
        ),
        told=(
            Told(0, "response", '"result": "refused"'),
            Told(34, "escalation 2"),
            Told(60, "escalation 3"),
        ),
        until=61,
        closed=False,
    ),
)

_DELETED = Scenario(
    ALARM,
    "alarm-deleted",
    Words(
        "アラームが削除される。すぐに知らせ、当番が手動で終了する",
        "The alarm is deleted: said at once, and on-call closes the incident by hand",
    ),
    REFUSES,
    world=World.AS_DEPLOYED,
    traffic=TRAFFIC,
    follow=Follow(
        script=(At(0, GoesOn(30)), At(12, Deleted()), At(35, Closes())),
        told=(
            Told(0, "response", '"result": "refused"'),
            Told(12, "progress gone", "deleted or renamed"),
            Told(30, "escalation 2", "deleted or renamed"),
            Told(35, "closed closed_by_hand", "the alarm was renamed"),
        ),
        until=60,
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
        others=("low-success-rate",),
    ),
)

_BROUGHT_BACK = Scenario(
    ALARM,
    "brought-back",
    Words(
        "フォローアップが止まり、監視役が再開し、終わった一時停止を消す。届かなかった承認も実行される",
        "The follow-up dies; the watchdog resumes it, and removes an ended pause. A lost approval counts",
    ),
    ASKS,
    traffic=TRAFFIC,
    modes={REMEDY: "approve"},
    ended_pause="last-release",
    follow=Follow(
        script=(At(0, Dies()), At(0, LosesEvent(ALARM)), At(0, Round()), At(2, Approves(lost=True))),
        told=(
            Told(0, "response", '"result": "asked"'),
            Told(0, "watchdog"),
            Told(3, "command", '"result": "applied"'),
            Told(3.5, "command", "order.continue"),
        ),
        until=6,
        closed=False,
        left=OFF | SERVED_OFF | {"stop last-release": ""},
        runs=("g2",),
    ),
)

SCENARIOS = (_NEVER, _FORGOTTEN, _COMES_AND_GOES, _DELETED, _LINKED, _BROUGHT_BACK)
