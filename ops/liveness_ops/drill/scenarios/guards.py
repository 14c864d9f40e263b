"""The guards, shown on one fault that would act: Rekognition's internal errors."""

from collections.abc import Mapping
from typing import Any

from liveness_ops.drill.deeds import BrokenSettings
from liveness_ops.drill.follow import At, Follow, Told
from liveness_ops.drill.function_twists import (
    Changed,
    InProgress,
    NoAlias,
    Released,
    RolledBack,
    RolloutVariable,
)
from liveness_ops.drill.happenings import GoesOn
from liveness_ops.drill.scenario import Expect, Scenario, Twist
from liveness_ops.drill.scenarios._shared import OFF, STACK, failing
from liveness_ops.drill.twists import Forbidden
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import GET, service_error
from liveness_ops.world.lines import Format
from liveness_ops.world.names import LOGINS

ALARM = "high-error-rate"
REMEDY = "rollout_to_zero"
TRAFFIC = failing(service_error("InternalServerError", GET))
RESPONDER = f"{STACK}-{ALARM}"


def _case(
    name: str,
    ja: str,
    en: str,
    expect: tuple[str, str],
    *twists: Twist,
    after: Mapping[str, str] | None = None,
    **more: Any,
) -> Scenario:
    result, reason = expect
    because = {REMEDY: reason} if reason else {}
    wanted = Expect(cause="cause.internal", results={REMEDY: result}, because=because, after=after or {})
    return Scenario(ALARM, name, Words(ja, en), wanted, traffic=TRAFFIC, twists=twists, **more)


_PRECONDITION = ("refused", "guard.precondition")
SCENARIOS = (
    _case(
        "acts-without-alias",
        "別名のない関数（公開も別名の移動も要らない）",
        "Functions without an alias: nothing to publish, nothing to move",
        ("applied", ""),
        NoAlias(),
        after=OFF,
        form=Format.JSON,
    ),
    _case(
        "refuses-as-deployed",
        "CDK がデプロイしたまま（変数がなく、読む関数の宣言もない）",
        "As CDK deploys it: no such variable, and nobody declared who reads it",
        _PRECONDITION,
        world=World.AS_DEPLOYED,
    ),
    _case(
        "refuses-not-declared",
        "変数はあるが、どの関数が読むか宣言されていない",
        "The variable exists, but nobody declared which function reads it",
        _PRECONDITION,
        RolloutVariable(),
        world=World.AS_DEPLOYED,
    ),
    _case(
        "broken-settings",
        "設定文書に未知の項目がある（時間と連絡先は前の版のまま、変更はせず、1 回だけ知らせる）",
        "The settings document has an unknown key: times and contacts as before, no change, said once",
        ("observed", "guard.settings_unusable"),
        BrokenSettings(),
        follow=Follow(
            script=(At(0, GoesOn(35)),),
            told=(
                Told(0, "response", '"result": "observed"'),
                Told(0, "progress settings", "soak_minute"),
                Told(30, "escalation 2"),
            ),
            until=31,
            closed=False,
        ),
    ),
    _case(
        "refuses-other-code",
        "4 関数とも、別名 live が $LATEST と違うコードを指している",
        "On all four functions alias live serves other code than $LATEST",
        _PRECONDITION,
        *(Released(name, days_ago=1) for name in LOGINS),
    ),
    _case(
        "asks-others",
        "1 関数だけ、別名 live が $LATEST と違うコードを指している（残り 3 関数への適用を提案）",
        "On one function alias live serves other code than $LATEST: apply to the other three?",
        ("asked", "guard.others_possible"),
        Released(LOGINS[0], days_ago=1),
    ),
    _case(
        "refuses-in-flight",
        "ほかの誰かの更新が進行中",
        "Somebody else's update is in progress",
        ("refused", "guard.in_flight"),
        InProgress(LOGINS[1]),
    ),
    _case(
        "asks-recent-change",
        "数分前に誰かが設定を変えた",
        "Somebody changed the configuration a moment ago",
        ("asked", "guard.recent_change"),
        NoAlias(),
        Changed(LOGINS[0]),
    ),
    _case(
        "already",
        "すでに 4 関数とも 0 になっている",
        "All four functions are at 0 already",
        ("already", ""),
        NoAlias(),
        RolledBack(),
    ),
    _case(
        "partial",
        "4 関数のうち 1 つだけ更新の権限がない",
        "The right to update one of the four functions is missing",
        ("partial", ""),
        NoAlias(),
        Forbidden(RESPONDER, "lambda:UpdateFunctionConfiguration", f"*:{LOGINS[3]}"),
        after={key: value for key, value in OFF.items() if not key.startswith(LOGINS[3])},
        denied=True,
    ),
    _case(
        "refuses-denied",
        "応答側のロールから読み取り権限が外れている",
        "Our own role lost the right to read the functions",
        _PRECONDITION,
        Forbidden(RESPONDER, "lambda:ListAliases"),
        denied=True,
    ),
    _case(
        "observes",
        "モードを observe にしている",
        "The mode is observe",
        ("observed", "guard.mode_observe"),
        modes={"": "observe"},
    ),
    _case(
        "refuses-paused",
        "自動対応を一時停止している",
        "Somebody paused the automation",
        ("refused", "guard.paused"),
        pause="release-night",
    ),
)
