"""FaceAuth-Liveness-LowSuccessRate: users' light and cameras, or the service."""

from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import OFF, ON_DEMAND, RELEASED, failing
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import GET, created, failed, passed, service_error, unfinished
from liveness_ops.world.lines import Format
from liveness_ops.world.names import CREATE, RESULT
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import Ending, Requests

ALARM = "low-success-rate"
REMEDY = "rollout_to_zero"


def _checks(ending: Ending, bad: int = 30, good: int = 90) -> tuple[Requests, ...]:
    return (
        Requests(CREATE, good + bad, created(), 60),
        Requests(RESULT, good, passed(), 60),
        Requests(RESULT, bad, ending, 60),
    )


_WITH_USERS_LEAVING = (Requests(RESULT, 30, unfinished(), 15),)
SCENARIOS = (
    Scenario(
        ALARM,
        "nothing-to-do-unfinished",
        Words("利用者が途中でやめている（スコア 0）", "People give up half-way (score 0)"),
        Expect(cause="cause.unfinished"),
        traffic=_checks(unfinished()),
        form=Format.JSON,
    ),
    Scenario(
        ALARM,
        "nothing-to-do-low-scores",
        Words("照明やカメラが悪く、スコアが低い", "Bad light or cameras: the scores are low"),
        Expect(cause="cause.low_scores"),
        traffic=_checks(failed(41.3)),
    ),
    Scenario(
        ALARM,
        "nothing-to-do-near-threshold",
        Words("しきい値のすぐ下のスコアが多い", "Many scores just below the threshold"),
        Expect(
            cause="cause.near_threshold",
            results={"lower_threshold": "refused"},
            because={"lower_threshold": "guard.precondition"},
        ),
        traffic=_checks(failed(86.4)),
        world=World.AS_DEPLOYED,
    ),
    Scenario(
        ALARM,
        "acts",
        Words("Rekognition の内部エラーで検証が失敗", "Checks fail through internal errors of Rekognition"),
        Expect(cause="cause.internal", results={REMEDY: "applied"}, after=OFF),
        traffic=(*failing(service_error("InternalServerError", GET)), *_WITH_USERS_LEAVING),
        form=Format.JSON,
        then=(RELEASED,),
    ),
    Scenario(
        ALARM,
        "asks",
        Words("Rekognition がスロットリングしている", "Rekognition throttles"),
        Expect(cause="cause.throttling", results={REMEDY: "asked", "propose_change": "observed"}),
        traffic=(*failing(service_error("ThrottlingException", GET)), *_WITH_USERS_LEAVING),
    ),
    Scenario(
        ALARM,
        "acts-table-throttled",
        Words("セッションのテーブルが容量を使い切っている", "The sessions table is out of capacity"),
        Expect(cause="cause.table_throttled", results={"on_demand_billing": "applied"}, after=ON_DEMAND),
        traffic=(
            *failing(service_error("ProvisionedThroughputExceededException", "UpdateItem", retries=9)),
            *_WITH_USERS_LEAVING,
        ),
        strain=Strain(throttles=22, minutes=6, consumed=5.0, latency=0.041),
    ),
    Scenario(
        ALARM,
        "refuses-as-deployed",
        Words(
            "内部エラー。ただし切り替え変数がまだない", "Internal errors, but the switch does not exist yet"
        ),
        Expect(
            cause="cause.internal",
            results={REMEDY: "refused"},
            because={REMEDY: "guard.precondition"},
        ),
        traffic=(*failing(service_error("InternalServerError", GET)), *_WITH_USERS_LEAVING),
        world=World.AS_DEPLOYED,
    ),
    Scenario(
        ALARM,
        "cause-unknown",
        Words("1 時間に 8 件だけで、3 件が失敗", "Only 8 checks in an hour, 3 of them failed"),
        Expect(cause="cause.unknown"),
        traffic=(Requests(RESULT, 5, passed(), 10), Requests(RESULT, 3, failed(70.0), 10)),
    ),
)
