"""The alarms that this stack makes: five of ours, and the corrected versions of five deployed ones."""

from collections.abc import Mapping
from dataclasses import replace

from responder.checks.alarms_deployed import RETURNED, Watch
from responder.checks.alarms_expected import Expected, Kind
from responder.checks.alarms_range import ABOVE, BELOW, FROM, Yields
from responder.mode import Severity
from responder.settings import Settings

_LAMBDA = "Lambda メトリクス"


def our_alarms(settings: Settings, names: Mapping[str, str]) -> tuple[Expected, ...]:
    """Those of the parameter OurAlarms. Thresholds and periods that are parameters are not compared."""
    slow = Watch(ABOVE, None, queries=_math(_slow_creation(settings.namespace)))
    table = Watch(ABOVE, 0, period=300, queries=_math(_table(settings.sessions_table)))
    denied = _sum(f"LivenessResponder/{settings.stack}", "AccessDenied")
    create, result = (_throttles(function) for function in settings.functions)
    ours = (
        (
            "slow-session-creation",
            Expected(
                "FaceAuth-Liveness-SlowSessionCreation",
                Kind.OURS,
                Severity.MEDIUM,
                slow,
                chapter="問題: セッション作成が遅い",
                yields=Yields.CREATE,
                parameter="SlowSessionCreationSeconds",
            ),
        ),
        (
            "sessions-table-throttles",
            _high("LivenessSessions-Throttles", table, "問題: DynamoDB書き込みエラー"),
        ),
        ("create-session-throttles", _high("CreateLivenessSession-Throttles", create, _LAMBDA)),
        ("get-result-throttles", _high("GetLivenessResult-Throttles", result, _LAMBDA)),
        ("images-access-denied", _high("Images-AccessDenied", denied, "問題: S3アクセスエラー")),
    )
    return tuple(replace(each, name=names.get(slug, each.name)) for slug, each in ours)


def corrected_alarms(settings: Settings, service: tuple[Expected, ...]) -> tuple[Expected, ...]:
    """Those of the parameter CorrectedAlarms, in the order of the deployed ones that they correct."""
    stack = f"LivenessResponder/{settings.stack}"
    success = Watch(BELOW, None, queries=_math(_success(settings.namespace)))
    slow = Watch(ABOVE, None, queries=_math(_slow_result(settings.result_function)))
    errors = Watch(ABOVE, None, queries=_math(_errors(settings.namespace)))
    create, result = (
        Watch(FROM, None, period=900, queries=_math(_ended(stack, f"{which}Timeouts")))
        for which in ("CreateSession", "GetResult")
    )
    rows = (
        (success, Yields.PERCENT, "SuccessRatePercent"),
        (slow, Yields.RESULT, "SlowResultSeconds"),
        (errors, Yields.PERCENT, "ErrorRatePercent"),
        (create, None, "MinimumFaults"),
        (result, None, "MinimumFaults"),
    )
    deployed = [each for each in service if each.correctable]
    return tuple(
        Expected(each.corrected, Kind.CORRECTED, each.severity, watch, yields=yields, parameter=parameter)
        for each, (watch, yields, parameter) in zip(deployed, rows, strict=True)
    )


def _high(name: str, watch: Watch, chapter: str) -> Expected:
    return Expected(f"FaceAuth-{name}", Kind.OURS, Severity.HIGH, watch, chapter=chapter)


def _math(queries: tuple[str, ...]) -> tuple[str, ...]:
    """The first one is what the alarm watches; `#` stands for a number that is a parameter."""
    return tuple(sorted((f"{RETURNED}{queries[0]}", *queries[1:])))


def _sum(namespace: str, metric: str, dimensions: tuple[tuple[str, str], ...] = ()) -> Watch:
    return Watch(ABOVE, 0, namespace, metric, dimensions, "Sum", 300)


def _throttles(function: str) -> Watch:
    return _sum("AWS/Lambda", "Throttles", (("FunctionName", function),))


def _slow_creation(own: str) -> tuple[str, ...]:
    return (
        "wait=IF(opened >= #, seconds, 0)",
        f"seconds=p90 {own}/SessionCreationTime",
        f"opened=SampleCount {own}/SessionCreationTime",
    )


def _table(table: str) -> tuple[str, ...]:
    on, index = f"TableName={table}", "GlobalSecondaryIndexName"
    return (
        "throttled=SUM([FILL(r, 0), FILL(w, 0), FILL(ri, 0), FILL(wi, 0)])",
        f"r=Sum AWS/DynamoDB/ReadThrottleEvents {on}",
        f"w=Sum AWS/DynamoDB/WriteThrottleEvents {on}",
        f"ri=Sum AWS/DynamoDB/ReadThrottleEvents {index} {on}",
        f"wi=Sum AWS/DynamoDB/WriteThrottleEvents {index} {on}",
    )


def _success(own: str) -> tuple[str, ...]:
    return (
        "rate=IF(checks >= #, 100 * FILL(success, 0) / checks, 100)",
        "checks=SUM([FILL(success, 0), FILL(failure, 0)])",
        f"success=Sum {own}/SuccessCount",
        f"failure=Sum {own}/FailureCount",
    )


def _slow_result(function: str) -> tuple[str, ...]:
    duration = f"AWS/Lambda/Duration FunctionName={function}"
    return (
        "p99=IF(results >= #, duration / 1000, 0)",
        f"duration=p99 {duration}",
        f"results=SampleCount {duration}",
    )


def _errors(own: str) -> tuple[str, ...]:
    asked = ("errors", "success", "failure", "unknown", "expired")
    metrics = ("VerificationError", "SuccessCount", "FailureCount", "SessionNotFound", "SessionExpired")
    return (
        "rate=IF((asked >= #) * (FILL(errors, 0) >= #), 100 * errors / asked, 0)",
        f"asked=SUM([{', '.join(f'FILL({name}, 0)' for name in asked)}])",
        *(f"{name}=Sum {own}/{metric}" for name, metric in zip(asked, metrics, strict=True)),
    )


def _ended(stack: str, metric: str) -> tuple[str, ...]:
    return (
        "ended=MAX([FILL(text, 0), FILL(json, 0)])",
        f"text=Sum {stack}/{metric}InText",
        f"json=Sum {stack}/{metric}InJson",
    )
