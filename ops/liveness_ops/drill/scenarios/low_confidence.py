"""FaceAuth-Liveness-LowConfidence: abandoned sessions, really low scores, and the amber zone."""

from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import ON_DEMAND
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import failed, passed, unfinished
from liveness_ops.world.lines import Format
from liveness_ops.world.names import RESULT
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import Requests

ALARM = "low-confidence"
_WEEK = 7 * 24 * 60
LAST_WEEK = Requests(RESULT, 110, passed(97.1), _WEEK + 60, _WEEK, logged=False)

SCENARIOS = (
    Scenario(
        ALARM,
        "amber",
        Words(
            "平均 91 %。手順書では正常でもあり異常でもある",
            "91 % on average: normal and alarming in the manual",
        ),
        Expect(cause="cause.amber"),
        traffic=(LAST_WEEK, Requests(RESULT, 80, passed(91.6), 60), Requests(RESULT, 40, passed(90.2), 60)),
    ),
    Scenario(
        ALARM,
        "low-scores",
        Words("スコアそのものが低い", "The scores themselves are low"),
        Expect(cause="cause.low_scores"),
        traffic=(LAST_WEEK, Requests(RESULT, 60, passed(93.0), 60), Requests(RESULT, 60, failed(62.0), 60)),
        form=Format.JSON,
        world=World.AS_DEPLOYED,
    ),
    Scenario(
        ALARM,
        "acts-table-throttled",
        Words(
            "スコアが低く、セッションのテーブルもスロットリングされている",
            "The scores are low, and the sessions table is throttled as well",
        ),
        Expect(
            cause="cause.low_scores",
            results={"on_demand_billing": "applied"},
            after=ON_DEMAND,
            says=("DynamoDB",),
        ),
        traffic=(LAST_WEEK, Requests(RESULT, 60, passed(93.0), 60), Requests(RESULT, 60, failed(62.0), 60)),
        strain=Strain(throttles=22, minutes=6, consumed=5.0, latency=0.041),
    ),
    Scenario(
        ALARM,
        "unfinished",
        Words("途中でやめたセッションが平均を下げている", "Abandoned sessions drag the average down"),
        Expect(cause="cause.unfinished"),
        traffic=(LAST_WEEK, Requests(RESULT, 100, passed(97.2), 60), Requests(RESULT, 12, unfinished(), 60)),
        form=Format.JSON,
    ),
    Scenario(
        ALARM,
        "cause-unknown-few",
        Words("1 時間に 8 件しか検証がない", "Only 8 checks in an hour"),
        Expect(cause="cause.unknown"),
        traffic=(Requests(RESULT, 8, failed(60.0), 10),),
    ),
    Scenario(
        ALARM,
        "cause-unknown",
        Words("メトリクスが読めない", "The metrics cannot be read"),
        Expect(cause="cause.unknown", says=("GetMetricData",)),
        traffic=(LAST_WEEK, Requests(RESULT, 60, failed(62.0), 60)),
        faults=(
            {
                "service": "cloudwatch",
                "operation": "GetMetricData",
                "error_code": "AccessDenied",
                "times": 50,
            },
        ),
        denied=True,
    ),
)
