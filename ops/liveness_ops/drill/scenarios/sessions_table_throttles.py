"""FaceAuth-LivenessSessions-Throttles: which limit the table met."""

from typing import Any

from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import ON_DEMAND, failing
from liveness_ops.drill.twists import TableGone
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import passed, service_error
from liveness_ops.world.names import INDEX, RESULT, TABLE
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import Requests

ALARM = "sessions-table-throttles"
REMEDY = "on_demand_billing"
THROTTLED = service_error("ProvisionedThroughputExceededException", "UpdateItem", retries=9)


def _case(name: str, words: Words, expect: Expect, strain: Strain, **more: Any) -> Scenario:
    return Scenario(ALARM, name, words, expect, strain=strain, **{"traffic": failing(THROTTLED), **more})


SCENARIOS = (
    _case(
        "acts-capacity",
        Words("テーブルがプロビジョンド容量を使い切っている", "The table is out of its provisioned capacity"),
        Expect(cause="cause.table_capacity", results={REMEDY: "applied"}, after=ON_DEMAND, says=(TABLE,)),
        Strain(throttles=22, minutes=6, consumed=5.0, latency=0.041),
    ),
    _case(
        "asks-hot-key",
        Words(
            "索引の容量には余裕があるのに拒否される（偏ったキー）",
            "An index refuses well below its capacity (a hot key)",
        ),
        Expect(cause="cause.table_hot_key", results={REMEDY: "asked"}, says=(INDEX,)),
        Strain(throttles=22, minutes=6, on=INDEX, consumed=0.9, latency=0.012),
    ),
    _case(
        "already-on-demand",
        Words(
            "オンデマンドなのに、テーブルの上限で拒否される",
            "On demand already, and the table's own maximum refuses",
        ),
        Expect(cause="cause.table_on_demand_throttled", results={REMEDY: "already"}),
        Strain(throttles=9, minutes=5, consumed=40.0, limit="MaxOnDemandThroughput"),
        world=World.AS_DEPLOYED,
    ),
    _case(
        "steps-table-absent",
        Words(
            "スロットリングされていたテーブルが削除された",
            "The table was throttled, and then it was deleted",
        ),
        Expect(cause="cause.table_absent", says=("liveness-ops restore-table",)),
        Strain(throttles=22, minutes=6, consumed=5.0, latency=0.041),
        twists=(TableGone(),),
    ),
    _case(
        "throttles-passed",
        Words(
            "20 分前の一時的な拒否。今は収まっている", "It refused for a while 20 minutes ago, and no more"
        ),
        Expect(cause="cause.throttles_passed"),
        Strain(throttles=22, minutes=4, ago=20, consumed=3.0),
        traffic=(Requests(RESULT, 84, passed(), 40), Requests(RESULT, 36, THROTTLED, 24, 20)),
        quiet=True,
    ),
    _case(
        "cause-unknown",
        Words(
            "1 分間だけの拒否。判断するには少なすぎる", "It refused in one minute only: too little to tell"
        ),
        Expect(cause="cause.unknown"),
        Strain(throttles=3, minutes=1, consumed=3.0),
    ),
)
