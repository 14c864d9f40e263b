"""What a button does: check and store the decision before Slack is answered; then, as a job, the timeline,
the command, and a line to the person.

A job is an event of the function to itself. A function URL always delivers a `requestContext`; a job never
has one, so no request can look like it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta

from responder.core import codec
from responder.core.command import Command
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import (
    AwsError,
    BadEvent,
    Declined,
    Denied,
    Refused,
    ResponderError,
    SettingsUnusable,
    SlackError,
)
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.reasons import ExplainedReason
from responder.core.switches import Stop
from responder.core.text import Text, Value, text
from responder.core.timestamps import stamp
from responder.evidence.base import action, reason
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.block_kit import words
from responder.messages.language import say
from responder.messages.requests import RequestedChange, asked_for, called
from responder.people import commands
from responder.people import decide as people
from responder.people.case import Caller, PersonCase, load, note
from responder.people.claim import claim
from responder.people.request import RequestKind
from responder.slack.inbound.request import MODAL, REASON, ButtonKind, Click
from responder.slack.outbound import root
from responder.slack.outbound.posting import SlackApi, SlackPosting
from responder.store import Incidents
from responder.store.approvals import rows
from responder.store.switches import create_stop

NAME = "slack-action"
_JOB = "job"
LASTS = timedelta(hours=2)
_SAME_PAUSE = timedelta(minutes=1)
_LONGEST_REASON = 500

type Connect = Callable[[], SlackApi]


@frozen
class Job:
    """No secret and nothing that a person wrote. `said`: only the answer is left to send.

    `at` is when it was decided, as it is on record; `id` that of the request.
    """

    id: str
    click: Click
    at: datetime
    said: Text | None = field(default=None, metadata=codec.STORED)
    noted: Mapping[str, str] | None = field(default=None, metadata=codec.STORED)


def job_of(event: object) -> Job | None:
    """The job that the event is; None of a request. Raises BadEvent: it looks like a job and is none."""
    if not isinstance(event, Mapping) or _JOB not in event or "requestContext" in event:
        return None
    try:
        return codec.load(Job, event[_JOB])
    except ValueError:
        raise BadEvent(_JOB) from None


def leave(job: Job, context: Context, connect: Connect) -> None:
    """Hand the job to Lambda, which runs it after the answer and keeps it until it is done; where that fails,
    it is done at once."""
    try:
        context.aws.call(
            "lambda",
            "invoke",
            FunctionName=f"{context.settings.stack}-{NAME}",
            InvocationType="Event",
            Payload=json.dumps({_JOB: codec.dump(job)}).encode(),
        )
    except AwsError as error:
        about = {**job.click.about, "why": "not left", "error": str(error)}
        log().warning("done at once", extra=about)
        work(job, context, connect, unleft=error)


def decide(click: Click, context: Context, request: str, connect: Connect) -> Job | None:
    """What is left to do; None after a form was opened.

    Raises:
        Refused: this person may not, or it is too late; nothing was written.
        AwsError: it is not known to be on record.
    """
    try:
        case = load(click.request, context, click.user)
    except SettingsUnusable:
        if click.kind is not ButtonKind.PAUSE:
            raise
        # No one can be identified now, and stopping must work all the same.
        return _pause(click, context, click.user, request)
    if click.kind is ButtonKind.REJECT:
        _ask_reason(case, click, connect)
        return None
    if click.kind is ButtonKind.PAUSE:
        case.open()
        return _pause(click, context, case.caller.person, request)
    decided = people.decide(case)
    # The person's own words are read again from the row that has them.
    step = {name: value for name, value in decided.step.items() if name != "reason"}
    return Job(request, click, decided.at, decided.said, {**step, "person": case.caller.person})


def _pause(click: Click, context: Context, person: str, request: str) -> Job:
    """A stop of all actions, under a name that no other press shares. Once per person and minute: pressed
    twice, or again after a crash, it is the same pause. Raises AwsError: it is not known to be set."""
    now = context.now
    mine = {"name": f"slack-{click.user}-{now:%Y%m%dT%H%M%SZ}", "until": stamp(now + LASTS)}
    kept = claim(context, f"pause#{click.user}", _SAME_PAUSE, **mine) or mine
    name, until = str(kept["name"]), str(kept["until"])
    end = datetime.fromisoformat(until)
    # Where the name is taken, an earlier try has created it.
    create_stop(context.aws, context.settings, Stop(name, person, f"Slack {click.incident}", end))
    said = text("click.paused", name=name, until=until, where=context.settings.console)
    noted = {"what": "pause", "person": person, "name": name, "until": until}
    return Job(request, click, end - LASTS, said, noted)


def _ask_reason(case: PersonCase, click: Click, connect: Connect) -> None:
    """Slack wants the form of a rejection opened within three seconds of the click, so it is opened now."""
    asked, settings = case.waiting(), case.context.settings
    case.writer.approver(asked.effect)
    try:
        form = _form(click, asked_for(asked), settings.language)
        connect().call("views.open", trigger_id=click.trigger, view=form)
    except SlackError as error:
        raise Declined(
            DeclineReason.NO_FORM(
                incident=asked.incident, proposal=asked.id, where=settings.console, code=error.code
            )
        ) from None


def _form(click: Click, remedy: Text, language: str) -> Json:
    """The form returns what it concerns."""

    def plain(key: str, **values: Value) -> Json:
        return {"type": "plain_text", "text": say(Text(key, values), language)}

    about = {
        "i": click.incident,
        "p": click.proposal,
        "r": click.remedy,
        "s": click.scope,
        "channel": click.channel,
        "ts": click.thread,
    }
    reason = {
        "type": "plain_text_input",
        "action_id": REASON,
        "multiline": True,
        "max_length": _LONGEST_REASON,
    }
    what = plain("click.form_about", remedy=remedy, incident=click.incident)
    return {
        "type": "modal",
        "callback_id": MODAL,
        "private_metadata": json.dumps(about, separators=(",", ":")),
        **{name: plain(f"click.form_{name}") for name in ("title", "submit", "close")},
        "blocks": [
            {"type": "section", "text": what},
            {
                "type": "input",
                "block_id": REASON,
                "label": plain("click.form_reason"),
                "element": reason,
            },
        ],
    }


def work(job: Job, context: Context, connect: Connect, unleft: AwsError | None = None) -> Json:
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
    request = job.click.request
    try:
        if request.kind is not RequestKind.REVERT:
            _note(job, context, missing)
        if request.kind not in (RequestKind.APPROVE, RequestKind.REVERT):
            return said
        case = load(request, context, job.click.user)
        if request.kind is RequestKind.APPROVE:
            # The stored proposal is carried out once enough people have approved it.
            approved, remedy = commands.approved(case), asked_for(case.shown())
            if isinstance(approved, ExplainedReason):
                return text("click.recorded", remedy=remedy, said=approved.text)
            command, approval = approved
            done = text("click.carried_out", remedy=remedy, person=approval.person)
            return _send(case, command, done, remedy)
        return _revert(case, lambda: _note(job, context, missing))
    except Refused as error:
        return error.reason.text


def _note(job: Job, context: Context, missing: list[AwsError]) -> None:
    click, step = job.click, dict(job.noted or {})
    person = step["person"]
    try:
        if click.kind is ButtonKind.REJECTED:
            found = rows(context.aws, context.settings.approvals_table, click.proposal)
            step["reason"] = next(
                (str(row.get("reason", "")) for row in found if row.get("sk") == person), ""
            )
    except AwsError as error:
        missing.append(error)
    else:
        missing += note(context, Caller(person, click.user), click.incident, job.at, step)


def _revert(case: PersonCase, record: Callable[[], None]) -> Text:
    """Send a revert without an approval; a remedy that needs one asks for it. Raises Declined: nothing is in
    force."""
    lease, command = case.lease(), commands.back(case)
    if people.going_back(lease, {}, case.context.now):
        # Recorded for the reason that was given with it.
        record()
        settings = case.context.settings
        return people.under_way(lease, settings, settings.console).text
    wanted = (command.order, command.remedy, command.scope)
    incidents = Incidents(case.context.aws, case.context.settings.incidents_table)
    for asked in incidents.proposals(command.incident):
        # The revert, or a step of it, was asked for and waits: pressing again asks for nothing new.
        if (asked.order, asked.remedy, asked.scope) == wanted and case.writer.said(
            asked, case.context.now
        ).answer in (ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED):
            return text("click.asked_already", remedy=asked_for(asked), proposal=asked.id)
    remedy = called(RequestedChange.ordered(command))
    return _send(case, command, text("click.going_back", remedy=remedy), remedy, record)


def _send(
    case: PersonCase, command: Command, said: Text, remedy: Text, record: Callable[[], None] | None = None
) -> Text:
    try:
        sent = commands.send(case, command, record)
    except AwsError as error:
        if not command.proposal:
            raise
        # The follow-up sees the approval and repeats it within a minute.
        log().warning("not sent", extra={"incident": command.incident, "error": str(error)})
        return text("person.not_sent", call=failed_call(error))
    return said if sent else text("click.under_way", remedy=remedy)
