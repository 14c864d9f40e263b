"""What makes a function fail before its own code can answer; both alarms about errors share these."""

from typing import Any

from liveness_ops.drill.scenario import Expect, Scenario, Twist
from liveness_ops.drill.scenarios._shared import OFF, failing
from liveness_ops.drill.twists import Denied, Released, Without
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import crashed, import_error, out_of_memory, service_error, timed_out
from liveness_ops.world.lines import Format
from liveness_ops.world.traffic import Ending, Requests

REMEDY = "rollout_to_zero"
_TABLE = "LIVENESS_SESSIONS_TABLE"


def shared(alarm: str, function: str, limit: float, operation: str) -> tuple[Scenario, ...]:
    """Every outcome of the playbook; `limit` is the function's time-out, `operation` what it calls."""

    def case(
        name: str, words: Words, expect: Expect, ending: Ending, *twists: Twist, **more: Any
    ) -> Scenario:
        traffic = failing(ending, function=function)
        return Scenario(alarm, name, words, expect, **{"traffic": traffic, "twists": twists, **more})

    return (
        case(
            "acts-import-error",
            Words("デプロイの直後から、モジュールが読み込めない", "Since a deployment a module is missing"),
            _acts("cause.release"),
            import_error(),
            Released(function),
        ),
        case(
            "acts-timeout",
            Words("リクエストが時間切れで落ちる", "Requests run into the time-out"),
            _acts("cause.timeout"),
            timed_out(limit),
            form=Format.JSON,
        ),
        case(
            "acts-memory",
            Words("メモリ不足で落ちる", "Requests die of too little memory"),
            _acts("cause.memory"),
            out_of_memory(),
        ),
        case(
            "acts-permission",
            Words(
                "権限が外れ、一部は時間切れにもなる", "A right is gone, and some requests time out over it"
            ),
            _acts("cause.access_denied"),
            service_error("AccessDeniedException", operation),
            Denied((f"rekognition:{operation}",)),
            traffic=_denied_and_late(function, limit, operation),
            form=Format.JSON,
        ),
        case(
            "asks-environment",
            Words("環境変数が 1 つ消えている", "An environment variable is gone"),
            Expect(cause="cause.environment", results={REMEDY: "asked"}, says=(_TABLE,)),
            crashed("KeyError", f"'{_TABLE}'"),
            Without(_TABLE, (function,)),
        ),
        case(
            "asks-mode",
            Words("時間切れ。モードは approve", "Time-outs, and the mode is approve"),
            Expect(cause="cause.timeout", results={REMEDY: "asked"}, because={REMEDY: "guard.mode_approve"}),
            timed_out(limit),
            modes={REMEDY: "approve"},
        ),
        case(
            "refuses-as-deployed",
            Words("時間切れ。ただし切り替え変数がない", "Time-outs, but there is no switch"),
            Expect(
                cause="cause.timeout", results={REMEDY: "refused"}, because={REMEDY: "guard.precondition"}
            ),
            timed_out(limit),
            world=World.AS_DEPLOYED,
        ),
        case(
            "acts-unlogged",
            Words(
                "エラーは数えられているのに、ログに何も残っていない",
                "Errors are counted, and no log tells of them",
            ),
            _acts("cause.unknown"),
            timed_out(limit),
            traffic=(
                Requests(function, 84, Ending(), 14),
                Requests(function, 36, timed_out(limit), 14, logged=False),
            ),
        ),
        case(
            "cause-unknown",
            Words("ログが読めない", "The logs cannot be read"),
            Expect(cause="cause.unknown", says=("FilterLogEvents",)),
            timed_out(limit),
            faults=(
                {
                    "service": "logs",
                    "operation": "FilterLogEvents",
                    "error_code": "AccessDeniedException",
                    "times": 50,
                },
            ),
            denied=True,
        ),
    )


def _acts(cause: str) -> Expect:
    return Expect(cause=cause, results={REMEDY: "applied"}, after=OFF)


def _denied_and_late(function: str, limit: float, operation: str) -> tuple[Requests, ...]:
    return (
        *failing(service_error("AccessDeniedException", operation), function=function),
        Requests(function, 24, timed_out(limit), 15),
    )
