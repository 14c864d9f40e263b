"""The door of Slack's buttons: a function URL that anybody can call, and the function's jobs to itself."""

import json
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from responder.aws.parallel import patient
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Refused
from responder.core.log import log
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.people.claim import claim
from responder.slack.inbound.action import decide
from responder.slack.inbound.click import ButtonKind, Click
from responder.slack.inbound.job import Job, is_job, leave, read_job
from responder.slack.inbound.payload import read_click
from responder.slack.inbound.reply import SlackReplier, called, empty_reason, voice_of
from responder.slack.inbound.request import TurnedAway, read
from responder.slack.inbound.signature import verify
from responder.slack.inbound.work import work
from responder.slack.secret import Keeper, Secret

# Longer than any signature is accepted.
_ONCE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SlackEntry:
    """What the door takes from outside."""

    context: Context
    keeper: Keeper
    voices: Callable[[Settings, Secret], SlackReplier] = voice_of

    def voice(self) -> SlackReplier:
        """Slack's API with our token. Raises AwsError where the secret cannot be read."""
        return self.voices(self.context.settings, self.keeper.secret(self.context))


@cache
def _keeper() -> Keeper:
    return Keeper()


def handle(event: object, _: Any) -> dict[str, Any]:
    """The entry on Lambda."""
    from responder.aws.door import door

    settings = Settings.read(os.environ)
    now = datetime.now(UTC)
    return receive(event, SlackEntry(Context(door(settings.region), settings, now, now), _keeper()))


def receive(event: object, desk: SlackEntry) -> dict[str, Any]:
    """A job is done; a request is answered with a status and nothing else, whatever it is.

    Raises:
        ResponderError: a job could not be done: Lambda tries again.
    """
    if is_job(event) and isinstance(event, dict):
        return work(read_job(event), patient(desk.context), desk.voice)
    try:
        return _answer(event, desk)
    except TurnedAway as error:
        log().warning("turned away", extra={"status": error.status.value, "why": error.field})
        return _http(error.status)
    except AwsError as error:
        log().error("not answered", extra={"error": str(error)})
        return _http(HTTPStatus.SERVICE_UNAVAILABLE)
    except Exception as error:
        # Never the exception's text: what somebody wrote may stand in it.
        log().error("not answered", extra={"kind": type(error).__name__, "at": _where(error)})
        return _http(HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(event: object, desk: SlackEntry) -> dict[str, Any]:
    context = desk.context
    request = read(event)
    digest = verify(request, desk.keeper.secret(context).signing_secret, context.now)
    click = read_click(request.body, context.settings.slack_team)
    if click.kind is ButtonKind.REJECTED and not click.reason.strip():
        return _http(HTTPStatus.OK, empty_reason(context.settings.language))
    try:
        before = claim(context, f"request#{digest}", _ONCE)
    except AwsError as error:
        _say(desk, click, digest, text("click.not_claimed", call=called(error)))
        raise
    if before is not None:
        raise TurnedAway(HTTPStatus.CONFLICT, "replay")
    return _http(_decide(click, desk, digest))


def _decide(click: Click, desk: SlackEntry, digest: str) -> HTTPStatus:
    say = partial(_say, desk, click, digest)
    try:
        job = decide(click, desk.context, digest, desk.voice)
    except Refused as error:
        log().warning("refused", extra=_about(click, error.reason.kind.value))
        say(error.reason.text)
        if error.reason.kind is DeclineReason.NO_FORM:
            # Where Slack opens no form, it may say nothing either; a warning sign is its own.
            return HTTPStatus.SERVICE_UNAVAILABLE
    except AwsError as error:
        say(text("click.not_recorded", call=called(error)))
        raise
    else:
        if job is not None:
            _leave(job, desk)
    return HTTPStatus.OK


def _say(desk: SlackEntry, click: Click, digest: str, said: Text) -> None:
    _leave(Job(digest, click, desk.context.now, said), desk)


def _leave(job: Job, desk: SlackEntry) -> None:
    """Done after Slack has its answer; at once where it cannot be left for later."""
    try:
        leave(desk.context, job)
    except AwsError as error:
        log().warning("done at once", extra={**_about(job.click, "not left"), "error": str(error)})
        work(job, desk.context, desk.voice, unleft=error)


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "-"


def _about(click: Click, why: str) -> dict[str, str]:
    return {"why": why, "act": click.kind, "user": click.user, "incident": click.incident}


def _http(status: HTTPStatus, body: dict[str, Any] | None = None) -> dict[str, Any]:
    given = "" if body is None else json.dumps(body, ensure_ascii=False)
    kind = "text/plain" if body is None else "application/json"
    return {"statusCode": status.value, "headers": {"content-type": kind}, "body": given}
