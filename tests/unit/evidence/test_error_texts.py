"""Errors without an AWS code: which kind each is, by its text and by its class."""

import inspect
import json
from collections.abc import Iterator
from string import Formatter

import botocore.exceptions
import pytest

from responder.evidence.classify import classify, parse
from responder.evidence.error_texts import Error, error_of
from responder.evidence.faults import EXCEPTIONS, NETWORK, Fault
from tests.rows import all_rows
from tests.unit.evidence import callers

FAILED = "Liveness service error: Failed to get liveness session result: "
URL = "https://rekognition.us-east-1.amazonaws.com/"
TRACE = 'Traceback (most recent call last):\n  File "/var/task/handler.py", line 88, in handler\n'

TEXTS = [
    (
        f'Could not connect to the endpoint URL: "{URL}"',
        Fault.CONNECTION,
        "EndpointConnectionError (rekognition)",
    ),
    (f'Connect timeout on endpoint URL: "{URL}"', Fault.CONNECTION, "ConnectTimeoutError (rekognition)"),
    (
        'Connect timeout on endpoint URL: "https://images.s3.us-east-1.amazonaws.com/liveness-audit/0b6d/x"',
        Fault.CONNECTION,
        "ConnectTimeoutError (s3)",
    ),
    (
        'Could not connect to the endpoint URL: "https://vpce-0a1.rekognition.us-east-1.vpce.amazonaws.com/"',
        Fault.CONNECTION,
        "EndpointConnectionError (rekognition)",
    ),
    ("[Errno -2] Name or service not known", Fault.CONNECTION, "gaierror"),
    ("[Errno 111] Connection refused", Fault.CONNECTION, "ConnectionRefusedError"),
    (
        "HTTPSConnectionPool(host='sts.amazonaws.com', port=443): Max retries exceeded with url: / (x)",
        Fault.CONNECTION,
        "MaxRetryError (sts)",
    ),
    # What carries another exception is of that one's kind.
    *(
        (
            "HTTPSConnectionPool(host='sts.amazonaws.com', port=443): Max retries exceeded with url: /"
            f" (Caused by {cause}))",
            fault,
            f"{cause.partition('(')[0]} (sts)",
        )
        for cause, fault in {
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')": Fault.TLS,
            "ProxyError('Cannot connect to proxy.', NewConnectionError('x')": Fault.PROXY,
            "ReadTimeoutError('Read timed out.'": Fault.READ_TIMEOUT,
            "ProtocolError('Connection aborted.'": Fault.CONNECTION_LOST,
            "NewConnectionError('x'": Fault.CONNECTION,
        }.items()
    ),
    *(
        (f"An HTTP Client raised an unhandled exception: {text}", fault, code)
        for text, fault, code in [
            ("[Errno 24] Too many open files", Fault.UNEXPECTED, "HTTPClientError"),
            ("Failed to parse: https://bad_host", Fault.CLIENT_SETUP, "LocationParseError"),
            ("[Errno 104] Connection reset by peer", Fault.CONNECTION_LOST, "ConnectionResetError"),
        ]
    ),
    ("An HTTP Client failed to establish a connection: x", Fault.CONNECTION, "ConnectionError"),
    ("[Errno 110] Connection timed out", Fault.CONNECTION, "OSError"),
    ("_ssl.c:989: The handshake operation timed out", Fault.CONNECTION, "TimeoutError"),
    ("The read operation timed out", Fault.READ_TIMEOUT, "TimeoutError"),
    (
        "(<urllib3.connection.HTTPSConnection object at 0x7f>, "
        "'Connection to dynamodb.us-east-1.amazonaws.com timed out. (connect timeout=60)')",
        Fault.CONNECTION,
        "ConnectTimeout",
    ),
    ("EOF occurred in violation of protocol (_ssl.c:1129)", Fault.CONNECTION_LOST, "SSLEOFError"),
    (f'Read timeout on endpoint URL: "{URL}"', Fault.READ_TIMEOUT, "ReadTimeoutError (rekognition)"),
    (
        "AWSHTTPSConnectionPool(host='images.s3.us-east-1.amazonaws.com', port=443): Read timed out.",
        Fault.READ_TIMEOUT,
        "ReadTimeoutError (s3)",
    ),
    (
        f'Connection was closed before we received a valid response from endpoint URL: "{URL}".',
        Fault.CONNECTION_LOST,
        "ConnectionClosedError (rekognition)",
    ),
    ("('Connection aborted.', RemoteDisconnected('x'))", Fault.CONNECTION_LOST, "ProtocolError"),
    (
        f"SSL validation failed for {URL} [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
        Fault.TLS,
        "SSLError",
    ),
    ('Failed to connect to proxy URL: "http://10.0.0.1:3128"', Fault.PROXY, "ProxyConnectionError"),
    (
        "Parameter validation failed:\nInvalid type for parameter Settings.OutputConfig.S3Bucket, "
        "value: None, type: <class 'NoneType'>, valid types: <class 'str'>",
        Fault.VALIDATION,
        "ParamValidationError",
    ),
    ("Unable to locate credentials", Fault.CREDENTIALS, "NoCredentialsError"),
    (
        "An error occurred (ExpiredTokenException) when calling the PutItem operation: x",
        Fault.CREDENTIALS,
        "ExpiredTokenException",
    ),
    (
        "An error occurred (UnrecognizedClientException) when calling the GetItem operation: x",
        Fault.CREDENTIALS,
        "UnrecognizedClientException",
    ),
    ("You must specify a region.", Fault.CLIENT_SETUP, "NoRegionError"),
    ("Invalid endpoint: rekognition", Fault.CLIENT_SETUP, "InvalidEndpointConfigurationError"),
    ("Unable to parse response (no element found: line 1, column 0)", Fault.RESPONSE, "ResponseParserError"),
    ("Expecting value: line 1 column 1 (char 0)", Fault.UNEXPECTED, "JSONDecodeError"),
    ("Extra data: line 1 column 5 (char 4)", Fault.UNEXPECTED, "JSONDecodeError"),
    ("'FACE_AUTH_BUCKET'", Fault.VARIABLE, "KeyError FACE_AUTH_BUCKET"),
    ("could not convert string to float: 'ninety'", Fault.VARIABLE, "ValueError"),
    ("'SessionId'", Fault.UNEXPECTED, "KeyError"),
    ("Object of type Decimal is not JSON serializable", Fault.UNEXPECTED, "TypeError"),
    ("Insufficient request capacity available.", Fault.THROTTLING, "CapacityNotAvailableError"),
]
# Of the SDK's own tests, and a bare base class.
NOT_OF_A_REQUEST = {
    "BotoCoreError",
    "ClientError",
    "EventStreamError",
    "StubAssertionError",
    "StubResponseError",
    "UnStubbedResponseError",
    "BaseEndpointResolverError",
    "UndefinedModelAttributeError",
}

# Their class alone identifies nothing.
IN_OTHER_LIBRARIES = {"ValidationError"}


def meaning(line: str) -> tuple[Fault, str] | None:
    parsed = parse(line)
    found = classify(parsed) if parsed else None
    return (found.fault, found.code) if found else None


@all_rows("form", [callers.text, callers.in_json])
@all_rows(("text", "fault", "code"), TEXTS)
def test_what_the_service_caught_is_reported_by_its_text(
    form: callers.Form, text: str, fault: Fault, code: str
) -> None:
    assert meaning(form("ERROR", FAILED + text)) == (fault, code)
    assert meaning(form("ERROR", FAILED.removeprefix("Liveness service error: ") + text)) == (fault, code)


def raised() -> Iterator[tuple[str, str]]:
    """Each exception of the SDK that a request can end with: (class, text)."""
    for name, found in inspect.getmembers(botocore.exceptions, inspect.isclass):
        own = issubclass(found, Exception) and found.__module__ == botocore.exceptions.__name__
        if own and name not in NOT_OF_A_REQUEST and not issubclass(found, Warning):
            form = str(vars(found).get("fmt") or getattr(found, "fmt", ""))
            fields = {field for _, field, *_ in Formatter().parse(form) if field}
            yield name, form.format(**dict.fromkeys(fields, "x"))


@all_rows(("name", "text"), list(raised()))
def test_every_exception_of_the_sdk_is_sorted(name: str, text: str) -> None:
    by_class = error_of("anything else", name) if name not in IN_OTHER_LIBRARIES else error_of(text, name)
    assert by_class is not None and by_class.fault in EXCEPTIONS | {Fault.THROTTLING}
    if text != "x":  # a class whose text is all its own
        by_text = error_of(text.replace("x read", "7 read").replace("expected is x", "expected is 9"))
        assert by_text is not None and by_text.fault is by_class.fault, text


def test_no_exception_of_the_sdk_is_a_fault_that_leads_to_an_automatic_change() -> None:
    assert not any(fault in (Fault.ACCESS_DENIED, Fault.INTERNAL, Fault.IMPORT_ERROR) for fault in EXCEPTIONS)
    assert NETWORK < EXCEPTIONS


RAISED = [
    (
        "botocore.exceptions.ConnectTimeoutError",
        f'Connect timeout on endpoint URL: "{URL}"',
        Fault.CONNECTION,
    ),
    ("KeyError", "'LIVENESS_SESSIONS_TABLE'", Fault.VARIABLE),
    ("ValueError", "could not convert string to float: 'ninety'", Fault.VARIABLE),
    ("botocore.exceptions.NoCredentialsError", "Unable to locate credentials", Fault.CREDENTIALS),
    ("http.client.RemoteDisconnected", "gone", Fault.CONNECTION_LOST),
    ("decimal.InvalidOperation", "[<class 'decimal.ConversionSyntax'>]", Fault.UNEXPECTED),
]


@pytest.mark.parametrize(("kind", "text", "fault"), RAISED)
def test_an_unexpected_error_is_reported_by_the_class_in_its_traceback(
    kind: str, text: str, fault: Fault
) -> None:
    name = kind.rpartition(".")[2]
    in_text = callers.text("ERROR", f"Unexpected error: {text}\n{TRACE}{kind}: {text}")
    extra = {"errorType": name, "errorMessage": text}
    for line in (in_text, callers.in_json("ERROR", f"Unexpected error: {text}", **extra)):
        found = meaning(line)
        assert found is not None and found[0] is fault and found[1].startswith(name)


@pytest.mark.parametrize(("kind", "text", "fault"), RAISED)
def test_an_uncaught_exception_is_reported_by_its_class_too(kind: str, text: str, fault: Fault) -> None:
    name = kind.rpartition(".")[2]
    in_json = json.dumps(
        {"level": "ERROR", "errorType": name, "errorMessage": text, "requestId": callers.REQUEST}
    )
    for line in (f"[ERROR] {name}: {text}\n{TRACE}", in_json):
        found = meaning(line)
        assert found is not None and found[0] is fault and found[1].startswith(name)


def test_a_traceback_without_frames_hides_no_variable() -> None:
    cut = "[ERROR] KeyError: 'FACE_AUTH_BUCKET'\nTraceback (most recent call last):\n"
    assert meaning(cut) == (Fault.VARIABLE, "KeyError FACE_AUTH_BUCKET")


def test_nothing_of_an_address_but_the_service_is_reported() -> None:
    text = 'Read timeout on endpoint URL: "https://images.s3.amazonaws.com/liveness-audit/SESSION/audit-log.json"'
    assert error_of(text) == Error(Fault.READ_TIMEOUT, "ReadTimeoutError (s3)", service="s3")


def test_the_missing_variable_is_read_separately_from_the_class() -> None:
    found = error_of("'FACE_AUTH_BUCKET'")
    assert found == Error(Fault.VARIABLE, "KeyError FACE_AUTH_BUCKET", variable="FACE_AUTH_BUCKET")


def test_a_class_of_the_same_name_in_another_library_is_not_the_sdks() -> None:
    """pydantic raises its own ValidationError over a request."""
    text = "1 validation error for Request\nemployee_id\n field required"
    assert error_of(text, "ValidationError") is None


@pytest.mark.parametrize("text", ["", "boom", "Session not found: x", "x" * 5000, "'" + "A" * 5000])
def test_a_text_that_is_not_known_has_no_kind(text: str) -> None:
    assert error_of(text) is None
