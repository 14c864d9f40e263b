"""What follows a click once Slack has its answer: the timeline, the command, and a line to the person."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from responder.core.command import Command
from responder.core.context import Context
from responder.core.errors import AwsError, Declined, Denied, Refused, ResponderError, SlackError
from responder.core.log import log
from responder.core.reasons import ExplainedReason
from responder.core.text import Text, text
from responder.evidence.base import action, reason
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.block_kit import words
from responder.messages.language import say
from responder.messages.requests import RequestedChange, asked_for, called
from responder.people import commands
from responder.people.case import PersonCase
from responder.people.decide import under_way
from responder.people.going_back import going_back
from responder.slack.inbound.decide import Connect, Job, case_of
from responder.slack.inbound.request import REVERTS, ButtonKind, Click
from responder.slack.outbound import root
from responder.slack.outbound.posting import SlackApi, SlackPosting
from responder.store import Incidents
from responder.store.approvals import rows


def work(job: Job, context: Context, connect: Connect, unleft: AwsError | None = None) -> dict[str, Any]:
    """Do the job, then answer with the result. `unleft`: why it could not be left to Lambda, which tries
    again.

    Raises:
        AwsError: it could not be read or sent; a repeat finds done what is done.
    """
    missing = [unleft] if unleft else []
    try:
        said = _done(job, context, missing)
    except AwsError as error:
        again = "click.not_recorded" if unleft else "click.tried_again"
        _reply(job, context, connect, Text(again, {"call": failed_call(error)}))
        raise
    log().info("a click", extra={"act": job.click.kind, "incident": job.click.incident, "said": said.key})
    # Most failures pass in time; a missing permission does not, so it is named.
    denied = next((each for each in missing if isinstance(each, Denied)), None)
    whole = text("click.lacking", said=said, reason=reason(denied)) if denied else said
    _reply(job, context, connect, whole)
    if job.click.kind is ButtonKind.ACKNOWLEDGE and job.noted is not None and said == job.said:
        _show_taken(job, said, context, connect)
    return {"said": said.key}


def failed_call(error: AwsError) -> str:
    """The failed call by the IAM action that it needs, which a person has to allow."""
    return f"{action(error)} {error.code}"


def whisper(slack: SlackApi, click: Click, said: Text, language: str) -> None:
    """A line that only this person sees, where the button was. Raises SlackError."""
    place = {"channel": click.channel, "user": click.user}
    thread = {"thread_ts": click.thread} if click.thread else {}
    shown = "\n".join(map(words, say(said, language).split("\n")))
    slack.call("chat.postEphemeral", **place, **thread, text=shown)


def _reply(job: Job, context: Context, connect: Connect, said: Text) -> None:
    """Answer the person; what was done stays done even if the answer is lost."""
    try:
        whisper(connect(), job.click, said, context.settings.language)
    except (AwsError, SlackError) as error:
        log().warning("not answered", extra={"incident": job.click.incident, "error": str(error)})


def _show_taken(job: Job, said: Text, context: Context, connect: Connect) -> None:
    """The incident's message says who has taken it: everyone else reads that. The acknowledgement is on
    record also where this fails: then the next message of the incident shows it."""
    incident = job.click.incident
    try:
        slack = connect()
    except AwsError:
        return
    try:
        person, until = str(said.values["person"]), datetime.fromisoformat(str(said.values["until"]))
        root.take(SlackPosting(context, slack, incident), person, job.at, until)
    except ResponderError as error:
        log().warning("not shown", extra={"incident": incident, "error": str(error)})
        if isinstance(error, Denied):
            _reply(job, context, connect, text("click.not_shown", reason=reason(error)))


def _done(job: Job, context: Context, missing: list[AwsError]) -> Text:
    """The answer. What could not be put on the timeline is added to `missing`."""
    said = job.said or text("click.nothing")
    if job.noted is None:
        return said
    try:
        if job.click.kind in REVERTS:
            return _revert(case_of(job.click, context), lambda: _note(job, context, missing))
        _note(job, context, missing)
        return _approved(case_of(job.click, context)) if job.click.kind is ButtonKind.APPROVE else said
    except Refused as error:
        return error.reason.text


def _note(job: Job, context: Context, missing: list[AwsError]) -> None:
    """A step of the incident's timeline, tried twice; what was done is done also without it."""
    click, settings = job.click, context.settings
    problem = None
    for _ in range(2):
        try:
            data = {"principal": click.user, **(job.noted or {})}
            if click.kind is ButtonKind.REJECTED:
                found = rows(context.aws, settings.approvals_table, click.proposal)
                mine = (str(row.get("reason", "")) for row in found if row.get("sk") == data["person"])
                data["reason"] = next(mine, "")
            # At the time of the row: the same decision noted again lands on the same step.
            incidents = Incidents(context.aws, settings.incidents_table)
            incidents.note(click.incident, "person", data, job.at)
        except AwsError as error:
            log().warning("not noted", extra={"incident": click.incident, "error": str(error)})
            problem = error
        else:
            return
    if problem:
        missing.append(problem)


def _approved(case: PersonCase) -> Text:
    """The stored proposal is carried out once enough people have approved it. Raises Declined: it does not
    wait."""
    said, remedy = commands.approved(case), asked_for(case.shown())
    if isinstance(said, ExplainedReason):
        return text("click.recorded", remedy=remedy, said=said.text)
    command, approval = said
    return _send(case, command, text("click.carried_out", remedy=remedy, person=approval.person), remedy)


def _revert(case: PersonCase, note: Callable[[], None]) -> Text:
    """Send a revert without an approval; a remedy that needs one asks for it. Raises Declined: nothing is in
    force."""
    lease, command = case.lease(), commands.back(case)
    if going_back(lease, {}, case.context.now):
        # Recorded for the reason that was given with it.
        note()
        settings = case.context.settings
        return under_way(lease, settings, settings.console).text
    wanted = (command.order, command.remedy, command.scope)
    incidents = Incidents(case.context.aws, case.context.settings.incidents_table)
    for asked in incidents.proposals(command.incident):
        # The revert, or a step of it, was asked for and waits: pressing again asks for nothing new.
        if (asked.order, asked.remedy, asked.scope) == wanted and case.writer.said(
            asked, case.context.now
        ).answer in (ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED):
            return text("click.asked_already", remedy=asked_for(asked), proposal=asked.id)
    remedy = called(RequestedChange.ordered(command))
    return _send(case, command, text("click.going_back", remedy=remedy), remedy, note)


def _send(
    case: PersonCase, command: Command, said: Text, remedy: Text, note: Callable[[], None] | None = None
) -> Text:
    """Send the command without waiting for its result. `note`: what to record before it is sent."""
    try:
        commands.once(case, command)
    except Declined:
        return text("click.under_way", remedy=remedy)
    if note is not None:
        note()
    try:
        commands.send(case.context, case.slug, command)
    except AwsError as error:
        if not command.proposal:
            commands.again(case, command)
            raise
        # The follow-up sees the approval and repeats it within a minute.
        log().warning("not sent", extra={"incident": command.incident, "error": str(error)})
        return text("person.not_sent", call=failed_call(error))
    return said
