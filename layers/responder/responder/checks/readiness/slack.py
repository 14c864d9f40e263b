"""Slack: whether the secret exists, how the runs that post ended, and whether Slack can be reached now.

The last is asked of the function that posts: it alone has the token.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from responder.checks import commands
from responder.checks.base import ask
from responder.checks.finding import AMBER, RED, UNKNOWN, Checked, CheckItem, CheckStatus
from responder.core.codec import load
from responder.core.context import Context
from responder.core.errors import AwsError, Denied, Missing, Throttled
from responder.core.permissions import Permission, responder
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.slack_health import QUESTION, SlackCallResult, SlackCallStatus, SlackHealth
from responder.core.text import Text, text
from responder.evidence import metrics
from responder.evidence.base import reason

FUNCTION = "slack-post"
NEED = Permission(
    "lambda:InvokeFunction", responder(FUNCTION), "ask whether Slack can be reached; posts nothing"
)
# Posting works without it; only a message whose answer was lost cannot be looked for.
_BLIND = "missing_scope"
_SPAN = timedelta(hours=24)


def secret_and_posts(context: Context) -> Iterator[CheckItem]:
    """What AWS shows of Slack; nothing in a stack without Slack."""
    if context.settings.slack_secret:
        yield _secret(context)
        yield _posts(context)


def _secret(context: Context) -> CheckItem:
    """Its description only; the token stays where it is."""
    this, secret = Checked.SLACK_SECRET.of(), context.settings.slack_secret
    try:
        found = context.aws.call("secretsmanager", "describe_secret", SecretId=secret)
    except AwsError as error:
        status = RED if isinstance(error, Missing) else UNKNOWN
        return this.item(status, text("check.ready.slack_secret_unread", reason=reason(error)))
    if found.get("DeletedDate"):
        mend = commands.aws("secretsmanager restore-secret", context.settings.region, secret_id=secret)
        return this.red(text("check.ready.slack_secret_deleted"), command=mend)
    return this.green(text("check.ready.slack_secret"))


def _posts(context: Context) -> CheckItem:
    name = f"{context.settings.stack}-{FUNCTION}"
    this = Checked.SLACK_POSTS.of()
    asked = {each: metrics.of_function(each, "Sum", name, metrics.HOUR) for each in ("Invocations", "Errors")}
    start = (context.now - _SPAN).replace(minute=0, second=0, microsecond=0)
    try:
        found = metrics.read(context, asked, start, context.now)
    except AwsError as error:
        return this.unknown(text("check.ready.slack_posts_unread", reason=reason(error)))
    calls, errors = (found[each].total for each in asked)
    numbers = {"calls": calls, "errors": errors}
    if not errors:
        return this.green(text("check.ready.slack_posts", calls=int(calls)), numbers=numbers)
    said = text("check.ready.slack_errors", errors=int(errors), calls=int(calls))
    facts = ("most" if errors * 2 > calls else "some",)
    command = f"{_logs(name, context.settings, '24h')} --filter-pattern ERROR"
    return this.amber(said, command=command, numbers=numbers, facts=facts)


def _logs(function: str, settings: Settings, since: str) -> str:
    return f"aws logs tail /aws/lambda/{function} --region {settings.region} --since {since}"


def reached(context: Context) -> Iterator[CheckItem]:
    """Asks the function that posts; nothing in a stack without Slack."""
    settings = context.settings
    if not settings.slack_secret:
        return
    name = f"{settings.stack}-{FUNCTION}"
    this = Checked.SLACK_REACHED.of()
    answer = ask(context, "lambda", "invoke", FunctionName=name, Payload=json.dumps(QUESTION).encode())
    if isinstance(answer, Denied | Throttled):
        yield this.unknown(text("check.ready.slack_unasked", reason=reason(answer)))
        return
    why: Text | str
    if isinstance(answer, AwsError):
        why = reason(answer)
    elif answer.get("FunctionError"):
        why = text("evidence.failed.ours", kind=_kind(_body(answer)))
    else:
        try:
            yield from _judged(load(SlackHealth, _body(answer)))
        except (KeyError, TypeError, ValueError):
            why = text("check.ready.slack_unreadable")
        else:
            return
    dead = text("check.ready.slack_dead", function=name, reason=why)
    yield this.red(dead, command=_logs(name, settings, "1h"))


def _judged(found: SlackHealth) -> Iterator[CheckItem]:
    """What is in the way; one green item where nothing is."""
    if found.secret:
        yield _item(RED, "slack_secret_unusable", SlackCallResult(SlackCallStatus.REFUSED, found.secret))
        return
    if found.token.how is not SlackCallStatus.FINE:
        # Whatever the channels said, they said it for the same reason.
        status = AMBER if found.token.how is SlackCallStatus.BUSY else RED
        yield _item(status, f"slack_token_{found.token.how}", found.token)
        return
    own = next(iter(found.channels), "")
    odd = {name: said for name, said in found.channels.items() if said.how is not SlackCallStatus.FINE}
    for name, said in odd.items():
        blind = said.code == _BLIND
        # Without that of on-call nothing is seen there; a level that is not reached is also sent by mail.
        red = name == own and said.how is not SlackCallStatus.BUSY and not blind
        key = "slack_blind" if blind else f"slack_channel_{said.how}"
        yield _item(RED if red else AMBER, key, said, channel=name)
    if not odd:
        fine = text("check.ready.slack_reached", count=len(found.channels))
        yield Checked.SLACK_REACHED.of().green(fine)


def _item(status: CheckStatus, key: str, said: SlackCallResult, **more: str) -> CheckItem:
    details = (text("check.ready.slack_codes"),) if said.how is SlackCallStatus.REFUSED else ()
    channel = more.get("channel")
    this = Checked.SLACK_CHANNEL.of(channel) if channel else Checked.SLACK_REACHED.of()
    return this.item(status, text(f"check.ready.{key}", code=said.code, **more), *details)


def _body(answer: Json) -> Any:
    try:
        return json.loads(answer["Payload"].read())
    except Exception:
        # A body that does not come is the SDK's own error, outside of our tree.
        return None


def _kind(body: Any) -> str:
    kind = body.get("errorType") if isinstance(body, dict) else None
    return kind if isinstance(kind, str) and kind.replace(".", "").isidentifier() else "-"
