"""What others change while a remedy is in force: read before each message, never in the way of a remedy."""

from liveness_ops.drill.follow import At, Follow, Told
from liveness_ops.drill.function_twists import ForEverybody
from liveness_ops.drill.happenings import Approves, Deploys, GoesOn, Recovers, Rings
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import OFF, failing
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, service_error
from liveness_ops.world.names import ALIAS, LOGINS, ROLLOUT

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
TRAFFIC = failing(service_error("InternalServerError", GET))
ACTS = Expect(cause="cause.internal", results={REMEDY: "applied"}, after=OFF)
BEGUN = (Told(0, "response", '"result": "applied"'), Told(0.5, "command", "order.continue"))
_LEFT = LOGINS[2:]

_RESTORED = Scenario(
    ALARM,
    "deployment-restores-all",
    Words(
        "無効化の間にデプロイが 100% を書き戻す。一度だけ知らせ、インシデントを閉じる",
        "A deployment puts 100 % back while the incident lasts: told once, then closed",
    ),
    ACTS,
    traffic=TRAFFIC,
    twists=(ForEverybody(),),
    follow=Follow(
        script=(At(6, Recovers()), At(10, Deploys())),
        told=(
            *BEGUN,
            Told(15, "progress changed", "told.changed"),
            Told(25, "closed close", "report.{language}.html"),
        ),
    ),
)

_HALF = Scenario(
    ALARM,
    "deployment-restores-half",
    Words(
        "4 関数のうち 2 関数だけが書き戻される。残りだけを元に戻す",
        "Two of the four functions are put back by others: only the rest is asked for and restored",
    ),
    ACTS,
    traffic=TRAFFIC,
    twists=(ForEverybody(),),
    follow=Follow(
        script=(At(6, Recovers()), At(10, Deploys(LOGINS[:2])), At(18, Approves())),
        told=(
            *BEGUN,
            Told(15, "progress changed", "told.changed_in_part"),
            Told(16, "progress mitigated"),
            Told(16, "command", '"result": "asked"'),
            Told(18, "command", "order.continue"),
        ),
        until=19,
        closed=False,
        left={f"{name} {ROLLOUT}": "10" for name in _LEFT}
        | {f"{name}:{ALIAS} {ROLLOUT}": "10" for name in _LEFT},
    ),
)

_NEXT_FAULT = Scenario(
    ALARM,
    "next-fault-after-a-deployment",
    Words(
        "デプロイ後、次の障害で別のアラームが鳴る。記録に残った古い変更に妨げられず自動で無効化する",
        "After a deployment another alarm tells of the next fault: it is mitigated automatically",
    ),
    ACTS,
    traffic=TRAFFIC,
    twists=(ForEverybody(),),
    follow=Follow(
        script=(At(4, Recovers()), At(15, Deploys()), At(16, GoesOn(14)), At(30, Rings("low-success-rate"))),
        told=(
            *BEGUN,
            Told(14, "progress mitigated"),
            Told(14, "command", '"result": "asked"'),
            Told(30, "response", '"result": "applied"'),
            Told(30, "progress changed", "told.changed"),
            Told(40, "closed close", "report.{language}.html"),
        ),
        left=OFF,
        others=("low-success-rate",),
    ),
)

SCENARIOS = (_RESTORED, _HALF, _NEXT_FAULT)
