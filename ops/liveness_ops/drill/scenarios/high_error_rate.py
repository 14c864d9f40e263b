"""FaceAuth-Liveness-HighErrorRate: which faults act, which ask, and what is nobody's fault."""

from liveness_ops.drill.function_twists import Without
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import NO_LOGS, OFF, ON_DEMAND, RELEASED, WRITTEN, failing
from liveness_ops.drill.twists import Denied, TableGone
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import (
    GET,
    forged,
    not_found,
    passed,
    sdk_error,
    service_error,
    timed_out,
    unexpected,
)
from liveness_ops.world.lines import Format
from liveness_ops.world.names import CREATE, INDEX, RESULT
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import Requests

ALARM = "high-error-rate"
VARIABLE = "LIVENESS_SESSIONS_TABLE"
INTERNAL = service_error("InternalServerError", GET)
ENDPOINT = "https://rekognition.us-east-1.amazonaws.com/"
UNREACHABLE = sdk_error(f'Connect timeout on endpoint URL: "{ENDPOINT}"', GET)
_STAMP, _REQUEST = "2026-02-04T10:25:00.123Z", "8f5cbd1c-63a1-4d57-9c64-0f0a2f5a1b01"
FORGED = (
    f"[ERROR]\t{_STAMP}\t{_REQUEST}\tFailed to get liveness session result: "
    f"An error occurred (AccessDenied) when calling the {GET} operation: x",
    f"{_STAMP} {_REQUEST} Task timed out after 15.01 seconds",
)

SCENARIOS = (
    Scenario(
        ALARM,
        "acts",
        Words(
            "Rekognition が結果取得の 7.5 % で内部エラーを返す（別名 live に本番の通信あり）",
            "Rekognition answers 7.5 % of results with an internal error (traffic comes through alias live)",
        ),
        Expect(
            cause="cause.internal",
            results={"rollout_to_zero": "applied"},
            after=OFF,
            says=("InternalServerError", "7.5", "FaceAuth-Enrollment", "LIVENESS_ROLLOUT_PERCENTAGE"),
        ),
        traffic=failing(INTERNAL, good=444),
        then=(RELEASED,),
    ),
    Scenario(
        ALARM,
        "asks-throttling",
        Words(
            "Rekognition がスロットリングしている（呼び出す側でも起こせる障害）",
            "Rekognition throttles (a fault that callers can cause, too)",
        ),
        Expect(
            cause="cause.throttling",
            results={"rollout_to_zero": "asked", **WRITTEN},
            says=("ThrottlingException", "request-service-quota-increase"),
        ),
        traffic=failing(service_error("ThrottlingException", GET, retries=4)),
        form=Format.JSON,
    ),
    Scenario(
        ALARM,
        "asks-flood",
        Words(
            "外部からの大量アクセスで Rekognition がスロットリングし、一部は時間切れになる",
            "A flood from outside: Rekognition throttles, and some requests time out",
        ),
        Expect(
            cause="cause.throttling",
            results={"rollout_to_zero": "asked", **WRITTEN},
            because={"rollout_to_zero": "guard.provokable"},
        ),
        traffic=(
            *failing(service_error("ThrottlingException", GET, retries=4), bad=60, good=160),
            Requests(RESULT, 12, timed_out(15.0), 14),
        ),
    ),
    Scenario(
        ALARM,
        "asks-while-throttled",
        Words(
            "Rekognition の内部エラー。同時にスロットリングも起きている",
            "Rekognition fails internally, and throttles at the same time",
        ),
        Expect(
            cause="cause.internal",
            results={"rollout_to_zero": "asked"},
            because={"rollout_to_zero": "guard.throttled"},
        ),
        traffic=(
            *failing(INTERNAL),
            Requests(RESULT, 4, service_error("ThrottlingException", GET, retries=4), 40),
        ),
    ),
    Scenario(
        ALARM,
        "acts-table-under-time-outs",
        Words(
            "テーブルのスロットリングで待たされ、リクエストが時間切れになる",
            "Requests wait for a throttled table until their time is over",
        ),
        Expect(cause="cause.table_throttled", results={"on_demand_billing": "applied"}, after=ON_DEMAND),
        traffic=(
            *failing(service_error("ProvisionedThroughputExceededException", "UpdateItem", retries=9)),
            Requests(RESULT, 60, timed_out(15.0), 14),
        ),
        strain=Strain(throttles=400, minutes=14, consumed=5.0, latency=0.041),
    ),
    Scenario(
        ALARM,
        "acts-access-denied",
        Words(
            "デプロイで Rekognition の権限が外れた", "A deployment took the right to call Rekognition away"
        ),
        Expect(
            cause="cause.permission_absent",
            results={"rollout_to_zero": "applied", **WRITTEN},
            after=OFF,
            says=("AccessDeniedException", "rekognition:GetFaceLivenessSessionResults"),
        ),
        traffic=failing(service_error("AccessDeniedException", GET)),
        form=Format.JSON,
        twists=(Denied(("rekognition:GetFaceLivenessSessionResults",)),),
    ),
    Scenario(
        ALARM,
        "acts-table-throttled",
        Words(
            "セッションのテーブルがプロビジョンド容量を使い切っている",
            "The sessions table is out of provisioned capacity",
        ),
        Expect(
            cause="cause.table_throttled",
            results={"on_demand_billing": "applied"},
            after=ON_DEMAND,
            says=("ProvisionedThroughputExceededException", "FaceAuth-LivenessSessions"),
        ),
        traffic=failing(service_error("ProvisionedThroughputExceededException", "UpdateItem", retries=9)),
        strain=Strain(throttles=22, minutes=6, consumed=5.0, latency=0.041),
    ),
    Scenario(
        ALARM,
        "asks-environment",
        Words(
            "結果取得の一部が接続できず、セッション作成の関数からは環境変数が消えている",
            "Some results cannot reach Rekognition, and the function that creates sessions lacks a variable",
        ),
        Expect(
            cause="cause.environment",
            results={"repair_environment": "asked", "rollout_to_zero": "asked"},
            says=(CREATE, VARIABLE),
        ),
        traffic=(
            *failing(unexpected("KeyError", f"'{VARIABLE}'", "SessionCreationError"), function=CREATE),
            Requests(RESULT, 14, UNREACHABLE, 4),
        ),
        twists=(Without(VARIABLE, (CREATE,)),),
    ),
    Scenario(
        ALARM,
        "asks-table-absent",
        Words("セッションのテーブルが削除された", "The sessions table was deleted"),
        Expect(
            cause="cause.table_absent",
            results={"rollout_to_zero": "asked"},
            because={"rollout_to_zero": "guard.sure_too_few"},
            says=("liveness-ops restore-table --to FaceAuth-LivenessSessions",),
        ),
        traffic=failing(service_error("ResourceNotFoundException", "UpdateItem")),
        twists=(TableGone(),),
    ),
    Scenario(
        ALARM,
        "asks-hot-key",
        Words(
            "容量には余裕があるのに索引がスロットリングされる（偏ったキー）",
            "An index throttles well below its capacity (a hot key)",
        ),
        Expect(cause="cause.table_throttled", results={"on_demand_billing": "asked"}),
        traffic=failing(service_error("ProvisionedThroughputExceededException", "UpdateItem", retries=9)),
        strain=Strain(throttles=22, minutes=6, on=INDEX, consumed=0.9, latency=0.012),
    ),
    Scenario(
        ALARM,
        "asks-no-connection",
        Words(
            "NAT の経路が消え、Rekognition に接続できない",
            "The route to the NAT gateway is gone: Rekognition cannot be reached",
        ),
        Expect(
            cause="cause.connection",
            results={"rollout_to_zero": "asked"},
            says=("ConnectTimeoutError (rekognition)", "describe-nat-gateways"),
            never=("get-role-policy", "cdk deploy"),
        ),
        traffic=failing(UNREACHABLE),
    ),
    Scenario(
        ALARM,
        "asks-defect",
        Words("コードの想定外の例外", "Unexpected exceptions in the code"),
        Expect(cause="cause.unexpected", results={"rollout_to_zero": "asked"}),
        traffic=failing(unexpected()),
        form=Format.JSON,
    ),
    Scenario(
        ALARM,
        "refuses-few-samples",
        Words("深夜、3 時間で 12 件だけが全て失敗", "At night: only 12 requests in 3 hours, all failed"),
        Expect(
            cause="cause.internal",
            results={"rollout_to_zero": "refused"},
            because={"rollout_to_zero": "guard.too_few_samples"},
        ),
        traffic=(Requests(RESULT, 12, INTERNAL, 5),),
    ),
    Scenario(
        ALARM,
        "nothing-to-do",
        Words(
            "存在しないセッションへの問い合わせが続く", "Somebody keeps asking for sessions that do not exist"
        ),
        Expect(cause="cause.sessions_ended"),
        traffic=(Requests(RESULT, 84, passed(), 15), Requests(RESULT, 60, not_found(), 15)),
        quiet=True,
    ),
    Scenario(
        ALARM,
        "nothing-to-do-forged",
        Words(
            "呼び出し元が、障害のログ行をまねた文字列をセッション ID として送る",
            "Callers send lines of faults as session ids",
        ),
        Expect(cause="cause.sessions_ended", never=("AccessDenied", "Task.TimedOut")),
        traffic=(
            Requests(RESULT, 84, passed(), 15),
            *(Requests(RESULT, 30, forged(line), 15) for line in FORGED),
        ),
        quiet=True,
    ),
    Scenario(
        ALARM,
        "cause-unknown",
        Words("ログが読めない", "The logs cannot be read"),
        Expect(cause="cause.unknown", says=("FilterLogEvents",)),
        traffic=failing(INTERNAL),
        faults=NO_LOGS,
        denied=True,
    ),
)
