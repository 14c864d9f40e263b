"""Failures of the chain itself: stores, topic, repeated and old events."""

from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import OFF, failing
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, service_error

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
TRAFFIC = failing(service_error("InternalServerError", GET))
_DOWN = {"error_code": "InternalServerError", "status": 500, "times": 200}
_STORE = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "TransactWriteItems")


def _observed(because: str, *, warns: tuple[str, ...] = (), messages: int = 1) -> Expect:
    return Expect(
        cause="cause.internal",
        results={REMEDY: "observed"},
        because={REMEDY: because} if because else {},
        warns=warns,
        messages=messages,
    )


SCENARIOS = (
    Scenario(
        ALARM,
        "twice",
        Words("同じイベントが 2 回届く", "The same event arrives twice"),
        Expect(cause="cause.internal", results={REMEDY: "applied"}, after=OFF, messages=1),
        traffic=TRAFFIC,
        deliveries=2,
    ),
    Scenario(
        ALARM,
        "stale",
        Words("40 分前のイベントが今届く", "An event of 40 minutes ago arrives now"),
        _observed("guard.stale"),
        traffic=TRAFFIC,
        event={"minutes": 40},
    ),
    Scenario(
        ALARM,
        "replayed",
        Words("アーカイブからの再送", "A replay from an archive"),
        _observed("guard.replayed"),
        traffic=TRAFFIC,
        event={"replay-name": "last-week"},
    ),
    Scenario(
        ALARM,
        "already-ok",
        Words("届いたときにはアラームが OK に戻っている", "The alarm is OK again when the event arrives"),
        _observed("guard.already_ok"),
        traffic=TRAFFIC,
        event={"ok": True},
    ),
    Scenario(
        ALARM,
        "modes-unreadable",
        Words("SSM が答えない", "SSM does not answer"),
        _observed("guard.pauses_unreadable"),
        traffic=TRAFFIC,
        faults=({**_DOWN, "service": "ssm", "operation": "*"},),
    ),
    Scenario(
        ALARM,
        "store-unreachable",
        Words("インシデントの表に届かない", "The incident tables cannot be reached"),
        _observed(""),
        traffic=TRAFFIC,
        faults=tuple({**_DOWN, "service": "dynamodb", "operation": operation} for operation in _STORE),
    ),
    Scenario(
        ALARM,
        "topic-unreachable",
        Words(
            "通知トピックに届かない（再試行も失敗し、失敗経路から通知する）",
            "The topic cannot be reached: retries fail, the failure path tells on-call",
        ),
        Expect(after=OFF, messages=1, says=("liveness-rollout",)),
        traffic=TRAFFIC,
        faults=({**_DOWN, "service": "sns", "operation": "Publish"},),
    ),
)
