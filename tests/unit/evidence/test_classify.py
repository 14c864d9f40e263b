"""What a log line means, in both formats. Lines as the runtime and the two functions write them."""

import json

from botocore.retries.standard import ThrottledRetryableChecker
from hypothesis import given
from hypothesis import strategies as st

from responder.evidence.classify import Meaning, classify, parse
from responder.evidence.faults import FailedRequest, Fault, fault_of
from tests.rows import all_rows
from tests.unit.evidence.worlds import ID, NOW, RESULT

REQUEST = ID.format(1)
AT = "2026-02-04T10:25:00.123Z"
CREATE_FAILED = "Failed to create liveness session: "
GET_FAILED = "Failed to get liveness session result: "
SERVICE = "Liveness service error: "


def aws_error(code: str, operation: str, said: str = "Rate exceeded", retries: str = "") -> str:
    return f"An error occurred ({code}) when calling the {operation} operation{retries}: {said}"


MESSAGES = [
    ("WARNING", "Session not found: 0b6d", Fault.SESSION_ENDED, "SessionNotFound", ""),
    ("WARNING", "Session expired: 0b6d", Fault.SESSION_ENDED, "SessionExpired", ""),
    ("ERROR", f"{SERVICE}Session not found: 0b6d", Fault.SESSION_ENDED, "SessionNotFound", ""),
    ("WARNING", "Missing employee_id in request", Fault.CALLER_INPUT, "InvalidRequest", ""),
    ("WARNING", "Invalid employee_id format: 12'; drop", Fault.CALLER_INPUT, "InvalidRequest", ""),
    (
        "ERROR",
        SERVICE
        + GET_FAILED
        + aws_error("SessionNotFoundException", "GetFaceLivenessSessionResults", "Session not found"),
        Fault.SESSION_ENDED,
        "SessionNotFoundException",
        "GetFaceLivenessSessionResults",
    ),
    (
        "ERROR",
        GET_FAILED + aws_error("InvalidParameterException", "GetFaceLivenessSessionResults"),
        Fault.CALLER_INPUT,
        "InvalidParameterException",
        "GetFaceLivenessSessionResults",
    ),
    # No caller has a part in these parameters.
    (
        "ERROR",
        CREATE_FAILED + aws_error("InvalidParameterException", "CreateFaceLivenessSession"),
        Fault.VALIDATION,
        "InvalidParameterException",
        "CreateFaceLivenessSession",
    ),
    (
        "ERROR",
        SERVICE
        + CREATE_FAILED
        + aws_error("ValidationException", "PutItem", "Missing the key id in the item"),
        Fault.VALIDATION,
        "ValidationException",
        "PutItem",
    ),
    ("ERROR", CREATE_FAILED + aws_error("403", "PutObject"), Fault.ACCESS_DENIED, "403", "PutObject"),
    ("ERROR", GET_FAILED + aws_error("404", "HeadObject"), Fault.CONFIGURATION, "404", "HeadObject"),
    (
        "ERROR",
        GET_FAILED + aws_error("RequestTimeout", "PutObject"),
        Fault.CONNECTION_LOST,
        "RequestTimeout",
        "PutObject",
    ),
    (
        "ERROR",
        CREATE_FAILED
        + aws_error("ThrottlingException", "CreateFaceLivenessSession", retries=" (reached max retries: 4)"),
        Fault.THROTTLING,
        "ThrottlingException",
        "CreateFaceLivenessSession",
    ),
    (
        "ERROR",
        SERVICE + GET_FAILED + aws_error("ProvisionedThroughputExceededException", "UpdateItem"),
        Fault.THROTTLING,
        "ProvisionedThroughputExceededException",
        "UpdateItem",
    ),
    (
        "ERROR",
        CREATE_FAILED
        + aws_error("AccessDeniedException", "CreateFaceLivenessSession", "User: x is not authorized"),
        Fault.ACCESS_DENIED,
        "AccessDeniedException",
        "CreateFaceLivenessSession",
    ),
    (
        "ERROR",
        f"Unexpected error: {aws_error('AccessDenied', 'PutObject')}",
        Fault.ACCESS_DENIED,
        "AccessDenied",
        "PutObject",
    ),
    ("ERROR", GET_FAILED + aws_error("InternalServerError", "X"), Fault.INTERNAL, "InternalServerError", "X"),
    ("ERROR", GET_FAILED + aws_error("503", "X"), Fault.INTERNAL, "503", "X"),
    (
        "ERROR",
        CREATE_FAILED + aws_error("ServiceQuotaExceededException", "X"),
        Fault.QUOTA,
        "ServiceQuotaExceededException",
        "X",
    ),
    (
        "ERROR",
        CREATE_FAILED + aws_error("ResourceNotFoundException", "PutItem"),
        Fault.CONFIGURATION,
        "ResourceNotFoundException",
        "PutItem",
    ),
    (
        "ERROR",
        CREATE_FAILED + aws_error("NobodySortedThis", "PutItem"),
        Fault.REFUSED,
        "NobodySortedThis",
        "PutItem",
    ),
    ("ERROR", f"{SERVICE}{CREATE_FAILED}it did not work", Fault.OTHER, "LivenessServiceError", ""),
    ("ERROR", "Unexpected error: it did not work", Fault.UNEXPECTED, "Exception", ""),
    (
        "ERROR",
        "Unexpected error: 'confidence'\nTraceback (most recent call last):\n  File",
        Fault.UNEXPECTED,
        "KeyError",
        "",
    ),
]
NOT_A_FAILED_REQUEST = [
    ("WARNING", "Liveness verification failed"),
    ("WARNING", f"Failed to send metric SuccessCount: {aws_error('AccessDenied', 'PutMetricData')}"),
    ("INFO", "Session created"),
    ("INFO", f"retrying after {aws_error('ThrottlingException', 'GetItem')}"),
    ("ERROR", "Traceback (most recent call last):"),
    ("ERROR", '  File "/var/task/handler.py", line 12, in handler'),
]


@all_rows(("level", "said", "fault", "code", "operation"), MESSAGES)
@all_rows("json_format", [False, True])
def test_a_message_means_the_same_in_both_log_formats(
    level: str, said: str, fault: Fault, code: str, operation: str, json_format: bool
) -> None:
    line = parse(written(level, said, json_format))
    assert line
    assert line.request == REQUEST
    meaning = classify(line)
    assert meaning
    assert (meaning.fault, meaning.code, meaning.operation) == (fault, code, operation)


@all_rows(("level", "said"), NOT_A_FAILED_REQUEST)
@all_rows("json_format", [False, True])
def test_a_line_that_fails_no_request_does_not_count(level: str, said: str, json_format: bool) -> None:
    line = parse(written(level, said, json_format))
    meaning = classify(line) if line else None
    assert meaning is None or not meaning.fails


@all_rows(
    "code",
    [
        *vars(ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"],
        *("429", "503", "509", "ServiceUnavailable", "KMS.ThrottlingException", "LimitExceededFault"),
    ],
)
def test_what_the_sdk_takes_for_throttling_is_of_load_and_never_sure(code: str) -> None:
    assert Meaning(fault_of(code), code).of_load
    assert not FailedRequest(RESULT, NOW, fault_of(code), code).sure


@all_rows(
    ("code", "fault", "sure"),
    [
        ("500", Fault.INTERNAL, True),
        ("502", Fault.INTERNAL, False),
        ("503", Fault.INTERNAL, False),
        ("504", Fault.INTERNAL, False),
        ("509", Fault.THROTTLING, False),
        *((code, Fault.REFUSED, False) for code in ("501", "505", "529", "599", "5ab", "5.0", "50", "5000")),
    ],
)
def test_of_bare_statuses_only_500_is_a_sure_fault(code: str, fault: Fault, sure: bool) -> None:
    assert fault_of(code) is fault
    assert FailedRequest(RESULT, NOW, fault, code).sure is sure


def report(end: str) -> str:
    figures = "Duration: 10000.00 ms\tBilled Duration: 10000 ms\tMemory Size: 256 MB\tMax Memory Used: 91 MB"
    return f"REPORT RequestId: {REQUEST}\t{figures}\t{end}"


PLATFORM = [
    (f"{AT} {REQUEST} Task timed out after 10.01 seconds\n\n", Fault.TIMEOUT, "Task.TimedOut"),
    (f"RequestId: {REQUEST} Error: Task timed out after 15.00 seconds", Fault.TIMEOUT, "Task.TimedOut"),
    (
        f"RequestId: {REQUEST} Error: Runtime exited with error: signal: killed\nRuntime.ExitError",
        Fault.MEMORY,
        "Runtime.ExitError",
    ),
    (
        f"RequestId: {REQUEST} Error: Runtime exited with error: exit status 1\nRuntime.ExitError",
        Fault.UNEXPECTED,
        "Runtime.ExitError",
    ),
    (report("Status: timeout"), Fault.TIMEOUT, "Task.TimedOut"),
    (report("Status: error\tError Type: Runtime.OutOfMemory"), Fault.MEMORY, "Runtime.OutOfMemory"),
    (
        report("Status: error\tError Type: Runtime.ImportModuleError"),
        Fault.IMPORT_ERROR,
        "Runtime.ImportModuleError",
    ),
    (
        json.dumps(
            {
                "time": AT,
                "type": "platform.report",
                "record": {"requestId": REQUEST, "status": "timeout", "metrics": {}},
            }
        ),
        Fault.TIMEOUT,
        "Task.TimedOut",
    ),
    (
        json.dumps(
            {
                "time": AT,
                "type": "platform.runtimeDone",
                "record": {"requestId": REQUEST, "status": "error", "errorType": "Runtime.ImportModuleError"},
            }
        ),
        Fault.IMPORT_ERROR,
        "Runtime.ImportModuleError",
    ),
    (
        json.dumps(
            {
                "timestamp": AT,
                "level": "ERROR",
                "errorMessage": "Unable to import module 'handler': No module named 'cv2'",
                "errorType": "Runtime.ImportModuleError",
                "requestId": REQUEST,
                "stackTrace": [],
            }
        ),
        Fault.IMPORT_ERROR,
        "Runtime.ImportModuleError",
    ),
]


@all_rows(("message", "fault", "code"), PLATFORM)
def test_what_ends_an_invocation_is_found_with_its_request(message: str, fault: Fault, code: str) -> None:
    line = parse(message)
    assert line
    assert line.request == REQUEST
    meaning = classify(line)
    assert meaning
    assert (meaning.fault, meaning.code) == (fault, code)


def test_an_import_error_in_text_names_no_request() -> None:
    line = parse(
        "[ERROR] Runtime.ImportModuleError: Unable to import module 'handler': No module named 'x'\nTraceback"
    )
    assert line
    meaning = classify(line)
    assert meaning
    assert (line.request, meaning.fault) == ("", Fault.IMPORT_ERROR)


@all_rows(
    "sent",
    [
        aws_error("InternalServerError", "GetItem"),
        f"\n[ERROR]\t{AT}\t{REQUEST}\t{aws_error('AccessDenied', 'PutObject')}",
        f"\n{AT} {REQUEST} Task timed out after 10.01 seconds",
        "Runtime.ImportModuleError: Unable to import module",
    ],
)
@all_rows("quoted_by", ["Invalid employee_id format: ", "Session not found: ", "Session expired: "])
@all_rows("json_format", [False, True])
def test_text_that_a_caller_sends_cannot_pose_as_a_fault_of_the_service(
    sent: str, quoted_by: str, json_format: bool
) -> None:
    line = parse(written("ERROR", quoted_by + sent, json_format))
    assert line
    meaning = classify(line)
    assert meaning
    assert meaning.fault in (Fault.SESSION_ENDED, Fault.CALLER_INPUT)


@given(st.text(max_size=300) | st.builds(lambda a, b: f"[ERROR]\t{AT}\t{a}\t{b}", st.text(), st.text()))
def test_no_line_breaks_the_parser(message: str) -> None:
    line = parse(message)
    if line:
        classify(line)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "record", "level", "message", "status", "requestId", "errorType"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_json_breaks_the_parser(value: object) -> None:
    line = parse(json.dumps(value))
    if line:
        classify(line)


def written(level: str, said: str, json_format: bool) -> str:
    if json_format:
        return json.dumps(
            {"timestamp": AT, "level": level, "message": said, "logger": "root", "requestId": REQUEST}
        )
    return f"[{level}]\t{AT}\t{REQUEST}\t{said}\n"
