"""The command that follows a click: sent without waiting for it, and what the person is told of that."""

from collections.abc import Callable

from responder.core.approval_request import ApprovalRequest
from responder.core.command import Command
from responder.core.errors import AwsError, Declined
from responder.core.log import log
from responder.core.reasons import ExplainedReason
from responder.core.text import Text, text
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.requests import RequestedChange, asked_for, called
from responder.people import commands
from responder.people.case import PersonCase
from responder.slack.inbound.reply import called as call_of
from responder.store import Incidents


def approved(case: PersonCase) -> Text:
    """The stored proposal is carried out once enough people have approved it; what to say of it.

    Raises:
        Declined: it does not wait any more.
    """
    said, remedy = commands.approved(case), asked_for(case.shown())
    if isinstance(said, ExplainedReason):
        return text("click.recorded", remedy=remedy, said=said.text)
    command, approval = said
    return _send(case, command, text("click.carried_out", remedy=remedy, person=approval.person), remedy)


def take_back(case: PersonCase, note: Callable[[], None]) -> Text:
    """Without an approval: a remedy that needs one asks for it. Raises Declined: nothing is in force."""
    command = commands.back(case)
    waiting = _waiting(case, command)
    if waiting is not None:
        return text("click.asked_already", remedy=asked_for(waiting), proposal=waiting.id)
    remedy = called(RequestedChange.ordered(command))
    return _send(case, command, text("click.going_back", remedy=remedy), remedy, note)


def _waiting(case: PersonCase, command: Command) -> ApprovalRequest | None:
    """The way back, or a step of it, was asked for and waits: pressing again asks for nothing new."""
    incidents = Incidents(case.context.aws, case.context.settings.incidents_table)
    for asked in incidents.proposals(command.incident):
        same = (asked.order, asked.remedy, asked.scope) == (command.order, command.remedy, command.scope)
        if same and case.pen.said(asked, case.context.now).answer in (
            ApprovalAnswer.OPEN,
            ApprovalAnswer.APPROVED,
        ):
            return asked
    return None


def _send(
    case: PersonCase, command: Command, said: Text, remedy: Text, before: Callable[[], None] | None = None
) -> Text:
    try:
        commands.once(case, command)
    except Declined:
        return text("click.under_way", remedy=remedy)
    if before is not None:
        before()
    try:
        commands.send(case.context, case.slug, command)
    except AwsError as error:
        if not command.proposal:
            commands.again(case, command)
            raise
        # The follow-up sees the approval and repeats it within a minute.
        log().warning("not sent", extra={"incident": command.incident, "error": str(error)})
        return text("person.not_sent", call=call_of(error))
    return said
