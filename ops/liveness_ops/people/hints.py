"""What to do about an error of AWS, by its code."""

from liveness_ops.people.ending import Exit, Stop
from responder.core.text import Text, text

_LOGIN = "ops.hint_login"
_HINTS = {
    **dict.fromkeys(
        (
            "NoCredentialsError",
            "PartialCredentialsError",
            "ProfileNotFound",
            "InvalidConfigError",
            "ConfigParseError",
            "CredentialRetrievalError",
            "SSOTokenLoadError",
            "UnauthorizedSSOTokenError",
            "TokenRetrievalError",
            "SSOError",
        ),
        _LOGIN,
    ),
    **dict.fromkeys(("ExpiredToken", "ExpiredTokenException", "RequestExpired"), "ops.hint_expired"),
    **dict.fromkeys(
        (
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
        ),
        "ops.hint_keys",
    ),
    **dict.fromkeys(("AccessDenied", "AccessDeniedException"), "ops.hint_denied"),
    **dict.fromkeys(
        ("EndpointConnectionError", "ConnectTimeoutError", "InvalidRegionError", "InvalidEndpointError"),
        "ops.hint_where",
    ),
}


def failed(call: str) -> Stop:
    """`call`: `service:Operation Code`, or the code alone. One line, with what to do where that is known."""
    data = {"error": "console.aws_failed", "call": call}
    said = text("console.aws_failed", call=call)
    key = _HINTS.get(call.rpartition(" ")[2])
    return Stop(Exit.AWS, text("ops.aws_failed", said=said, hint=Text(key)) if key else said, data)
