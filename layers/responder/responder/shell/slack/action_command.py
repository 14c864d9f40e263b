"""Commands to the alarm's own function, which checks everything again under its own role."""

import json
from collections.abc import Callable
from datetime import timedelta

from responder.approvals.writing import settled
from responder.asked import Asked
from responder.command import Command, Order
from responder.errors import AwsError, Refused
from responder.explained import Explained
from responder.incidents import Incidents
from responder.refusal import AnswerRefusal
from responder.render.headline import name
from responder.shell.log import log
from responder.shell.slack.action_case import Case
from responder.shell.slack.answer import called
from responder.shell.slack.door_claim import claim, release
from responder.text import Text, text
from responder.watch.seen import Answer
from responder.which import scope_of

# Shorter than Lambda's own first retry, which has to find its way free.
_SAME = timedelta(seconds=50)


def approved(case: Case) -> Text:
    """The stored proposal is carried out once enough people have approved it; what to say of it.

    Raises:
        Refused: nobody knows the proposal any more.
    """
    asked = case.asked
    if asked is None or case.head is None:
        raise Refused(AnswerRefusal.NO_PROPOSAL(proposal=case.click.proposal, incident=case.click.incident))
    called = name(asked.remedy, asked.scope)
    over = settled(case.pen.said(asked, case.context.now), case.context.now)
    if over is not None:
        return over.text
    said = case.pen.enough(asked, case.context.now)
    if isinstance(said, Explained):
        return text("click.recorded", remedy=called, said=said.text)
    command = Command(Order(asked.order), asked.incident, asked.remedy, asked.scope, asked.id, asked.wanted)
    return _send(case, command, text("click.carried_out", remedy=called, person=said.person))


def take_back(case: Case, note: Callable[[], None]) -> Text:
    """Without an approval: a remedy that needs one asks for it. Raises Refused: nothing is in force."""
    lease = case.lease()
    scope = scope_of(lease.scope, case.context.settings)
    called = name(lease.remedy, scope)
    waiting = _waiting(case, lease.remedy, scope)
    if waiting is not None:
        return text("click.asked_already", remedy=called, proposal=waiting.id)
    command = Command(Order.TAKE_BACK, lease.incident, lease.remedy, scope)
    return _send(case, command, text("click.going_back", remedy=called), note)


def _waiting(case: Case, remedy: str, scope: str) -> Asked | None:
    """The way back was asked for and waits for its approval: pressing again asks for nothing new."""
    incidents = Incidents(case.context.aws, case.context.settings.incidents_table)
    for asked in incidents.proposals(case.click.incident):
        same = (asked.order, asked.remedy, asked.scope) == (Order.TAKE_BACK, remedy, scope)
        if same and case.pen.said(asked, case.context.now).answer in (Answer.OPEN, Answer.APPROVED):
            return asked
    return None


def _send(case: Case, command: Command, said: Text, before: Callable[[], None] | None = None) -> Text:
    key = f"{command.order}#{command.incident}#{command.remedy}#{command.scope}#{command.proposal}"
    if claim(case.context, key, _SAME) is not None:
        return text("click.under_way", remedy=name(command.remedy, command.scope))
    if before is not None:
        before()
    try:
        _invoke(case, command)
    except AwsError as error:
        if not command.proposal:
            # Nobody repeats it: whoever presses again must not hear that it is under way.
            release(case.context, key, _SAME)
            raise
        # The follow-up sees the approval and repeats it within a minute.
        log().warning("not sent", extra={"incident": command.incident, "error": str(error)})
        return text("click.not_sent", call=called(error))
    return said


def _invoke(case: Case, command: Command) -> None:
    assert case.head is not None  # noqa: S101  every caller has seen it
    payload = {
        "command": command.order,
        "incident": command.incident,
        "remedy": command.remedy,
        "scope": command.scope,
        "proposal": command.proposal,
        "wanted": dict(command.wanted),
    }
    case.context.aws.call(
        "lambda",
        "invoke",
        FunctionName=f"{case.context.settings.stack}-{case.head.slug}",
        InvocationType="Event",
        Payload=json.dumps(payload).encode(),
    )
