"""Slack's buttons: a public function URL, and the function's jobs to itself."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from responder.aws.gateway import patient
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Refused
from responder.core.frozen import frozen
from responder.core.log import defect, log
from responder.core.permissions import (
    CLAIMS_TABLE,
    INCIDENTS_TABLE,
    STOPS,
    Permission,
    never_over,
    responder,
)
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.messages.language import say
from responder.people.claim import claim
from responder.people.commands import NEEDS as COMMANDS
from responder.slack.inbound.click import NAME, Job, decide, failed_call, job_of, leave, work
from responder.slack.inbound.request import REASON, ButtonKind, TurnedAway, read, read_click, verify
from responder.slack.outbound.posting import SlackApi
from responder.slack.secret import Keeper, Secret, keeper

NEEDS = frozenset(
    {
        *COMMANDS,
        Permission("secretsmanager:GetSecretValue", "${SlackSecretArn}"),
        Permission("dynamodb:PutItem", CLAIMS_TABLE, "a request is answered once"),
        Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, "the incident's message says who has taken it"),
        Permission("ssm:PutParameter", STOPS, "a person stops the automation"),
        never_over(STOPS),
        Permission("ssm:GetParameter", STOPS),
        Permission("lambda:InvokeFunction", responder(NAME), "answer first, work afterwards"),
    }
)
# Longer than any signature is accepted.
_ONCE = timedelta(minutes=15)
_SECONDS = 2


def _client(settings: Settings, secret: Secret) -> SlackApi:
    from responder.slack.client import Slack

    return Slack(secret.bot_token, settings.slack_url, _SECONDS, wait=_SECONDS)


@frozen
class SlackEntry:
    """What a request is answered with. `client`: Slack's API with a token."""

    context: Context
    keeper: Keeper
    client: Callable[[Settings, Secret], SlackApi] = _client

    def connect(self) -> SlackApi:
        """Slack's API with our token. Raises AwsError where the secret cannot be read."""
        return self.client(self.context.settings, self.keeper.secret(self.context))


def handle(event: object, _: Any) -> Json:
    """The entry on Lambda."""
    from responder.aws.boto import gateway

    settings = Settings.read(os.environ)
    now = datetime.now(UTC)
    return receive(event, SlackEntry(Context(gateway(settings.region), settings, now, now), keeper()))


def receive(event: object, entry: SlackEntry) -> Json:
    """A job is done; a request is answered with a status and nothing else, whatever it is.

    Raises:
        ResponderError: a job could not be done: Lambda tries again.
    """
    if (job := job_of(event)) is not None:
        return work(job, patient(entry.context), entry.connect)
    try:
        return _answer(event, entry)
    except TurnedAway as error:
        log().warning("turned away", extra={"status": error.status.value, "why": error.field})
        return _http(error.status)
    except AwsError as error:
        log().error("not answered", extra={"error": str(error)})
        return _http(HTTPStatus.SERVICE_UNAVAILABLE)
    except Exception as error:
        log().error("not answered", extra=defect(error))
        return _http(HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(event: object, entry: SlackEntry) -> Json:
    context = entry.context
    request = read(event)
    digest = verify(request, entry.keeper.secret(context).signing_secret, context.now)
    click = read_click(request.body, context.settings.slack_team)
    if click.kind is ButtonKind.REJECTED and not click.reason.strip():
        # The form stays open, and shows it.
        empty = say(text("click.form_empty"), context.settings.language)
        return _http(HTTPStatus.OK, {"response_action": "errors", "errors": {REASON: empty}})

    def reply(said: Text) -> None:
        leave(Job(digest, click, context.now, said), context, entry.connect)

    try:
        before = claim(context, f"request#{digest}", _ONCE)
    except AwsError as error:
        reply(text("click.not_claimed", call=failed_call(error)))
        raise
    if before is not None:
        raise TurnedAway(HTTPStatus.CONFLICT, "replay")
    try:
        job = decide(click, context, digest, entry.connect)
    except Refused as error:
        log().warning("refused", extra={**click.about, "why": error.reason.kind.value})
        reply(error.reason.text)
        # Where Slack opens no form, it may say nothing either; a warning sign is its own.
        no_form = error.reason.kind is DeclineReason.NO_FORM
        return _http(HTTPStatus.SERVICE_UNAVAILABLE if no_form else HTTPStatus.OK)
    except AwsError as error:
        reply(text("click.not_recorded", call=failed_call(error)))
        raise
    if job is not None:
        leave(job, context, entry.connect)
    return _http(HTTPStatus.OK)


def _http(status: HTTPStatus, body: Json | None = None) -> Json:
    given = "" if body is None else json.dumps(body, ensure_ascii=False)
    kind = "text/plain" if body is None else "application/json"
    return {"statusCode": status.value, "headers": {"content-type": kind}, "body": given}
