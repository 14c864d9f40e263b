"""FaceAuth-Liveness-SessionCreationErrors: sessions that cannot be opened."""

from typing import Any

from liveness_ops.drill.function_twists import Released
from liveness_ops.drill.release_twists import Deployed
from liveness_ops.drill.scenario import Expect, Scenario, Step
from liveness_ops.drill.scenarios._shared import NO_LOGS, OFF, ON_DEMAND, RELEASED, failing
from liveness_ops.drill.twists import Denied
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import CREATE_SESSION, sdk_error, service_error, unexpected
from liveness_ops.world.functions import code
from liveness_ops.world.lines import Format
from liveness_ops.world.names import ALIAS, CREATE
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import Ending

ALARM = "session-creation-errors"
OUT, BACK, WRITTEN = "rollout_to_zero", "alias_rollback", "propose_change"
SERVED = f"{CREATE}:{ALIAS} CodeSha256"
BROKEN = unexpected("TypeError", "'NoneType' object is not subscriptable", metric="SessionCreationError")


def _case(
    name: str, words: Words, expect: Expect, ending: Ending, *twists: Any, good: int = 84, **more: Any
) -> Scenario:
    traffic = failing(ending, function=CREATE, good=good)
    return Scenario(ALARM, name, words, expect, traffic=traffic, twists=twists, **more)


INTERNAL = service_error("InternalServerError", CREATE_SESSION)
SCENARIOS = (
    _case(
        "acts",
        Words("Rekognition がセッション作成で内部エラーを返す", "Rekognition fails internally"),
        Expect(
            cause="cause.internal", results={OUT: "applied"}, after=OFF, says=("CreateFaceLivenessSession",)
        ),
        INTERNAL,
        form=Format.JSON,
        then=(RELEASED,),
    ),
    _case(
        "refuses-as-deployed",
        Words("同じ障害。ただし切り替え変数がない", "The same, but there is no switch"),
        Expect(cause="cause.internal", results={OUT: "refused"}, because={OUT: "guard.precondition"}),
        INTERNAL,
        world=World.AS_DEPLOYED,
    ),
    _case(
        "asks-quota",
        Words("Rekognition の上限に達した", "The quota of Rekognition is used up"),
        Expect(
            cause="cause.throttling",
            results={OUT: "asked", WRITTEN: "observed"},
            because={WRITTEN: "guard.never_applied"},
        ),
        service_error("ThrottlingException", CREATE_SESSION, retries=4),
    ),
    _case(
        "acts-access-denied",
        Words("デプロイで権限が外れた。戻す差分も示す", "A right is gone; the difference is written down"),
        Expect(
            cause="cause.permission_absent",
            results={OUT: "applied", WRITTEN: "observed"},
            because={WRITTEN: "guard.never_applied"},
            after=OFF,
            says=("put-role-policy", f"rekognition:{CREATE_SESSION}"),
        ),
        service_error("AccessDeniedException", CREATE_SESSION),
        Denied((f"rekognition:{CREATE_SESSION}",)),
    ),
    _case(
        "acts-table-throttled",
        Words("セッションのテーブルが容量を使い切っている", "The sessions table is out of capacity"),
        Expect(cause="cause.table_throttled", results={"on_demand_billing": "applied"}, after=ON_DEMAND),
        service_error("ProvisionedThroughputExceededException", "PutItem", retries=9),
        strain=Strain(throttles=22, minutes=6, consumed=5.0, latency=0.041),
    ),
    _case(
        "asks-release",
        Words(
            "リリースの直後から壊れている。承認を得て前の版へ戻す",
            "Broken since a release: back, once approved",
        ),
        Expect(cause="cause.release", results={BACK: "asked", OUT: "asked"}),
        BROKEN,
        Deployed(CREATE),
        then=(
            Step(
                Words("当番が承認し、前の版に戻す", "On-call approves: the version before"),
                "apply",
                BACK,
                Expect(results={BACK: "applied"}, after={SERVED: code(CREATE)}),
                scope="create",
                approved_by="oncall",
            ),
            Step(
                Words("直した版に戻したい", "Somebody wants the new version again"),
                "take-back",
                BACK,
                Expect(results={BACK: "asked"}, because={BACK: "guard.needs_approval"}),
                scope="create",
            ),
        ),
    ),
    _case(
        "refuses-canary",
        Words("カナリア中のリリースで壊れた", "Broken by a release that is still a canary"),
        Expect(
            cause="cause.release",
            results={BACK: "refused", OUT: "asked"},
            because={BACK: "guard.precondition"},
        ),
        BROKEN,
        Deployed(CREATE, canary=0.5),
    ),
    _case(
        "refuses-release-as-deployed",
        Words("リリースの直後から壊れている。別名がない", "Broken since a release, and there is no alias"),
        Expect(
            cause="cause.release",
            results={BACK: "refused", OUT: "refused"},
            because={BACK: "guard.precondition", OUT: "guard.precondition"},
        ),
        BROKEN,
        Released(CREATE),
        world=World.AS_DEPLOYED,
    ),
    _case(
        "asks-validation",
        Words(
            "コードが保存先のバケット名を渡さなくなった",
            "The code no longer passes the name of the bucket",
        ),
        Expect(
            cause="cause.validation",
            results={OUT: "asked"},
            says=("ParamValidationError", "value: None"),
            never=("get-role-policy", "describe-nat-gateways"),
        ),
        sdk_error(
            "Parameter validation failed:\nInvalid type for parameter Settings.OutputConfig.S3Bucket, "
            "value: None, type: <class 'NoneType'>, valid types: <class 'str'>",
            CREATE_SESSION,
        ),
        form=Format.JSON,
    ),
    _case(
        "cause-unknown",
        Words("ログが読めない", "The logs cannot be read"),
        Expect(cause="cause.unknown", says=("FilterLogEvents",)),
        INTERNAL,
        faults=NO_LOGS,
        denied=True,
    ),
)
