"""What slow requests come from; the three alarms about time share these stories."""

from dataclasses import dataclass
from typing import Any

from liveness_ops.drill.function_twists import Without
from liveness_ops.drill.scenario import Expect, Scenario, Step, Twist
from liveness_ops.drill.scenarios._shared import slow
from liveness_ops.drill.twists import TableGone
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import cold, service_error, timed_out, unexpected, using
from liveness_ops.world.lines import Format
from liveness_ops.world.names import ALIAS, CREATE
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import Ending, Requests

_PC = "provisioned_concurrency"
_MEMORY = "memory_increase"
# Seconds of initialisation by which a cold start is over any of the lines.
_INIT = 7.4


@dataclass(frozen=True)
class Slow:
    """One alarm about time: its function, an ordinary end of a request, how slow is slow, its limit."""

    alarm: str
    function: str
    ordinary: Ending
    seconds: float
    limit: float
    operation: str

    @property
    def scope(self) -> str:
        """As remedies call the function."""
        return "create" if self.function == CREATE else "result"

    def late(self, **more: Any) -> Ending:
        """The same, slow."""
        return Ending(self.ordinary.lines, self.ordinary.metrics, self.seconds, **more)

    def traffic(self, ending: Ending) -> tuple[Requests, ...]:
        """An hour of it."""
        return slow(ending, function=self.function)

    def case(
        self, name: str, words: Words, expect: Expect, ending: Ending, *twists: Twist, **more: Any
    ) -> Scenario:
        """One scenario."""
        told = {"traffic": self.traffic(ending), "twists": twists, **more}
        return Scenario(self.alarm, name, words, expect, **told)


def shared(slow: Slow) -> tuple[Scenario, ...]:
    """The outcomes that every one of the three can reach."""
    return (cold_starts(slow), no_alias(slow), memory(slow), _downstream(slow), _unknown(slow))


def cold_starts(slow: Slow) -> Scenario:
    """Kept warm, seen READY, taken back."""
    warm = {f"{slow.function}:{ALIAS} provisioned": "5"}
    return slow.case(
        "acts-cold-starts",
        Words("リクエストの 3 分の 1 がコールドスタート", "A third of the requests are cold starts"),
        Expect(cause="cause.cold_starts", results={_PC: "applied"}, after=warm, severity="medium"),
        cold(slow.late(), _INIT),
        then=(
            Step(
                Words("READY を確かめる", "See whether it is READY"),
                "continue",
                _PC,
                Expect(results={_PC: "applied"}),
                scope=slow.scope,
            ),
            Step(
                Words("回復後に元へ戻す", "Taken back after recovery"),
                "take-back",
                _PC,
                Expect(results={_PC: "taken_back"}, after=dict.fromkeys(warm, "0")),
                scope=slow.scope,
            ),
        ),
    )


def no_alias(slow: Slow) -> Scenario:
    """Nothing to keep warm."""
    return slow.case(
        "refuses-as-deployed",
        Words("コールドスタート。ただし別名がない", "Cold starts, but there is no alias"),
        Expect(cause="cause.cold_starts", results={_PC: "refused"}, because={_PC: "guard.precondition"}),
        cold(slow.late(), _INIT),
        world=World.AS_DEPLOYED,
        form=Format.JSON,
    )


def memory(slow: Slow) -> Scenario:
    """More of it, once approved."""
    return slow.case(
        "asks-memory",
        Words("メモリをほぼ使い切っている", "The memory is nearly used up"),
        Expect(cause="cause.memory", results={_MEMORY: "asked"}),
        using(slow.late(), 250),
        form=Format.JSON,
        then=(
            Step(
                Words("当番が承認し、適用する", "On-call approves, and it is applied"),
                "apply",
                _MEMORY,
                Expect(results={_MEMORY: "applied"}, after={f"{slow.function} MemorySize": "512"}),
                scope=slow.scope,
                approved_by="oncall",
            ),
            Step(
                Words("公開して別名を移す", "Publish, and move the alias"),
                "continue",
                _MEMORY,
                Expect(results={_MEMORY: "applied"}, after={f"{slow.function}:{ALIAS} MemorySize": "512"}),
                scope=slow.scope,
            ),
        ),
    )


def _downstream(slow: Slow) -> Scenario:
    return slow.case(
        "steps-downstream",
        Words("Rekognition が遅く、最後に内部エラーを返す", "Rekognition is slow and then fails internally"),
        Expect(cause="cause.internal"),
        service_error("InternalServerError", slow.operation, seconds=slow.seconds),
    )


def absent(slow: Slow) -> tuple[Scenario, ...]:
    """Beside slow requests, others fail because something that the service needs is not there."""
    variable = "LIVENESS_SESSIONS_TABLE"
    metric = "SessionCreationError" if slow.function == CREATE else "VerificationError"
    crash = unexpected("KeyError", f"'{variable}'", metric)
    not_found = service_error("ResourceNotFoundException", "UpdateItem")

    def beside(ending: Ending) -> tuple[Requests, ...]:
        return (*slow.traffic(slow.late()), Requests(slow.function, 12, ending, 40))

    return (
        slow.case(
            "asks-environment",
            Words(
                "遅いうえに、消えた環境変数のために失敗するリクエストがある",
                "Requests are slow, and some fail because a variable of the function is gone",
            ),
            Expect(
                cause="cause.environment",
                results={"repair_environment": "asked"},
                says=(slow.function, variable),
            ),
            slow.late(),
            Without(variable, (slow.function,)),
            traffic=beside(crash),
        ),
        slow.case(
            "steps-table-absent",
            Words(
                "遅いうえに、削除されたテーブルのために失敗するリクエストがある",
                "Requests are slow, and some fail because the sessions table was deleted",
            ),
            Expect(cause="cause.table_absent", says=("liveness-ops restore-table",)),
            slow.late(),
            TableGone(),
            traffic=beside(not_found),
        ),
    )


def _unknown(slow: Slow) -> Scenario:
    return slow.case(
        "cause-unknown",
        Words("遅いが、どこにも原因が見えない", "Slow, and nothing shows why"),
        Expect(cause="cause.unknown"),
        slow.late(),
    )


def timing_out(slow: Slow) -> Scenario:
    """Requests die at their limit, without a word of their own."""
    return slow.case(
        "steps-timeout",
        Words("下流が応答せず、時間切れで落ちる", "Something downstream does not answer: requests time out"),
        Expect(cause="cause.slow_dependency", severity="high"),
        timed_out(slow.limit),
        form=Format.JSON,
    )


def hanging(slow: Slow) -> tuple[Scenario, ...]:
    """What the requests wait for can be seen: from what the others say, or from the table's own figures."""
    late = timed_out(slow.limit)
    failing = service_error("InternalServerError", slow.operation, seconds=slow.seconds)
    return (
        slow.case(
            "steps-hanging-rekognition",
            Words(
                "Rekognition が応答せず、大半が時間切れになり、一部は内部エラーになる",
                "Rekognition hangs: most requests time out, some end with its internal error",
            ),
            Expect(cause="cause.slow_rekognition", says=("Rekognition",), severity="high"),
            late,
            traffic=(*slow.traffic(late), Requests(slow.function, 9, failing, 60)),
        ),
        slow.case(
            "steps-hanging-table",
            Words(
                "テーブルの応答が遅く（スロットリングではない）、リクエストが時間切れになる",
                "The table answers slowly, without throttling, and requests time out",
            ),
            Expect(cause="cause.slow_table", says=("DynamoDB",), severity="high"),
            late,
            strain=Strain(latency=4.2),
        ),
        slow.case(
            "steps-killed-cold-starts",
            Words(
                "打ち切られたのはすべてコールドスタート。初期化のせいとは言えない",
                "All that time out are cold starts: that proves nothing about their initialisation",
            ),
            Expect(cause="cause.slow_dependency", severity="high"),
            cold(late, _INIT),
        ),
    )
