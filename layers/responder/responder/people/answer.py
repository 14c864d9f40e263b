"""What a person is answered: JSON with stable keys, and the HTTP status that fits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from responder.core.context import Context
from responder.core.declined import DeclineReason, RequestResult
from responder.core.errors import Declined
from responder.core.settings_document import People
from responder.core.text import Text, text
from responder.evidence.role_sessions import because, unbound
from responder.messages.bilingual import both
from responder.people.case import Caller


def identify(event: object, context: Context, people: People) -> Caller:
    """The person whose signature AWS has checked (`requestContext.authorizer.iam.userArn`).

    Only a request through the URL has this from AWS. A direct invocation could hold anything, so
    on-call has no right to one: `OperatorPolicy` allows `lambda:InvokeFunction` via the function URL alone.

    Raises:
        Declined: AWS names no caller of this account, the settings document does not register the caller, or
            another person could take the same name.
        AwsError: that cannot be read.
    """
    iam: object = event
    for part in ("requestContext", "authorizer", "iam"):
        iam = iam.get(part) if isinstance(iam, Mapping) else None
    principal = _arn(iam, context.settings.account)
    if principal is None:
        raise Declined(DeclineReason.NOT_SIGNED())
    person = people.who(principal)
    if person is None:
        raise Declined(DeclineReason.STRANGER(principal=principal))
    why = unbound(context.aws, principal)
    if why is not None:
        raise Declined(DeclineReason.NOT_BOUND(principal=principal, why=because(why, principal)))
    return Caller(person.name, principal)


def _arn(iam: object, account: str) -> str | None:
    told: Mapping[str, Any] = iam if isinstance(iam, Mapping) else {}
    arn = told.get("userArn")
    if not isinstance(arn, str) or told.get("accountId") != account:
        return None
    parts = arn.split(":", 5)
    ours = len(parts) == 6 and (parts[0], parts[4]) == ("arn", account)
    return arn if ours and parts[2] in ("iam", "sts") and arn.isprintable() else None


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """`said`: sentences for the person, the first one says how it ended. `error`: a stable key, empty where
    it is done. `data`: what a machine reads besides; its keys are only ever added."""

    ending: RequestResult
    said: tuple[Text, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        """The body."""
        error = {"error": self.error} if self.error else {}
        said = [both(each) for each in self.said]
        return {**self.data, **error, "ending": self.ending.value, "said": said}

    def http(self) -> dict[str, Any]:
        """As a function URL delivers it (payload format 2.0)."""
        return http(self.to_json())

    def also(self, *said: Text) -> "PersonAnswer":
        """With further sentences."""
        return PersonAnswer(self.ending, (*self.said, *said), self.data, self.error)


def http(body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of the function whose body this is."""
    return {
        "statusCode": RequestResult(body["ending"]).status.value,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps(body, ensure_ascii=False, allow_nan=False),
    }


def done(*said: Text, **data: Any) -> PersonAnswer:
    """It is done."""
    return PersonAnswer(RequestResult.DONE, said, data)


def declined(error: Declined, **data: Any) -> PersonAnswer:
    """It is not done, for a reason that we know."""
    because = error.because
    return PersonAnswer(because.kind.ending, (because.text,), data, because.kind.value)


def failed(key: str, call: str, **data: Any) -> PersonAnswer:
    """A call failed; `key` says what is known of the request then."""
    return PersonAnswer(RequestResult.AWS, (text(key, call=call),), {**data, "call": call}, key)
