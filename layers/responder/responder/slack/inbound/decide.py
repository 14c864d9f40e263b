"""What a button does before Slack is answered: check, and store the decision. The rest is a job for later.

A job is an event of the function to itself. A function URL always delivers a `requestContext`; a job never
has one, so no request can look like it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from responder.core import codec
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import BadEvent, Declined, SettingsUnusable, SlackError
from responder.core.frozen import frozen
from responder.core.settings_document import People
from responder.core.stops import Stop
from responder.core.text import Text, Value, text
from responder.messages.headline import stamp
from responder.messages.language import say
from responder.messages.requests import asked_for
from responder.people import decide as people
from responder.people.case import Caller, PersonCase, RequestSubject, load
from responder.people.claim import claim
from responder.slack.inbound.request import MODAL, REASON, ButtonKind, Click
from responder.slack.outbound.posting import SlackApi
from responder.store.switches import create_stop

NAME = "slack-action"
_JOB = "job"
LASTS = timedelta(hours=2)
_SAME_PAUSE = timedelta(minutes=1)
_LONGEST_REASON = 500

_DECISIONS = {
    ButtonKind.APPROVE: people.approve,
    ButtonKind.REVERT: people.revert,
    ButtonKind.REVERT_WORSE: people.revert_as_worse,
    ButtonKind.ACKNOWLEDGE: people.acknowledge,
}

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


def is_job(event: object) -> bool:
    """Whether it is a job, not a request; whether it is a valid one is not judged."""
    return isinstance(event, Mapping) and _JOB in event and "requestContext" not in event


def read_job(event: Mapping[str, Any]) -> Job:
    """Raises BadEvent: not a job of this function."""
    try:
        return codec.load(Job, event[_JOB])
    except ValueError:
        raise BadEvent(_JOB) from None


def leave(context: Context, job: Job) -> None:
    """Hand the job to Lambda, which runs it after the answer and keeps it until it is done. Raises AwsError
    if that fails."""
    context.aws.call(
        "lambda",
        "invoke",
        FunctionName=f"{context.settings.stack}-{NAME}",
        InvocationType="Event",
        Payload=json.dumps({_JOB: codec.dump(job)}).encode(),
    )


def case_of(click: Click, context: Context) -> PersonCase:
    """The record of what the button names.

    Raises:
        Refused: a stranger pressed it, or the settings document cannot be used.
        AwsError: it cannot be read.
    """

    def who(registered: People) -> Caller:
        person = registered.who(click.user)
        if person is None:
            raise Declined(DeclineReason.STRANGER(principal=click.user))
        return Caller(person.name, click.user)

    match click.kind:
        case ButtonKind.APPROVE | ButtonKind.REJECT | ButtonKind.REJECTED:
            subject = RequestSubject(click.incident, click.proposal, click.remedy, click.scope)
        case ButtonKind.REVERT | ButtonKind.REVERT_WORSE:
            subject = RequestSubject(click.incident, remedy=click.remedy, scope=click.scope)
        case _:
            subject = RequestSubject(click.incident)
    return load(subject, context, who)


def decide(click: Click, context: Context, request: str, connect: Connect) -> Job | None:
    """What is left to do; None after a form was opened.

    Raises:
        Refused: this person may not, or it is too late; nothing was written.
        AwsError: it is not known to be on record.
    """
    try:
        case = case_of(click, context)
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
    if click.kind is ButtonKind.REJECTED:
        decided = people.reject(case, click.reason)
    else:
        decided = _DECISIONS[click.kind](case)
    return Job(request, click, decided.at, decided.said, {**decided.step, "person": case.caller.person})


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


def _form(click: Click, remedy: Text, language: str) -> dict[str, Any]:
    """The form returns what it concerns."""

    def plain(key: str, **values: Value) -> dict[str, Any]:
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
