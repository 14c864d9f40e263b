"""The function URL for people (AuthType AWS_IAM): a signed request in, an answer out, whatever goes wrong.

Who calls is who AWS says; every rule is checked here, whatever the console has checked.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from responder.alarm_function.handler import SAME_CHANGE, ClaimStore
from responder.aws.gateway import Answer, Send, patient, through
from responder.aws.operations import Request
from responder.checks import previous
from responder.checks.model import Cadence
from responder.core.command import Command
from responder.core.context import Context, Gateway
from responder.core.declined import DeclineReason, RequestResult
from responder.core.errors import AwsError, BeingAnswered, Declined, NotClaimed, SettingsUnusable, Unreadable
from responder.core.frozen import frozen
from responder.core.log import defect, log
from responder.core.permissions import (
    ANY,
    CLAIMS_TABLE,
    PARAMETERS,
    QUEUES,
    ROLES,
    SETTINGS_DOCUMENT,
    STOPS,
    TOPIC,
    Permission,
)
from responder.core.plain_data import Data, Json
from responder.core.reasons import ExplainedReason
from responder.core.settings import Settings
from responder.core.settings_document import People
from responder.core.switches import MODES, SET_BY_PEOPLE
from responder.core.text import Text, text
from responder.evidence.base import reason
from responder.evidence.role_sessions import because, unbound
from responder.people import accept, commands, dead_letters, request, switches
from responder.people.case import (
    Caller,
    PersonAnswer,
    PersonCase,
    RequestingPerson,
    body_of,
    done,
    failed,
    http,
    note,
)
from responder.people.decide import RecordedDecision, decide
from responder.people.request import PersonRequest, RequestKind
from responder.store.switches import read_settings

_MOST_BYTES = 200_000
# An alarm's function has 60 s, and the way there and back takes some time.
_PATIENCE_SECONDS = 70

_BELOW = PARAMETERS.removesuffix("*")
_CLAIM = "a request is carried out once"

NEEDS = frozenset(
    {
        *commands.NEEDS,
        *(need for rhythm in Cadence for need in previous.needs(rhythm)),
        Permission("dynamodb:PutItem", CLAIMS_TABLE, _CLAIM),
        Permission("dynamodb:UpdateItem", CLAIMS_TABLE, _CLAIM),
        Permission("dynamodb:DeleteItem", CLAIMS_TABLE, "a request that failed can be sent again"),
        Permission("cloudwatch:DescribeAlarms", ANY),
        Permission("iam:GetRole", ROLES),
        Permission("ssm:PutParameter", SETTINGS_DOCUMENT, "a person changes who may approve what"),
        Permission("ssm:PutParameter", f"{_BELOW}{MODES}", "a person changes a mode"),
        Permission(
            "ssm:PutParameter", f"{_BELOW}{SET_BY_PEOPLE}", "what people have set is missed if deleted"
        ),
        Permission("ssm:DeleteParameter", STOPS, "a person ends a stop"),
        Permission("sns:Publish", TOPIC, "notify on-call who changed a mode or the settings document"),
        *(
            Permission(f"sqs:{action}", queue, why)
            for queue in QUEUES
            for action, why in {
                "ReceiveMessage": "what failed is read here, never in a request",
                "ChangeMessageVisibility": "what was not asked for is back at once",
                "DeleteMessage": "decided again, or discarded by a person",
            }.items()
        ),
    }
)


@frozen
class PeopleEntry:
    """What the entry takes from outside."""

    context: Context
    claims: ClaimStore


@frozen
class _LongCommands:
    """A policy: an alarm's function is given the time that it takes to answer a command."""

    aws: Gateway

    def __call__(self, request: Request, send: Send, /) -> Answer:
        if request[:2] == ("lambda", "invoke"):
            return self.aws.call("lambda", "invoke", **request.arguments)
        return send()


def handle(event: object, lambda_context: Any) -> Json:
    """The entry on Lambda."""
    from responder.aws import Boto
    from responder.aws.boto import gateway
    from responder.aws.claims import Claims as PowertoolsClaims

    settings = Settings.read(os.environ)
    aws, now = gateway(settings.region), datetime.now(UTC)
    commands = _LongCommands(Boto(settings.region, patience=_PATIENCE_SECONDS))
    claims = PowertoolsClaims(aws, settings.claims_table)
    return receive(
        event, lambda_context, PeopleEntry(Context(through(aws, commands), settings, now, now), claims)
    )


def receive(event: object, lambda_context: Any, desk: PeopleEntry) -> Json:
    """Every request is answered; nothing is thrown."""
    try:
        return _answered(event, lambda_context, replace(desk, context=patient(desk.context)))
    except Declined as error:
        answer = _declined(error)
    except SettingsUnusable:
        # The reason can hold names, and it is unknown who reads it.
        said = text("settings.refused_to_all", where=desk.context.settings.console)
        answer = _failure(RequestResult.STRANGER, said, "settings.refused")
    except BeingAnswered:
        answer = _declined(Declined(DeclineReason.UNDER_WAY()))
    except NotClaimed as error:
        # A request that may be a repeat is refused.
        said = text("person.not_claimed", reason=reason(error.why))
        answer = _failure(RequestResult.AWS, said, "person.not_claimed")
    except AwsError as error:
        answer = failed("person.not_known", str(error))
    except Unreadable as error:
        said = text("denial.broken_row", row=error.row)
        answer = _failure(RequestResult.BROKEN, said, "denial.broken_row")
    except Exception as error:
        log().error("not answered", extra=defect(error))
        said = text("person.broken", kind=type(error).__name__)
        answer = _failure(RequestResult.BROKEN, said, "person.broken")
    log().warning("not done", extra={"ending": answer.ending.value, "error": answer.error})
    return http(answer.to_json())


def _declined(error: Declined) -> PersonAnswer:
    return _failure(error.because.kind.ending, error.because.text, error.because.kind.value)


def _failure(ending: RequestResult, said: Text, error: str) -> PersonAnswer:
    return PersonAnswer(ending, (said,), {}, error)


def _answered(event: object, lambda_context: Any, desk: PeopleEntry) -> Json:
    document = read_settings(desk.context)
    context = replace(desk.context, settings=document.over(desk.context.settings))
    caller = identify(event, context, document.people)
    try:
        body = body_of(event, _MOST_BYTES)
    except ValueError:
        raise Declined(DeclineReason.UNREADABLE(field="body")) from None
    asked = request.read(body)
    # The same bytes from the same person are the same request: it is carried out once, and answered again.
    once = hashlib.sha256(caller.principal.encode() + b"\n" + body).hexdigest()
    answered = desk.claims.once(
        f"person#{once}",
        lambda: perform(asked, RequestingPerson(context, document, caller)).to_json(),
        lambda_context,
        lambda _: SAME_CHANGE,
    )
    about = {"do": asked.kind.value, "person": caller.person, "ending": answered["ending"]}
    log().info("a request", extra=about)
    return http(answered)


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
    principal = _arn(iam if isinstance(iam, Mapping) else {}, context.settings.account)
    if principal is None:
        raise Declined(DeclineReason.NOT_SIGNED())
    caller = Caller.registered(principal, people)
    why = unbound(context.aws, principal)
    if why is not None:
        raise Declined(DeclineReason.NOT_BOUND(principal=principal, why=because(why, principal)))
    return caller


def _arn(iam: Data, account: str) -> str | None:
    arn = iam.get("userArn")
    if not isinstance(arn, str) or iam.get("accountId") != account:
        return None
    parts = arn.split(":", 5)
    ours = len(parts) == 6 and (parts[0], parts[4]) == ("arn", account)
    return arn if ours and parts[2] in ("iam", "sts") and arn.isprintable() else None


def perform(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """Do what a person asks for.

    Raises:
        Declined: it may not be done; nothing was.
        AwsError: the record could not be read.
    """
    return _WORK.get(asked.kind, _about_incident)(asked, asker)


def _who(_: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """The registered person, and the classes of action that this person may approve."""
    name, may = asker.caller.person, sorted(each.value for each in asker.caller.may)
    classes = ", ".join(may) if may else text("notice.no_class")
    return done(text("person.you_are", person=name, may=classes), person=name, may=may)


_WORK: Mapping[RequestKind, Callable[[PersonRequest, RequestingPerson], PersonAnswer]] = {
    RequestKind.RESUME: switches.resume,
    RequestKind.MODE: switches.set_mode,
    RequestKind.SETTINGS: switches.set_settings,
    RequestKind.REDRIVE: dead_letters.redrive,
    RequestKind.DISCARD: dead_letters.discard,
    RequestKind.ACCEPT: accept.accept,
    RequestKind.UNACCEPT: accept.unaccept,
    RequestKind.WHOAMI: _who,
}


def _about_incident(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    case = asker.case(asked)
    decided = decide(case)
    data = {"incident": asked.incident, "person": asker.caller.person}
    if asked.proposal:
        data["proposal"] = asked.proposal
    if asked.kind is RequestKind.APPROVE:
        return _carried_out(case, decided, data)
    data |= decided.data
    if decided.said is None:
        return _sent(case, commands.back(case), data, decided)
    return done(decided.said, **data).without(_note(case, decided))


def _carried_out(case: PersonCase, decided: RecordedDecision, data: Data) -> PersonAnswer:
    """Where the function cannot be asked to carry it out, the follow-up asks it within a minute."""
    missing, said = _note(case, decided), commands.approved(case)
    if isinstance(said, ExplainedReason):
        return done(text("person.recorded"), said.text, **data, carried_out=False).without(missing)
    try:
        answer = _sent(case, said[0], {**data, "carried_out": True})
    except Declined as error:
        # Another person's approval, or the same one, has sent it.
        answer = done(text("person.recorded"), error.because.text, **data, carried_out=False)
    except AwsError as error:
        answer = failed("person.not_sent", str(error), **data, carried_out=True, recorded=True)
    return answer.without(missing)


def _sent(
    case: PersonCase, command: Command, data: Data, decided: RecordedDecision | None = None
) -> PersonAnswer:
    """The command, once at a time, with what its function answers. `decided`: put on the timeline before it
    is sent."""
    with commands.alone(case, command):
        missing = _note(case, decided) if decided else ()
        answer = commands.answer(case.context, case.slug, command)
        outcome = commands.CommandOutcome.read(answer, command, case.context.settings.console)
    return outcome.answer(command, data).without(missing)


def _note(case: PersonCase, decided: RecordedDecision) -> tuple[AwsError, ...]:
    return note(case.context, case.caller, case.request.incident, decided.at, decided.step)
