"""How a command ends when it cannot continue, and what to do about an error of AWS."""

from collections.abc import Mapping, Sequence
from enum import IntEnum

from responder.core.declined import DeclineReason, RequestResult
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason
from responder.core.text import Text, text


class Exit(IntEnum):
    """Exit statuses, the same for every command."""

    DONE = 0
    DECLINED = 1
    USAGE = 2
    STRANGER = 3
    NO_INCIDENT = 4
    NOTHING_OPEN = 5
    AWS = 6
    NOT_DONE = 7
    BROKEN = 8
    INTERRUPTED = 130


EXITS: Mapping[RequestResult, Exit] = {
    RequestResult.DONE: Exit.DONE,
    RequestResult.UNCLEAR: Exit.USAGE,
    RequestResult.STRANGER: Exit.STRANGER,
    RequestResult.NO_INCIDENT: Exit.NO_INCIDENT,
    RequestResult.NOTHING_OPEN: Exit.NOTHING_OPEN,
    RequestResult.NOT_DONE: Exit.NOT_DONE,
    RequestResult.AWS: Exit.AWS,
    RequestResult.BROKEN: Exit.BROKEN,
}


class EarlyExit(Exception):
    """The command ends here, with one line that says why; `data` is for --json. Where the line is text of
    the entry for people, `data` has its `error`. `more`: lines after it, where there are several reasons."""

    def __init__(
        self,
        status: Exit,
        said: Text | str,
        data: Data | None = None,
        more: Sequence[Text] = (),
    ) -> None:
        super().__init__(said.key if isinstance(said, Text) else said)
        self.status = status
        self.said = said
        self.more = more
        self.data = {"error": said.key, **(data or {})} if isinstance(said, Text) else dict(data or {})

    @classmethod
    def declined(cls, because: ExplainedReason[DeclineReason], data: Data | None = None) -> "EarlyExit":
        """An end for a reason that the entry for people has, too."""
        return cls(EXITS[because.kind.ending], because.text, data)


# What to do, by the code of the error.
_HINTS = {
    **dict.fromkeys(
        (
            "NoCredentialsError",
            "PartialCredentialsError",
            "InvalidConfigError",
            "ConfigParseError",
            "CredentialRetrievalError",
            "SSOTokenLoadError",
            "UnauthorizedSSOTokenError",
            "TokenRetrievalError",
            "SSOError",
        ),
        "ops.hint_login",
    ),
    "ProfileNotFound": "ops.hint_profile",
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


def failed(call: str) -> EarlyExit:
    """`call`: `service:Operation Code`, or the code alone. One line, with what to do where that is known."""
    data = {"error": "console.aws_failed", "call": call}
    said = text("console.aws_failed", call=call)
    key = _HINTS.get(call.rpartition(" ")[2])
    return EarlyExit(Exit.AWS, text("ops.aws_failed", said=said, hint=Text(key)) if key else said, data)
