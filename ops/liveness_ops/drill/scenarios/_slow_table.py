"""Slow because the sessions table throttles, and what can keep it from being switched."""

from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import ON_DEMAND
from liveness_ops.drill.scenarios._slow import Slow
from liveness_ops.drill.twists import TableBusy
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.points import Strain

STRAINED = Strain(throttles=18, minutes=5, consumed=5.0, latency=0.9)
_TABLE = "on_demand_billing"


def table_throttled(slow: Slow) -> Scenario:
    """Switched, where nothing stands against it."""
    return slow.case(
        "acts-table-throttled",
        Words("テーブルのスロットリングで遅い", "The table throttles, and requests wait"),
        Expect(cause="cause.table_throttled", results={_TABLE: "applied"}, after=ON_DEMAND),
        slow.late(),
        strain=STRAINED,
    )


def table_cases(slow: Slow) -> tuple[Scenario, ...]:
    """What can keep the table from being switched."""
    throttled = "cause.table_throttled"
    return (
        slow.case(
            "already-on-demand",
            Words("テーブルはすでにオンデマンド", "The table is on demand already"),
            Expect(cause=throttled, results={_TABLE: "already"}),
            slow.late(),
            strain=STRAINED,
            world=World.AS_DEPLOYED,
        ),
        slow.case(
            "refuses-table-busy",
            Words("テーブルがほかの変更で更新中", "The table is being changed by somebody else"),
            Expect(cause=throttled, results={_TABLE: "refused"}, because={_TABLE: "guard.in_flight"}),
            slow.late(),
            TableBusy("UPDATING"),
            strain=STRAINED,
        ),
        slow.case(
            "fails-switch-limit",
            Words("今日はもう切り替えられない（AWS の上限）", "AWS allows no further switch today"),
            Expect(cause=throttled, results={_TABLE: "failed"}),
            slow.late(),
            TableBusy(switches=4),
            strain=STRAINED,
        ),
    )
