"""Can Slack be reached right now? Asked of the function that posts there: it alone has the token."""

import json
from typing import Any

from responder.checks.base import ask
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.codec import load
from responder.core.context import Context
from responder.core.errors import AwsError, Denied, Throttled
from responder.core.permissions import Permission, responder
from responder.core.settings import Settings
from responder.core.slack_health import QUESTION, SlackCallResult, SlackCallStatus, SlackHealth
from responder.core.text import Text, text
from responder.evidence.base import reason

FUNCTION = "slack-post"
NEED = Permission(
    "lambda:InvokeFunction", responder(FUNCTION), "ask whether Slack can be reached; posts nothing"
)
# Posting goes on without it; only a message whose answer was lost cannot be looked for.
_BLIND = "missing_scope"


def reached(context: Context) -> tuple[CheckItem, ...]:
    """Nothing is said of it in a stack without Slack."""
    settings = context.settings
    if not settings.slack_secret:
        return ()
    name = f"{settings.stack}-{FUNCTION}"
    answer = ask(context, "lambda", "invoke", FunctionName=name, Payload=json.dumps(QUESTION).encode())
    if isinstance(answer, Denied | Throttled):
        return (
            CheckItem(
                Checked.SLACK_REACHED.of(),
                CheckStatus.UNKNOWN,
                text("check.ready.slack_unasked", reason=reason(answer)),
            ),
        )
    if isinstance(answer, AwsError):
        return (_dead(reason(answer), settings),)
    told = _body(answer)
    if answer.get("FunctionError"):
        return (_dead(text("evidence.failed.ours", kind=_kind(told)), settings),)
    try:
        return judged(load(SlackHealth, told))
    except (KeyError, TypeError, ValueError):
        return (_dead(text("check.ready.slack_unreadable"), settings),)


def judged(found: SlackHealth) -> tuple[CheckItem, ...]:
    """What stands in the way; one green item where nothing does. Pure."""
    if found.secret:
        return (
            _item(
                CheckStatus.RED,
                "slack_secret_unusable",
                SlackCallResult(SlackCallStatus.REFUSED, found.secret),
            ),
        )
    if found.token.how is not SlackCallStatus.FINE:
        # Whatever the channels said, they said it for the same reason.
        light = CheckStatus.AMBER if found.token.how is SlackCallStatus.BUSY else CheckStatus.RED
        return (_item(light, f"slack_token_{found.token.how}", found.token),)
    own = next(iter(found.channels), "")
    odd = {name: said for name, said in found.channels.items() if said.how is not SlackCallStatus.FINE}
    if not odd:
        count = len(found.channels)
        return (
            CheckItem(
                Checked.SLACK_REACHED.of(), CheckStatus.GREEN, text("check.ready.slack_reached", count=count)
            ),
        )
    return tuple(_channel(name, said, own) for name, said in odd.items())


def _channel(name: str, said: SlackCallResult, own: str) -> CheckItem:
    """Without that of on-call nothing is seen there; a level that is not reached is also told by mail."""
    light = (
        CheckStatus.RED
        if name == own and said.how is not SlackCallStatus.BUSY and said.code != _BLIND
        else CheckStatus.AMBER
    )
    key = "slack_blind" if said.code == _BLIND else f"slack_channel_{said.how}"
    return _item(light, key, said, channel=name)


def _item(light: CheckStatus, key: str, said: SlackCallResult, **more: str) -> CheckItem:
    details = (text("check.ready.slack_codes"),) if said.how is SlackCallStatus.REFUSED else ()
    channel = more.get("channel")
    identity = Checked.SLACK_CHANNEL.of(channel) if channel else Checked.SLACK_REACHED.of()
    return CheckItem(identity, light, text(f"check.ready.{key}", code=said.code, **more), details)


def _dead(why: Text, settings: Settings) -> CheckItem:
    name = f"{settings.stack}-{FUNCTION}"
    command = f"aws logs tail /aws/lambda/{name} --region {settings.region} --since 1h"
    return CheckItem(
        Checked.SLACK_REACHED.of(),
        CheckStatus.RED,
        text("check.ready.slack_dead", function=name, reason=why),
        command=command,
    )


def _body(answer: dict[str, Any]) -> Any:
    try:
        return json.loads(answer["Payload"].read())
    except Exception:
        # A body that does not come is the SDK's own error, outside of our tree.
        return None


def _kind(told: Any) -> str:
    kind = told.get("errorType") if isinstance(told, dict) else None
    return kind if isinstance(kind, str) and kind.replace(".", "").isidentifier() else "-"
