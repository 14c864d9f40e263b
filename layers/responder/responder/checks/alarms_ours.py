"""The alarms that this stack makes: five of ours, and the corrected versions of five deployed ones."""

from collections.abc import Mapping

from responder.checks.alarms_deployed import Watch
from responder.checks.alarms_expected import Expected, Kind
from responder.mode import Severity
from responder.settings import CORRECTED, Settings

_ABOVE, _BELOW, _FROM = "GreaterThanThreshold", "LessThanThreshold", "GreaterThanOrEqualToThreshold"
_LAMBDA = "Lambda メトリクス"


def our_alarms(settings: Settings, names: Mapping[str, str]) -> tuple[Expected, ...]:
    """Those of the parameter OurAlarms. Thresholds that are parameters themselves are not compared."""
    slow = Watch(_ABOVE, None, queries=_sorted(_slow_creation(settings.namespace)))
    table = Watch(_ABOVE, 0, queries=_sorted(_table(settings.sessions_table)))
    denied = _sum(f"LivenessResponder/{settings.stack}", "AccessDenied")
    create, result = (_throttles(function) for function in settings.functions)
    rows = (
        (
            "slow-session-creation",
            "FaceAuth-Liveness-SlowSessionCreation",
            slow,
            "問題: セッション作成が遅い",
        ),
        (
            "sessions-table-throttles",
            "FaceAuth-LivenessSessions-Throttles",
            table,
            "問題: DynamoDB書き込みエラー",
        ),
        ("create-session-throttles", "FaceAuth-CreateLivenessSession-Throttles", create, _LAMBDA),
        ("get-result-throttles", "FaceAuth-GetLivenessResult-Throttles", result, _LAMBDA),
        ("images-access-denied", "FaceAuth-Images-AccessDenied", denied, "問題: S3アクセスエラー"),
    )
    return tuple(
        Expected(names.get(slug, name), Kind.OURS, _severity(slug), watch, chapter=chapter)
        for slug, name, watch, chapter in rows
    )


def corrected_alarms(settings: Settings, service: tuple[Expected, ...]) -> tuple[Expected, ...]:
    """Those of the parameter CorrectedAlarms, in the order of the deployed ones that they correct."""
    stack = f"LivenessResponder/{settings.stack}"
    watches = (
        Watch(_BELOW, None, queries=_sorted(_success(settings.namespace))),
        Watch(_ABOVE, None, queries=_sorted(_slow_result(settings.result_function))),
        Watch(_ABOVE, None, queries=_sorted(_errors(settings.namespace))),
        Watch(_FROM, None, queries=_sorted(_ended(stack, "CreateSessionTimeouts"))),
        Watch(_FROM, None, queries=_sorted(_ended(stack, "GetResultTimeouts"))),
    )
    deployed = [each for each in service if each.correctable]
    return tuple(
        Expected(f"{each.name}{CORRECTED}", Kind.CORRECTED, each.severity, watch)
        for each, watch in zip(deployed, watches, strict=True)
    )


def _severity(slug: str) -> Severity:
    return Severity.MEDIUM if slug == "slow-session-creation" else Severity.HIGH


def _sorted(queries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(queries))


def _sum(namespace: str, metric: str, dimensions: tuple[tuple[str, str], ...] = ()) -> Watch:
    return Watch(_ABOVE, 0, namespace, metric, dimensions, "Sum", 300)


def _throttles(function: str) -> Watch:
    return _sum("AWS/Lambda", "Throttles", (("FunctionName", function),))


def _slow_creation(own: str) -> tuple[str, ...]:
    return (
        "wait=IF(opened >= #, seconds, #)",
        f"seconds=p90 {own}/SessionCreationTime",
        f"opened=SampleCount {own}/SessionCreationTime",
    )


def _table(table: str) -> tuple[str, ...]:
    on, index = f"TableName={table}", "GlobalSecondaryIndexName"
    return (
        "throttled=SUM([FILL(r, #), FILL(w, #), FILL(ri, #), FILL(wi, #)])",
        f"r=Sum AWS/DynamoDB/ReadThrottleEvents {on}",
        f"w=Sum AWS/DynamoDB/WriteThrottleEvents {on}",
        f"ri=Sum AWS/DynamoDB/ReadThrottleEvents {index} {on}",
        f"wi=Sum AWS/DynamoDB/WriteThrottleEvents {index} {on}",
    )


def _success(own: str) -> tuple[str, ...]:
    return (
        "rate=IF(checks >= #, # * FILL(success, #) / checks, #)",
        "checks=SUM([FILL(success, #), FILL(failure, #)])",
        f"success=Sum {own}/SuccessCount",
        f"failure=Sum {own}/FailureCount",
    )


def _slow_result(function: str) -> tuple[str, ...]:
    duration = f"AWS/Lambda/Duration FunctionName={function}"
    return (
        "p99=IF(results >= #, duration / #, #)",
        f"duration=p99 {duration}",
        f"results=SampleCount {duration}",
    )


def _errors(own: str) -> tuple[str, ...]:
    asked = ("errors", "success", "failure", "unknown", "expired")
    metrics = ("VerificationError", "SuccessCount", "FailureCount", "SessionNotFound", "SessionExpired")
    return (
        "rate=IF((asked >= #) * (FILL(errors, #) >= #), # * errors / asked, #)",
        f"asked=SUM([{', '.join(f'FILL({name}, #)' for name in asked)}])",
        *(f"{name}=Sum {own}/{metric}" for name, metric in zip(asked, metrics, strict=True)),
    )


def _ended(stack: str, metric: str) -> tuple[str, ...]:
    return (
        "ended=MAX([FILL(text, #), FILL(json, #)])",
        f"text=Sum {stack}/{metric}InText",
        f"json=Sum {stack}/{metric}InJson",
    )
