"""Alarms about errors where there is nothing to change, or not enough to change anything on."""

from collections.abc import Iterator

from liveness_ops.drill.function_twists import NoAlias, RolledBack
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._errors import REMEDY, Errors
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import not_found
from liveness_ops.world.traffic import Ending, Requests


def held(errors: Errors) -> Iterator[Scenario]:
    """Normal ends of sessions, a rollout that is at 0 already, too few requests to judge."""
    yield errors.case(
        "nothing-to-do",
        Words(
            "失敗はすべて存在しないセッションへの問い合わせ",
            "All that fails asks for sessions that do not exist",
        ),
        Expect(cause="cause.sessions_ended"),
        not_found(),
        traffic=(
            Requests(errors.function, 84, Ending(), 15),
            Requests(errors.function, 60, not_found(), 15),
        ),
        quiet=True,
    )
    yield errors.case(
        "already",
        Words(
            "時間切れ。4 関数はすでに 0 になっている", "Time-outs, and all four functions are at 0 already"
        ),
        Expect(cause="cause.slow_dependency", results={REMEDY: "already"}),
        errors.late,
        NoAlias(),
        RolledBack(),
    )
    yield errors.case(
        "refuses-few-samples",
        Words(
            "深夜、3 時間で 12 件だけが全て時間切れ", "At night: only 12 requests in 3 hours, all timed out"
        ),
        Expect(
            cause="cause.slow_dependency",
            results={REMEDY: "refused"},
            because={REMEDY: "guard.too_few_samples"},
        ),
        errors.late,
        traffic=(Requests(errors.function, 12, errors.late, 5),),
    )
