"""A release that broke the service: one version back, once a person agrees."""

from typing import Any

from liveness_ops.drill.release_twists import Deployed
from liveness_ops.drill.scenario import Expect, Scenario, Step
from liveness_ops.drill.scenarios._shared import OFF, failing
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import created, import_error, passed, unexpected
from liveness_ops.world.functions import code
from liveness_ops.world.names import ALIAS, CREATE, RESULT
from liveness_ops.world.traffic import Requests

BACK, OUT = "alias_rollback", "rollout_to_zero"
BROKEN = unexpected("TypeError", "'NoneType' object is not subscriptable")
BOTH = (
    Requests(CREATE, 84, created(), 14),
    Requests(RESULT, 84, passed(), 14),
    Requests(CREATE, 36, BROKEN, 14),
    Requests(RESULT, 36, BROKEN, 14),
)


def _back(function: str) -> Step:
    return Step(
        Words(
            f"当番が承認し、{function} を前の版に戻す", f"On-call approves: {function}, the version before"
        ),
        "apply",
        BACK,
        Expect(results={BACK: "applied"}, after={f"{function}:{ALIAS} CodeSha256": code(function)}),
        scope="create" if function == CREATE else "result",
        approved_by="oncall",
    )


def _one(alarm: str, function: str) -> Scenario:
    return Scenario(
        alarm,
        "asks-rollback",
        Words("リリースの直後から、モジュールが読み込めない", "Since a release a module cannot be loaded"),
        Expect(cause="cause.release", results={BACK: "asked", OUT: "applied"}, after=OFF),
        traffic=failing(import_error(), function=function),
        twists=(Deployed(function),),
        then=(_back(function),),
    )


def _both(alarm: str, **more: Any) -> Scenario:
    return Scenario(
        alarm,
        "asks-rollback",
        Words("両方の関数のリリースの直後から壊れている", "Both functions broken since their release"),
        Expect(cause="cause.release", results={BACK: "asked", OUT: "asked"}),
        traffic=BOTH,
        twists=(Deployed(CREATE), Deployed(RESULT)),
        then=(_back(CREATE), _back(RESULT)),
        **more,
    )


SCENARIOS = (
    _both("low-success-rate", quiet=True),
    _both("high-error-rate"),
    _one("create-session-errors", CREATE),
    _one("get-result-errors", RESULT),
)
