"""What the person who pressed a button hears, and the form that asks why."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from responder.core.errors import AwsError
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence.base import action
from responder.messages.block_kit import words
from responder.messages.language import say
from responder.slack.inbound.click import MODAL, REASON, Click
from responder.slack.secret import Secret

_SECONDS = 2
_LONGEST = 500


class SlackReplier(Protocol):
    """One call of Slack's Web API; raises SlackError."""

    def call(self, method: str, /, **arguments: Any) -> Mapping[str, Any]:
        """`method` as Slack names it: `chat.postEphemeral`."""
        ...


def voice_of(settings: Settings, secret: Secret) -> SlackReplier:
    """Slack's Web API with our token."""
    from responder.slack.client import Slack

    return Slack(secret.bot_token, settings.slack_url, _SECONDS, wait=_SECONDS)


def called(error: AwsError) -> str:
    """The failed call by the right that it needs, which is what somebody has to give: IAM's name for it."""
    return f"{action(error)} {error.code}"


def whisper(voice: SlackReplier, click: Click, said: Text, language: str) -> None:
    """A line that only this person sees, where the button was. Raises SlackError."""
    place = {"channel": click.channel, "user": click.user}
    thread = {"thread_ts": click.thread} if click.thread else {}
    shown = "\n".join(map(words, say(said, language).split("\n")))
    voice.call("chat.postEphemeral", **place, **thread, text=shown)


def ask_reason(voice: SlackReplier, click: Click, remedy: Text, language: str) -> None:
    """Open the form of a rejection. Raises SlackError."""
    voice.call("views.open", trigger_id=click.trigger, view=form(click, remedy, language))


def form(click: Click, remedy: Text, language: str) -> dict[str, Any]:
    """The form; what it is about comes back with it."""
    about = {
        "i": click.incident,
        "p": click.proposal,
        "r": click.remedy,
        "s": click.scope,
        "channel": click.channel,
        "ts": click.thread,
    }
    plain = {name: _plain(Text(f"click.form_{name}"), language) for name in ("title", "submit", "close")}
    asked = say(text("click.form_about", remedy=remedy, incident=click.incident), language)
    why = {
        "type": "input",
        "block_id": REASON,
        "label": _plain(text("click.form_reason"), language),
        "element": {
            "type": "plain_text_input",
            "action_id": REASON,
            "multiline": True,
            "max_length": _LONGEST,
        },
    }
    what = {"type": "section", "text": {"type": "plain_text", "text": asked}}
    return {
        "type": "modal",
        "callback_id": MODAL,
        "private_metadata": json.dumps(about, separators=(",", ":")),
        **plain,
        "blocks": [what, why],
    }


def empty_reason(language: str) -> dict[str, Any]:
    """The answer to a form without a reason: it stays open, and says so."""
    return {"response_action": "errors", "errors": {REASON: say(text("click.form_empty"), language)}}


def _plain(said: Text, language: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": say(said, language)}
