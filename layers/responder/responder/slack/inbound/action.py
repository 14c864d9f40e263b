"""What a button does before Slack has its answer: check, and put on record. The rest is left for later."""

from collections.abc import Callable
from datetime import datetime, timedelta

from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import Declined, SettingsUnusable, SlackError
from responder.core.settings_document import People
from responder.core.stops import Stop
from responder.core.text import text
from responder.messages.headline import stamp
from responder.messages.requests import asked_for
from responder.people import decide as people
from responder.people.case import Caller, PersonCase, RequestSubject, load
from responder.people.claim import claim
from responder.slack.inbound.click import ButtonKind, Click
from responder.slack.inbound.job import Job
from responder.slack.inbound.reply import SlackReplier, ask_reason
from responder.store.stops import create

# Pause: a stop of all actions for two hours, under a name that no other press shares.

LASTS = timedelta(hours=2)
_SAME = timedelta(minutes=1)


def pause(click: Click, context: Context, person: str, request: str) -> Job:
    """Once per person and minute: whoever presses twice, or again after a crash, has the same pause.

    Raises:
        AwsError: it is not known to be set.
    """
    now = context.now
    mine = {"name": f"slack-{click.user}-{now:%Y%m%dT%H%M%SZ}", "until": stamp(now + LASTS)}
    kept = claim(context, f"pause#{click.user}", _SAME, **mine) or mine
    name, until = str(kept["name"]), str(kept["until"])
    end = datetime.fromisoformat(until)
    # Where the name is taken, an earlier try has created it.
    create(context.aws, context.settings, Stop(name, person, f"Slack {click.incident}", end))
    said = text("click.paused", name=name, until=until, where=context.settings.console)
    noted = {"what": "pause", "person": person, "name": name, "until": until}
    return Job(request, click, end - LASTS, said, noted)


type SlackRepliers = Callable[[], SlackReplier]


def case_of(click: Click, context: Context) -> PersonCase:
    """What is on record of what the button names.

    Raises:
        Refused: a stranger pressed it, or the settings document cannot be used.
        AwsError: it cannot be read.
    """

    def who(people: People) -> Caller:
        person = people.who(click.user)
        if person is None:
            raise Declined(DeclineReason.STRANGER(principal=click.user))
        return Caller(person.name, click.user)

    return load(_subject(click), context, who)


def _subject(click: Click) -> RequestSubject:
    match click.kind:
        case ButtonKind.APPROVE | ButtonKind.REJECT | ButtonKind.REJECTED:
            return RequestSubject(click.incident, click.proposal, click.remedy, click.scope)
        case ButtonKind.TAKE_BACK:
            return RequestSubject(click.incident, remedy=click.remedy, scope=click.scope)
        case ButtonKind.ACKNOWLEDGE | ButtonKind.PAUSE:
            return RequestSubject(click.incident)


def decide(click: Click, context: Context, request: str, voice: SlackRepliers) -> Job | None:
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
        # Nobody is known now, and stopping must work all the same.
        return pause(click, context, click.user, request)
    if click.kind is ButtonKind.REJECT:
        _ask_why(case, click, voice)
        return None
    if click.kind is ButtonKind.PAUSE:
        case.open()
        return pause(click, context, case.caller.person, request)
    decided = _decided(case, click)
    return Job(request, click, decided.at, decided.said, {**decided.step, "person": case.caller.person})


def _decided(case: PersonCase, click: Click) -> people.RecordedDecision:
    match click.kind:
        case ButtonKind.APPROVE:
            return people.approve(case)
        case ButtonKind.REJECTED:
            return people.reject(case, click.reason)
        case ButtonKind.TAKE_BACK:
            return people.take_back(case)
        case _:
            return people.acknowledge(case)


def _ask_why(case: PersonCase, click: Click, voice: SlackRepliers) -> None:
    """The form has to be opened within three seconds of the click, so it is now."""
    asked = case.waiting()
    case.pen.approver(asked.effect)
    try:
        ask_reason(voice(), click, asked_for(asked), case.context.settings.language)
    except SlackError as error:
        where = case.context.settings.console
        raise Declined(
            DeclineReason.NO_FORM(incident=asked.incident, proposal=asked.id, where=where, code=error.code)
        ) from None
