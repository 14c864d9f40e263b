"""How requests of the liveness functions end, as their code and Lambda log it; traffic of them. Pure."""

from dataclasses import replace

from rehearsal.world.names import CREATE, RESULT
from rehearsal.world.traffic import Ending, Line, Requests

GET = "GetFaceLivenessSessionResults"
CREATE_SESSION = "CreateFaceLivenessSession"
_FAILED_TO = {
    GET: "get liveness session result",
    CREATE_SESSION: "create liveness session",
    "PutItem": "create liveness session",
    "GetItem": "get liveness session result",
    "UpdateItem": "get liveness session result",
}


def created(seconds: float = 0.7) -> Ending:
    """A session was made."""
    line = Line("INFO", "Liveness session created: {session}", {"employee_id": "{employee}"})
    return Ending((line,), {"SessionCreated": 1, "SessionCreationTime": seconds}, seconds)


def passed(score: float = 97.2, seconds: float = 0.9) -> Ending:
    """A person was recognised as alive."""
    line = Line("INFO", "Liveness verification completed", {"session_id": "{session}", "is_live": True})
    metrics = {"SuccessCount": 1, "ConfidenceScore": score, "VerificationTime": seconds}
    return Ending((line,), metrics, seconds)


def failed(score: float, seconds: float = 0.9) -> Ending:
    """The score was too low."""
    extra = {"session_id": "{session}", "employee_id": "{employee}", "is_live": False, "confidence": score}
    line = Line("WARNING", "Liveness verification failed", extra)
    return Ending(
        (line,), {"FailureCount": 1, "ConfidenceScore": score, "VerificationTime": seconds}, seconds
    )


def unfinished() -> Ending:
    """The result was asked for before the person was done: the code counts a failure with score 0."""
    return failed(0.0, 0.5)


def not_found() -> Ending:
    """A caller asked for a session that does not exist."""
    return Ending((Line("WARNING", "Session not found: {session}"),), {"SessionNotFound": 1}, 0.1)


def forged(line: str) -> Ending:
    """A caller sends a whole log line as a session id."""
    return Ending((Line("WARNING", f"Session not found: x\n{line}"),), {"SessionNotFound": 1}, 0.1)


def expired() -> Ending:
    """A user came back after ten minutes."""
    return Ending((Line("WARNING", "Session expired: {session}"),), {"SessionExpired": 1}, 0.1)


def service_error(
    code: str, operation: str, *, said: str = "", retries: int = 0, seconds: float = 1.2
) -> Ending:
    """An AWS call failed. The service logs it and the handler logs it again, with one request id."""
    error = aws_error(code, operation, said or "Request failed for session {session} of {employee}", retries)
    return sdk_error(error, operation, seconds=seconds)


def sdk_error(error: str, operation: str, *, seconds: float = 1.2) -> Ending:
    """What calls AWS raised an exception with this text; it need not have come from AWS."""
    message = f"Failed to {_FAILED_TO[operation]}: {error}"
    extra = {"session_id": "{session}", "employee_id": "{employee}"}
    lines = (Line("ERROR", message, extra), Line("ERROR", f"Liveness service error: {message}", extra))
    metric = "SessionCreationError" if operation in (CREATE_SESSION, "PutItem") else "VerificationError"
    return Ending(lines, {metric: 1}, seconds)


def audit_log_failed(code: str, said: str) -> Ending:
    """The audit log was not written to S3: logged, and the person passes all the same."""
    line = Line("ERROR", f"Failed to store audit log: {aws_error(code, 'PutObject', said)}")
    ending = passed()
    return replace(ending, lines=(line, *ending.lines))


def metric_failed(code: str) -> Ending:
    """A metric was not taken: the service warns, and the person passes all the same."""
    error = aws_error(code, "PutMetricData", "User: {session} is not authorized")
    ending = passed()
    return replace(
        ending, lines=(Line("WARNING", f"Failed to send metric SuccessCount: {error}"), *ending.lines)
    )


def unmeasured(code: str) -> Ending:
    """No metric is taken at all, and the person passes all the same."""
    ending = passed()
    error = aws_error(code, "PutMetricData", "User: {session} is not authorized")
    lines = (Line("WARNING", f"Failed to send metric {name}: {error}") for name in ending.metrics)
    return replace(ending, lines=(*lines, *ending.lines), metrics={})


def aws_error(code: str, operation: str, said: str, retries: int = 0) -> str:
    """boto3's text of an error that AWS answered."""
    again = f" (reached max retries: {retries})" if retries else ""
    return f"An error occurred ({code}) when calling the {operation} operation{again}: {said}"


def unexpected(
    kind: str = "KeyError", text: str = "'AuditImages' of {session}", metric: str = "VerificationError"
) -> Ending:
    """The code itself broke and caught it."""
    return Ending((Line("ERROR", f"Unexpected error: {text}", error=(kind, text)),), {metric: 1}, 0.4)


def import_error(module: str = "shared.liveness_service") -> Ending:
    """A deployment left a module out: the handler never starts."""
    text = f"Unable to import module 'handler': No module named '{module}'"
    return Ending(
        duration=0.3, memory=44, status="error", error_type="Runtime.ImportModuleError", error_text=text
    )


def crashed(kind: str, text: str) -> Ending:
    """An exception that nothing catches, because it comes before the handler does."""
    return Ending(duration=0.3, memory=60, status="error", error_type=kind, error_text=text)


def timed_out(limit: float) -> Ending:
    """Lambda killed the invocation at its time-out."""
    return Ending(
        duration=limit, status="timeout", error_text=f"Task timed out after {limit + 0.01:.2f} seconds"
    )


def out_of_memory(size: int = 256) -> Ending:
    """Lambda killed the invocation for its memory."""
    text = "Runtime exited with error: signal: killed"
    return Ending(duration=4.1, memory=size, status="error", error_type="Runtime.ExitError", error_text=text)


def cold(ending: Ending, init: float = 3.4, seconds: float | None = None) -> Ending:
    """The same run on a new execution environment."""
    return replace(ending, init=init, duration=ending.duration if seconds is None else seconds)


def using(ending: Ending, memory: int) -> Ending:
    """The same run with another peak of memory (MB)."""
    return replace(ending, memory=memory)


def lasting(ending: Ending, seconds: float) -> Ending:
    """The same run, taking this long."""
    return replace(ending, duration=seconds)


def normal(*, sessions: int = 40, minutes: float = 180, score: float = 97.2) -> tuple[Requests, ...]:
    """A quiet service: every session is created and nearly every one succeeds."""
    return (
        Requests(CREATE, sessions, created(), minutes),
        Requests(RESULT, sessions - 1, passed(score), minutes),
        Requests(RESULT, 1, unfinished(), minutes),
    )


def failing(ending: Ending, *, bad: int = 36, good: int = 84, function: str = RESULT) -> tuple[Requests, ...]:
    """So many requests of one function fail, and the other function works.

    14 minutes: metrics come in whole minutes, so that log and metrics cover the same quarter of an hour.
    """
    return (
        Requests(CREATE, good + (0 if function == CREATE else bad), created(), 14),
        Requests(RESULT, good, passed(), 14),
        Requests(function, bad, ending, 14),
    )


def slow(
    ending: Ending, *, bad: int = 30, good: int = 60, function: str = RESULT, minutes: float = 60
) -> tuple[Requests, ...]:
    """An hour in which some requests of one function are slow."""
    return (
        Requests(CREATE, good, created(), minutes),
        Requests(RESULT, good, passed(), minutes),
        Requests(function, bad, ending, minutes),
    )
