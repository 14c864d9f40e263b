"""The function URL for people (AuthType AWS_IAM): a signed request in, an answer out, whatever goes wrong."""

import base64
import binascii
import hashlib
import os
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from responder.alarm_function.handler import SAME_CHANGE, ClaimStore
from responder.aws.parallel import patient
from responder.core.context import Context, Gateway
from responder.core.declined import DeclineReason, RequestResult
from responder.core.errors import AwsError, BeingAnswered, Declined, NotClaimed, SettingsUnusable, Unreadable
from responder.core.log import log
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.base import reason
from responder.people import request
from responder.people.answer import PersonAnswer, declined, failed, http, identify
from responder.people.case import RequestingPerson
from responder.people.perform import perform
from responder.store.switches import read_settings

_MOST_BYTES = 200_000
# An alarm's function has 60 s, and the way there and back takes some time.
_PATIENCE_SECONDS = 70


@dataclass(frozen=True, slots=True)
class PeopleEntry:
    """What the door takes from outside."""

    context: Context
    claims: ClaimStore


@dataclass(frozen=True, slots=True)
class _PatientBoto:
    """AWS, with the time that an alarm's function needs to answer a command."""

    quick: Gateway
    slow: Gateway

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        door = self.slow if (service, operation) == ("lambda", "invoke") else self.quick
        return door.call(service, operation, **arguments)

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Any:
        return self.quick.pages(service, operation, **arguments)


def handle(event: object, lambda_context: Any) -> dict[str, Any]:
    """The entry on Lambda."""
    from responder.aws import Boto
    from responder.aws.claims import Claims as PowertoolsClaims
    from responder.aws.door import door

    settings = Settings.read(os.environ)
    aws, now = door(settings.region), datetime.now(UTC)
    patient = _PatientBoto(aws, Boto(settings.region, patience=_PATIENCE_SECONDS))
    claims = PowertoolsClaims(aws, settings.claims_table)
    return receive(event, lambda_context, PeopleEntry(Context(patient, settings, now, now), claims))


def receive(event: object, lambda_context: Any, desk: PeopleEntry) -> dict[str, Any]:
    """Every request is answered; nothing is thrown."""
    try:
        return _answered(event, lambda_context, replace(desk, context=patient(desk.context)))
    except Declined as error:
        answer = declined(error)
    except SettingsUnusable:
        # The reason can hold names, and it is not known who reads it.
        answer = PersonAnswer(
            RequestResult.STRANGER, (text("settings.refused_to_all"),), {}, "settings.refused"
        )
    except BeingAnswered:
        answer = declined(Declined(DeclineReason.UNDER_WAY()))
    except NotClaimed as error:
        # A request that cannot be told from its repeat is not believed.
        answer = PersonAnswer(
            RequestResult.AWS,
            (text("person.not_claimed", reason=reason(error.why)),),
            {},
            "person.not_claimed",
        )
    except AwsError as error:
        answer = failed("person.not_known", str(error))
    except Unreadable as error:
        answer = PersonAnswer(
            RequestResult.BROKEN, (text("ops.broken_row", row=error.row),), {}, "ops.broken_row"
        )
    except Exception as error:
        # Never the exception's text: what a person wrote may stand in it.
        kind = type(error).__name__
        log().error("not answered", extra={"kind": kind, "at": _where(error)})
        answer = PersonAnswer(RequestResult.BROKEN, (text("person.broken", kind=kind),), {}, "person.broken")
    log().warning("not done", extra={"ending": answer.ending.value, "error": answer.error})
    return answer.http()


def _answered(event: object, lambda_context: Any, desk: PeopleEntry) -> dict[str, Any]:
    document = read_settings(desk.context)
    context = replace(desk.context, settings=document.over(desk.context.settings))
    caller = identify(event, context, document.people)
    body = _body(event)
    asked = request.read(body)
    # The same bytes from the same person are the same request: it is carried out once, and answered again.
    once = hashlib.sha256(caller.principal.encode() + b"\n" + body).hexdigest()
    told = desk.claims.once(
        f"person#{once}",
        lambda: perform(asked, RequestingPerson(context, document, caller)).to_json(),
        lambda_context,
        lambda _: SAME_CHANGE,
    )
    log().info(
        "a request", extra={"do": type(asked).__name__, "person": caller.person, "ending": told["ending"]}
    )
    return http(told)


def _body(event: object) -> bytes:
    given: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
    body, encoded = given.get("body"), given.get("isBase64Encoded")
    if not isinstance(body, str) or len(body) > 2 * _MOST_BYTES:
        raise Declined(DeclineReason.UNREADABLE(field="body"))
    try:
        raw = base64.b64decode(body, validate=True) if encoded else body.encode()
    except (binascii.Error, ValueError):
        raise Declined(DeclineReason.UNREADABLE(field="body")) from None
    if len(raw) > _MOST_BYTES:
        raise Declined(DeclineReason.UNREADABLE(field="body"))
    return raw


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "-"
