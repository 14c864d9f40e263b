"""Who calls the function URL: the caller that AWS has authenticated, never a name in the request."""

from collections.abc import Mapping
from typing import Any

from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import Declined
from responder.core.settings_document import People
from responder.evidence.role_sessions import because, unbound
from responder.people.case import Caller


def identify(event: object, context: Context, people: People) -> Caller:
    """The person whose signature AWS has checked (`requestContext.authorizer.iam.userArn`).

    Only a request through the URL has this from AWS. A direct invocation could hold anything, so nobody on
    call has the right to one: `OperatorPolicy` allows `lambda:InvokeFunction` via the function URL alone.

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
