"""The alarm is silenced in CloudWatch, or CloudWatch cannot evaluate it; the fault would act."""

from typing import Any

from liveness_ops.drill import kinds
from liveness_ops.drill.follow import At, Follow, Told
from liveness_ops.drill.scenario import Expect, Scenario, Twist
from liveness_ops.drill.scenarios._shared import OFF, SERVED_OFF, failing
from liveness_ops.drill.silence_twists import (
    ActionsDisabled,
    Maintenance,
    MaintenanceEnds,
    Muted,
    NotEvaluated,
)
from liveness_ops.drill.story import story_of
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, service_error

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
NAME = story_of(ALARM).name


def _held(
    name: str, words: Words, because: str, *twists: Twist, result: str = "observed", **more: Any
) -> Scenario:
    expect = Expect(
        cause="cause.internal", results={REMEDY: result}, because={REMEDY: because}, warns=(because,)
    )
    traffic = failing(service_error("InternalServerError", GET))
    return Scenario(ALARM, name, words, expect, traffic=traffic, twists=twists, **more)


SCENARIOS = (
    _held(
        "observes-actions-disabled",
        Words("アラームのアクションを無効にしている", "The actions of the alarm are disabled"),
        "guard.actions_disabled",
        ActionsDisabled(NAME),
    ),
    _held(
        "observes-muted",
        Words(
            "ミュートルールが有効（イベントにも終了時刻がある）",
            "A mute rule is in force, and the event tells its end",
        ),
        "guard.muted",
        Muted(NAME),
    ),
    _held(
        "asks-partial-data",
        Words(
            "CloudWatch が一部のデータしか評価できていない", "CloudWatch evaluates only a part of the data"
        ),
        "guard.evaluation",
        NotEvaluated(NAME, "PARTIAL_DATA"),
        result="asked",
    ),
    _held(
        "observes-suppressed",
        Words(
            "複合アラームに置き換わり、メンテナンス中は抑制されている。解除されたら改めて判断する",
            "Replaced by a composite alarm that maintenance suppresses; answered anew once nothing does",
        ),
        "guard.suppressed",
        Maintenance(),
        kind=kinds.composite(NAME, suppressor=True),
        follow=Follow(
            script=(At(2, MaintenanceEnds()),),
            told=(
                Told(0, "response", "guard.suppressed"),
                Told(2, "response", '"result": "applied"'),
                Told(2, "command", "order.continue"),
            ),
            until=3,
            closed=False,
            left=OFF | SERVED_OFF,
        ),
    ),
)
