"""What a button does before Slack has its answer: check, and put on record. The rest is left for later."""

from collections.abc import Callable
from datetime import timedelta

from responder.approvals.writing import hold_minutes
from responder.context import Context
from responder.errors import Refused, SlackError
from responder.refusal import AnswerRefusal, Refusal
from responder.render.headline import name, stamp
from responder.shell.slack.action_case import Case, load
from responder.shell.slack.action_job import Job
from responder.shell.slack.action_pause import pause
from responder.shell.slack.answer import Voice, ask_reason
from responder.shell.slack.request_click import Click, Kind
from responder.text import text
from responder.which import scope_of

type Voices = Callable[[], Voice]


def decide(click: Click, context: Context, request: str, voice: Voices) -> Job | None:
    """What is left to do; None after a form was opened.

    Raises:
        Refused: this person may not, or it is too late; nothing was written.
        AwsError: it is not known to be on record.
    """
    case = load(click, context)
    match click.kind:
        case Kind.ACKNOWLEDGE:
            return _acknowledge(case, request)
        case Kind.APPROVE:
            return _approve(case, request)
        case Kind.REJECT:
            _ask_why(case, voice)
            return None
        case Kind.REJECTED:
            return _reject(case, request)
        case Kind.TAKE_BACK:
            return _take_back(case, request)
        case Kind.PAUSE:
            case.open()
            return pause(click, context, case.person, request)


def _acknowledge(case: Case, request: str) -> Job:
    incident, head = case.open()
    at = case.pen.acknowledge(incident.id, max(case.context.now, incident.opened))
    minutes = hold_minutes(head.watch, case.context.settings)
    until = stamp(at + timedelta(minutes=minutes))
    said = text("click.acknowledged", person=case.person, until=until, minutes=minutes)
    return Job(request, case.click, at, said, {"what": "acknowledge", "person": case.person})


def _approve(case: Case, request: str) -> Job:
    asked = case.proposal()
    at = case.pen.approve(asked, case.context.now)
    about = {"proposal": asked.id, "remedy": asked.remedy, "scope": asked.scope}
    return Job(request, case.click, at, None, {"what": "approve", "person": case.person, **about})


def _ask_why(case: Case, voice: Voices) -> None:
    """The form has to be opened within three seconds of the click, so it is now."""
    asked = case.proposal()
    case.pen.approver(asked)
    try:
        ask_reason(voice(), case.click, name(asked.remedy, asked.scope), case.context.settings.language)
    except SlackError as error:
        where = case.context.settings.console
        raise Refused(
            AnswerRefusal.NO_FORM(incident=asked.incident, proposal=asked.id, where=where, code=error.code)
        ) from None


def _reject(case: Case, request: str) -> Job:
    asked = case.proposal()
    at = case.pen.reject(asked, case.click.reason, case.context.now)
    about = {"proposal": asked.id, "remedy": asked.remedy, "scope": asked.scope}
    key = "click.rejected_late" if case.approved(asked) else "click.rejected"
    said = text(key, remedy=name(asked.remedy, asked.scope), proposal=asked.id)
    return Job(request, case.click, at, said, {"what": "reject", "person": case.person, **about})


def _take_back(case: Case, request: str) -> Job:
    lease, settings = case.lease(), case.context.settings
    if case.people.approver(case.click.user, lease.effect) is None:
        raise Refused(Refusal.NO_RIGHT(person=case.person))
    about = {"remedy": lease.remedy, "scope": scope_of(lease.scope, settings)}
    return Job(
        request, case.click, case.context.now, None, {"what": "revert", "person": case.person, **about}
    )
