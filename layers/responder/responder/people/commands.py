"""Commands to an alarm's own function, which checks everything again under its own role."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from responder.core.command import Command, CommandKind
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import Declined
from responder.core.liveness_function import scope_of
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.people import claim
from responder.people.case import PersonCase
from responder.people.results import body
from responder.store.approvals.decisions import Approval
from responder.store.approvals.writing import settled

# Shorter than Lambda's own first retry, which has to find its way free.
_SAME = timedelta(seconds=50)


def approved(case: PersonCase) -> tuple[Command, Approval] | ExplainedReason[Refusal]:
    """The command that carries the stored proposal out, or why it waits for one more person.

    Raises:
        Declined: it does not wait any more.
    """
    asked = case.shown()
    over = settled(case.pen.said(asked, case.context.now), case.context.now)
    if over is not None:
        raise Declined(over)
    said = case.pen.enough(asked, case.context.now)
    if isinstance(said, ExplainedReason):
        return said
    command = Command(
        CommandKind(asked.order), asked.incident, asked.remedy, asked.scope, asked.id, asked.wanted
    )
    return command, said


def back(case: PersonCase, wanted: Mapping[str, Any] | None = None) -> Command:
    """Without an approval: a remedy that needs one asks for it. Raises Declined: nothing is in force."""
    lease = case.lease()
    scope = scope_of(lease.scope, case.context.settings)
    return Command(CommandKind.TAKE_BACK, lease.incident, lease.remedy, scope, wanted=wanted or {})


def alone(case: PersonCase, command: Command) -> AbstractContextManager[None]:
    """The same command is sent once at a time. Raises Declined while another run sends it."""
    return claim.alone(case.context, _key(command), _SAME, DeclineReason.UNDER_WAY())


def once(case: PersonCase, command: Command) -> None:
    """Raises Declined where the same command was sent a moment ago."""
    if claim.claim(case.context, _key(command), _SAME) is not None:
        raise Declined(DeclineReason.UNDER_WAY())


def again(case: PersonCase, command: Command) -> None:
    """It is over, or did not arrive: whoever sends it again must not hear that it is under way."""
    claim.release(case.context, _key(command), _SAME)


def send(context: Context, slug: str, command: Command) -> None:
    """To the function of this alarm, without waiting for it. Raises AwsError where it may not arrive."""
    _invoke(context, slug, _payload(command), "Event")


def carry_out(context: Context, slug: str, command: Command) -> Any:
    """What the function answers.

    Raises:
        AwsError: it is not known to have arrived, or died.
    """
    return answer(context, slug, _payload(command))


def answer(context: Context, slug: str, event: Mapping[str, Any]) -> Any:
    """The same for an event that is no command."""
    return body(_invoke(context, slug, event, "RequestResponse"))


def _invoke(context: Context, slug: str, event: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return context.aws.call(
        "lambda",
        "invoke",
        FunctionName=f"{context.settings.stack}-{slug}",
        InvocationType=kind,
        Payload=json.dumps(event).encode(),
    )


def _payload(command: Command) -> dict[str, Any]:
    return {
        "command": command.order,
        "incident": command.incident,
        "remedy": command.remedy,
        "scope": command.scope,
        "proposal": command.proposal,
        "wanted": dict(command.wanted),
    }


def _key(command: Command) -> str:
    choice = json.dumps(dict(command.wanted), sort_keys=True)
    return f"{command.order}#{command.incident}#{command.remedy}#{command.scope}#{command.proposal}#{choice}"
