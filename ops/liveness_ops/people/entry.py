"""The entry for people: one signed request (SigV4), and its answer as it is to be shown."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ConnectionClosedError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

from liveness_ops.people.exits import EXITS, EarlyExit, Exit, failed
from responder.core.declined import RequestResult
from responder.core.plain_data import Data
from responder.core.text import Strings, text
from responder.people.request import PersonRequest

# The entry has 90 s; the way there and back takes some time.
_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 100


class EntryTransport(Protocol):
    """Carries a body to the entry, signed as the person who calls."""

    def send(self, body: bytes) -> tuple[int, bytes]:
        """The HTTP status and the body of the answer. Raises BotoCoreError where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Url:
    """The function URL that the stack puts out."""

    url: str
    region: str
    credentials: Credentials
    endpoint: str = ""

    def send(self, body: bytes) -> tuple[int, bytes]:
        """Signed with SigV4 for the service `lambda`. `endpoint`: where a local AWS is reached."""
        request = AWSRequest("POST", self.url, {"Content-Type": "application/json"}, body)
        SigV4Auth(self.credentials, "lambda", self.region).add_auth(request)
        prepared = request.prepare()
        if self.endpoint:
            prepared.headers["Host"] = urlsplit(self.url).netloc
            prepared.url = f"{self.endpoint.rstrip('/')}/"
        timeout: Any = (_CONNECT_SECONDS, _ANSWER_SECONDS)
        session = URLLib3Session(timeout=timeout)
        answer = session.send(prepared)
        return answer.status_code, answer.content


def endpoint(variables: Mapping[str, str]) -> str:
    """Another address of Lambda than AWS's own, as the SDK reads it from the environment."""
    if variables.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return ""
    return variables.get("AWS_ENDPOINT_URL_LAMBDA") or variables.get("AWS_ENDPOINT_URL", "")


@dataclass(frozen=True, slots=True)
class Reply:
    """`said`: sentences in the person's language; `data`: what a machine reads."""

    said: Strings
    data: Data


def ask(wire: EntryTransport, language: str, request: PersonRequest, pause: str) -> Reply:
    """Send one request. `pause`: the command that stops all changes.

    Raises:
        EarlyExit: it was not done, with the entry's own reason; or the entry could not be reached.
    """
    try:
        status, content = wire.send(request.body(uuid.uuid4().hex))
    except (ReadTimeoutError, ConnectionClosedError) as error:
        raise _unanswered(type(error).__name__, pause) from None
    except BotoCoreError as error:
        raise failed(f"lambda:InvokeFunctionUrl {type(error).__name__}") from None
    return _reply(status, content, language, pause)


def _reply(status: int, content: bytes, language: str, pause: str) -> Reply:
    try:
        found = json.loads(content)
        ending = RequestResult(found.pop("ending"))
        said = tuple(str(each[language]) for each in found.pop("said"))
    except (AttributeError, KeyError, TypeError, ValueError):
        # AWS answers in the place of the entry: it did not let the request in, or the function died.
        if status == HTTPStatus.FORBIDDEN:
            raise failed("lambda:InvokeFunctionUrl AccessDeniedException") from None
        raise _unanswered(str(status), pause) from None
    if ending is RequestResult.DONE:
        return Reply(said, found)
    raise EarlyExit(EXITS[ending], "\n".join(said), found)


def _unanswered(why: str, pause: str) -> EarlyExit:
    call = f"lambda:InvokeFunctionUrl {why}"
    return EarlyExit(Exit.AWS, text("console.no_answer", call=call, pause=pause), {"call": call})
