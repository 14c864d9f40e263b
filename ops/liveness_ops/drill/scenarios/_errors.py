"""What makes a function fail before its own code can answer; both alarms about errors share these."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from liveness_ops.drill.function_twists import Released, Without
from liveness_ops.drill.scenario import Expect, Scenario, Twist
from liveness_ops.drill.scenarios._shared import NO_LOGS, OFF, ON_DEMAND, RELEASED, WRITTEN, failing
from liveness_ops.drill.twists import Denied
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import crashed, import_error, out_of_memory, service_error, timed_out
from liveness_ops.world.lines import Format
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import Ending, Requests

REMEDY = "rollout_to_zero"
_TABLE = "LIVENESS_SESSIONS_TABLE"


@dataclass(frozen=True)
class Errors:
    """One alarm about errors: its function, the time-out of that, the operation it calls."""

    alarm: str
    function: str
    limit: float
    operation: str

    @property
    def late(self) -> Ending:
        """Killed at the time-out."""
        return timed_out(self.limit)

    def case(
        self, name: str, words: Words, expect: Expect, ending: Ending, *twists: Twist, **more: Any
    ) -> Scenario:
        """One scenario."""
        traffic = failing(ending, function=self.function)
        return Scenario(self.alarm, name, words, expect, **{"traffic": traffic, "twists": twists, **more})


def shared(errors: Errors) -> tuple[Scenario, ...]:
    """Every outcome of the playbook."""
    return (
        *_crashes(errors),
        *_provoked(errors),
        *_throttled(errors),
        *_rights_and_settings(errors),
        *_held(errors),
        *_dark(errors),
    )


def _asks(cause: str, reason: str = "guard.provokable", **beside: str) -> Expect:
    """A caller can bring it about: a person decides."""
    return Expect(cause=cause, results={REMEDY: "asked", **beside}, because={REMEDY: reason})


def _acts(cause: str, **beside: str) -> Expect:
    return Expect(cause=cause, results={REMEDY: "applied", **beside}, after=OFF)


def _crashes(errors: Errors) -> Iterator[Scenario]:
    yield errors.case(
        "acts-import-error",
        Words("デプロイの直後から、モジュールが読み込めない", "Since a deployment a module is missing"),
        _acts("cause.release", alias_rollback="refused"),
        import_error(),
        Released(errors.function),
        then=(RELEASED,),
    )


def _provoked(errors: Errors) -> Iterator[Scenario]:
    """What anyone who reaches the service can bring about."""
    yield errors.case(
        "asks-timeout",
        Words("リクエストが時間切れで落ちる", "Requests run into the time-out"),
        _asks("cause.slow_dependency"),
        errors.late,
        form=Format.JSON,
    )
    yield errors.case(
        "asks-memory",
        Words(
            "巨大なリクエスト 6 件だけがメモリ不足で落ちる（外部から起こせる）",
            "Six huge requests die of too little memory (anyone outside can send them)",
        ),
        _asks("cause.memory"),
        out_of_memory(),
        traffic=(
            *failing(Ending(), function=errors.function, bad=0),
            Requests(errors.function, 6, out_of_memory(), 5),
        ),
    )


def _throttled(errors: Errors) -> Iterator[Scenario]:
    """The table, or anything while the module is missing."""
    yield errors.case(
        "acts-table-throttled",
        Words(
            "テーブルが容量不足で、待つリクエストが時間切れになる",
            "The table is out of capacity, and requests that wait for it time out",
        ),
        Expect(cause="cause.table_throttled", results={"on_demand_billing": "applied"}, after=ON_DEMAND),
        errors.late,
        strain=Strain(throttles=400, minutes=14, consumed=5.0, latency=0.041),
    )
    yield errors.case(
        "asks-flood",
        Words(
            "モジュールが読み込めないなか、外部からの大量アクセスでスロットリングも起きている",
            "A module is missing, and meanwhile a flood of requests is throttled",
        ),
        _asks("cause.import_error", "guard.throttled", **WRITTEN),
        import_error(),
        traffic=(
            *failing(import_error(), function=errors.function),
            Requests(errors.function, 20, service_error("ThrottlingException", errors.operation), 14),
        ),
    )


def _rights_and_settings(errors: Errors) -> Iterator[Scenario]:
    denied = service_error("AccessDeniedException", errors.operation)
    late = Requests(errors.function, 24, errors.late, 14)
    yield errors.case(
        "acts-permission",
        Words("権限が外れ、一部は時間切れにもなる", "A right is gone, and some requests time out over it"),
        _acts("cause.permission_absent", **WRITTEN),
        denied,
        Denied((f"rekognition:{errors.operation}",)),
        traffic=(*failing(denied, function=errors.function), late),
        form=Format.JSON,
    )
    yield errors.case(
        "asks-environment",
        Words("環境変数が 1 つ消えている", "An environment variable is gone"),
        Expect(
            cause="cause.environment",
            results={"repair_environment": "asked", REMEDY: "asked"},
            says=(_TABLE,),
        ),
        crashed("KeyError", f"'{_TABLE}'"),
        Without(_TABLE, (errors.function,)),
    )


def _held(errors: Errors) -> Iterator[Scenario]:
    yield errors.case(
        "asks-mode",
        Words("モジュールが読み込めない。モードは approve", "A module is missing, and the mode is approve"),
        _asks("cause.import_error", "guard.mode_approve"),
        import_error(),
        modes={REMEDY: "approve"},
    )
    yield errors.case(
        "refuses-as-deployed",
        Words("時間切れ。ただし切り替え変数がない", "Time-outs, but there is no switch"),
        Expect(
            cause="cause.slow_dependency",
            results={REMEDY: "refused"},
            because={REMEDY: "guard.precondition"},
        ),
        errors.late,
        world=World.AS_DEPLOYED,
    )


def _dark(errors: Errors) -> Iterator[Scenario]:
    silent = Requests(errors.function, 36, errors.late, 14, logged=False)
    yield errors.case(
        "asks-unlogged",
        Words(
            "エラーは数えられているのに、ログに残っていない", "Errors are counted, and no log tells of them"
        ),
        Expect(
            cause="cause.unknown",
            results={REMEDY: "asked"},
            because={REMEDY: "guard.sure_too_few"},
        ),
        errors.late,
        traffic=(Requests(errors.function, 84, Ending(), 14), silent),
    )
    yield errors.case(
        "cause-unknown",
        Words("ログが読めない", "The logs cannot be read"),
        Expect(cause="cause.unknown", says=("FilterLogEvents",)),
        errors.late,
        faults=NO_LOGS,
        denied=True,
    )
