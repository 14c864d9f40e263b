"""What an exception without an AWS code shows: its class where it is named, otherwise its text. Pure.

The service writes only the text of what it caught (`Failed to …: TEXT`); a traceback and the runtime's own
lines name the class too. Texts are botocore's (`botocore/exceptions.py`: a test holds that each of its
classes is sorted), urllib3's and Python's. None of them leads to an automatic change: a caller may be able to
cause it.
"""

import re

from responder.core.frozen import frozen
from responder.evidence.faults import NETWORK, Fault

_POOL = r"HTTPS?ConnectionPool\(host='[\w.-]{1,255}', port=\d+\): Max retries exceeded "
# By kind: the class, and how its text begins (a regular expression; "" where the text identifies nothing).
_ERRORS: dict[Fault, dict[str, str]] = {
    Fault.CONNECTION: {
        "EndpointConnectionError": r"Could not connect to the endpoint URL: ",
        "ConnectTimeoutError": r"Connect timeout on endpoint URL: ",
        "ConnectionError": r"An HTTP Client failed to establish a connection: ",
        "ConnectTimeout": r"\(<.{1,200}>, 'Connection to \S{1,255} timed out\.",
        "NewConnectionError": r"<.{1,200}>: Failed to establish a new connection: ",
        "NameResolutionError": r"<.{1,200}>: Failed to resolve '",
        "MaxRetryError": _POOL,
        "gaierror": r"\[Errno -?\d+\] (?:Name or service not known|Temporary failure in name resolution|"
        r"No address associated with hostname)",
        "ConnectionRefusedError": r"\[Errno 111\] Connection refused",
        "OSError": r"\[Errno \d+\] (?:Network is unreachable|Connection timed out|No route to host)",
        # Of the TLS handshake: no connection has been made yet.
        "TimeoutError": r"(?:_ssl\.c:\d+: )?The handshake operation timed out",
    },
    Fault.READ_TIMEOUT: {
        "ReadTimeoutError": r"Read timeout on endpoint URL: |"
        r"\w{0,20}ConnectionPool\(host='[\w.-]{1,255}', port=\w{1,6}\): Read timed out\.",
        "ReadTimeout": "",
        "TimeoutError": r"(?:The read operation timed out|timed out)$",
        "timeout": "",
    },
    Fault.CONNECTION_LOST: {
        "ConnectionClosedError": r"Connection was closed before we received a valid response ",
        "ResponseStreamingError": r"An error occurred while reading from response stream: ",
        "IncompleteReadError": r"\d+ read, but total bytes expected is ",
        "IncompleteRead": r"IncompleteRead\(",
        "ProtocolError": r"\('Connection (?:aborted|broken)",
        "RemoteDisconnected": r"Remote end closed connection without response",
        "ConnectionResetError": r"\[Errno 104\] Connection reset by peer",
        "BrokenPipeError": r"\[Errno 32\] Broken pipe",
        "ConnectionAbortedError": "",
        "SSLEOFError": r"(?:\[SSL: UNEXPECTED_EOF_WHILE_READING\] )?EOF occurred in violation of protocol",
    },
    Fault.TLS: {
        "SSLError": r"SSL validation failed for |\[SSL[:\]]",
        "SSLCertVerificationError": r"\[SSL: CERTIFICATE_VERIFY_FAILED\]",
    },
    Fault.PROXY: {
        "ProxyConnectionError": r"Failed to connect to proxy URL: ",
        "InvalidProxiesConfigError": r"Invalid configuration value\(s\) provided for proxies_config\.",
        "ProxyError": "",
    },
    Fault.VALIDATION: {
        "ParamValidationError": r"Parameter validation failed:",
        "ValidationError": r"Invalid value \('",
        "MissingParametersError": r"The following required parameters are missing for ",
        "UnknownKeyError": r"Unknown key '",
        "RangeError": r"Value out of range for param ",
        "UnknownParameterError": r"Unknown parameter '",
        "AliasConflictParameterError": r"Parameter '",
        "InvalidHostLabelError": r"Invalid host label to be bound to the hostname of the endpoint: ",
        "InvalidDNSNameError": r"Bucket named \S{1,100} is not DNS compatible",
        "UnsupportedS3ArnError": r"S3 ARN \S{1,300} provided to \"Bucket\" parameter is invalid",
        "UnsupportedS3ControlArnError": r"S3 ARN \"\S{1,300} provided is invalid for this operation",
        "UnsupportedOutpostResourceError": r"S3 Outpost ARN resource ",
        "UnknownClientMethodError": r"Client does not have method: ",
        "OperationNotPageableError": r"Operation cannot be paginated: ",
        "PaginationError": r"Error during pagination: ",
        "UnseekableStreamError": r"Need to rewind the stream ",
        "InvalidExpressionError": r"Invalid expression ",
        "WaiterConfigError": r"Error processing waiter config: ",
    },
    Fault.CREDENTIALS: {
        "NoCredentialsError": r"Unable to locate credentials",
        "NoAuthTokenError": r"Unable to locate authorization token",
        "PartialCredentialsError": r"Partial credentials found in ",
        "CredentialRetrievalError": r"Error when retrieving credentials from ",
        "TokenRetrievalError": r"Error when retrieving token from ",
        "UnknownTokenProviderError": r"Token provider named ",
        "UnknownCredentialError": r"Credential named ",
        "MetadataRetrievalError": r"Error retrieving metadata: ",
        "InvalidIMDSEndpointError": r"Invalid endpoint EC2 Instance Metadata endpoint: ",
        "InvalidIMDSEndpointModeError": r"Invalid EC2 Instance Metadata endpoint mode: ",
        "ProfileNotFound": r"The config profile \(",
        "InfiniteLoopConfigError": r"Infinite loop in credential configuration detected\.",
        "RefreshWithMFAUnsupportedError": r"Cannot refresh credentials: MFA token required\.",
        "SSOTokenLoadError": r"Error loading SSO Token: ",
        "SSOError": r"An unspecified error happened when resolving AWS credentials ",
        "UnauthorizedSSOTokenError": r"The SSO session associated with this profile has expired ",
        "LoginError": r"An unspecified error happened when resolving AWS credentials ",
        "LoginRefreshRequired": r"Your session has expired or credentials have changed\.",
        "LoginInsufficientPermissions": r"Unable to create or refresh login credentials ",
        "LoginTokenLoadError": r"Error loading login session token: ",
        "LoginAuthorizationCodeError": r"Error loading or redeeming a login authorization code: ",
    },
    Fault.CLIENT_SETUP: {
        "NoRegionError": r"You must specify a region\.",
        "UnknownRegionError": r"Unknown region: '",
        "InvalidRegionError": r"Provided region_name '",
        "UnknownServiceError": r"Unknown service: '",
        "DataNotFoundError": r"Unable to load data for: ",
        "ApiVersionNotFoundError": r"Unable to load data ",
        "UnknownEndpointError": r"Unable to construct an endpoint for ",
        "EndpointVariantError": r"Unable to construct a modeled endpoint ",
        "ServiceNotInRegionError": r"Service \S{1,60} not available in region ",
        "UnknownFIPSEndpointError": r"The provided FIPS pseudo-region ",
        "ConfigParseError": r"Unable to parse config file: ",
        "ConfigNotFound": r"The specified config file \(",
        "UnknownSignatureVersionError": r"Unknown Signature Version: ",
        "UnsupportedSignatureVersionError": r"Signature version\(s\) are not supported: ",
        "UnknownServiceStyle": r"The service style \(",
        "InvalidS3AddressingStyleError": r"S3 addressing style ",
        "UnsupportedS3ConfigurationError": r"Unsupported configuration when using S3",
        "UnsupportedS3AccesspointConfigurationError": "",
        "UnsupportedS3ControlConfigurationError": "",
        "InvalidEndpointDiscoveryConfigurationError": r"Unsupported configuration value for endpoint_disc",
        "InvalidRetryConfigurationError": r"Cannot provide retry configuration for ",
        "InvalidMaxRetryAttemptsError": r"Value provided to \"max_attempts\": ",
        "InvalidRetryModeError": r"Invalid value provided to \"mode\": ",
        "InvalidS3UsEast1RegionalEndpointConfigError": r"S3 us-east-1 regional endpoint option ",
        "InvalidSTSRegionalEndpointsConfigError": r"STS regional endpoints option ",
        "InvalidConfigError": "",
        "MD5UnavailableError": r"This system does not support MD5 generation\.",
        "MissingDependencyException": r"Missing Dependency: ",
        "MissingServiceIdError": r"The model being used for the service ",
        "InvalidDefaultsMode": r"Client configured with invalid defaults mode: ",
        "InvalidEndpointConfigurationError": r"Invalid endpoint configuration: |Invalid endpoint: ",
        "LocationParseError": r"Failed to parse: ",
        "EndpointProviderError": "",
        "EndpointResolutionError": "",
        "UnknownEndpointResolutionBuiltInName": r"Unknown builtin variable name: ",
        "InvalidChecksumConfigError": r"Unsupported configuration value for ",
        "UnsupportedServiceProtocolsError": r"Botocore supports ",
    },
    Fault.RESPONSE: {
        "ResponseParserError": r"Unable to parse response \(",
        "ChecksumError": r"Checksum \S{1,20} failed, ",
        "FlexibleChecksumError": r"Expected checksum ",
        "AwsChunkedWrapperError": "",
    },
    Fault.VARIABLE: {"ValueError": r"could not convert string to float: "},
    Fault.UNEXPECTED: {
        "KeyError": r"'[\w.-]{1,80}'$",
        "IndexError": r"list index out of range$",
        "AttributeError": r"'[\w.]{1,80}' object has no attribute '",
        "NameError": r"name '\w{1,80}' is not defined",
        "TypeError": r"'[\w.]{1,80}' object is not |Object of type \w{1,80} is not JSON serializable|"
        r"Float types are not supported|unsupported operand type|[\w.]{1,80}\(\) (?:got|missing|takes) ",
        "UnicodeEncodeError": r"'[\w-]{1,20}' codec can't encode ",
        # botocore parses answers itself: this is a request's body, or text that the code keeps.
        "JSONDecodeError": r"Expecting (?:value|property name|',' delimiter|':' delimiter)|Extra data: line |"
        r"Unterminated string starting at: ",
        # botocore's name for everything that its HTTP client does not know either.
        "HTTPClientError": r"An HTTP Client raised an unhandled exception: ",
        "WaiterError": r"Waiter \w{1,60} failed: ",
    },
    Fault.THROTTLING: {"CapacityNotAvailableError": r"Insufficient request capacity available\."},
}

# Classes that many errors have, or that other libraries have too (pydantic's ValidationError): their text
# decides.
_GENERAL = frozenset({"OSError", "ValueError", "ValidationError"})
# What only carries another exception, whose text follows these words; urllib3 puts its class in front.
_CARRIES = re.compile(
    r"An HTTP Client (?:raised an unhandled exception|failed to establish a connection): |"
    r"An error occurred while reading from response stream: "
)
_CAUSED_BY = re.compile(r"\(Caused by (?P<name>\w{1,60})\((?P<text>.*)\)\)$", re.DOTALL)
_TEXTS = [
    (re.compile(begins), name, fault)
    for fault, errors in _ERRORS.items()
    for name, begins in errors.items()
    if begins
]
_CLASSES = {name: fault for fault, errors in _ERRORS.items() for name in errors if name not in _GENERAL}
_VARIABLE = re.compile(r"'(?P<name>[A-Z][A-Z0-9]{0,60}(?:_[A-Z0-9]{1,60}){1,8})'$")
_SERVICE = re.compile(
    r"[^\"']{0,120}(?:[\"']https?://|host=')[^/\"'\s]{0,200}?\b(?P<name>rekognition|dynamodb|s3|monitoring|kms|sts)\b"
)


@frozen
class Error:
    """Kind and code of an exception.

    The code is for people: the class, with the variable or the service that the text names. `variable` and
    `service` are the same for logic, as in `Failure`.
    """

    fault: Fault
    code: str
    variable: str = ""
    service: str = ""


def error_of(text: str, name: str = "") -> Error | None:
    """What an exception means; None where it is unknown. `name`: its class, where the line holds it."""
    if name in ("", "KeyError") and (missing := _VARIABLE.match(text)):
        return Error(Fault.VARIABLE, f"KeyError {missing['name']}", variable=missing["name"])
    if inner := _inner(text):
        return inner
    for begins, kind, fault in _TEXTS:
        if begins.match(text):
            return _error(fault, name or kind, text)
    return Error(_CLASSES[name], name) if name in _CLASSES else None


def _inner(text: str) -> Error | None:
    """The exception that this one was raised from, where the text holds it and it is known."""
    if carries := _CARRIES.match(text):
        return error_of(text[carries.end() :])
    caused = _CAUSED_BY.search(text) if re.match(_POOL, text) else None
    if caused is None:
        return None
    kind = caused["name"]
    found = Error(_CLASSES[kind], kind) if kind in _CLASSES else error_of(caused["text"], kind)
    return _error(found.fault, kind, text) if found else None


def _error(fault: Fault, kind: str, text: str) -> Error:
    named = _SERVICE.match(text) if fault in NETWORK else None
    service = named["name"] if named else ""
    return Error(fault, f"{kind} ({service})" if service else kind, service=service)
