"""What the person who pressed a button hears, and the form that asks why."""

import json
from typing import Any, Protocol

from responder.errors import ResponderError
from responder.render.language import say
from responder.settings import Settings
from responder.shell.slack.door_secret import Secret
from responder.shell.slack.request_click import MODAL, REASON, Click
from responder.text import Text, text

_SECONDS = 2
_LONGEST = 500


class Unheard(ResponderError):
    """Slack did not take it; `code` is its error code or the class of what went wrong, never free text."""

    def __init__(self, code: str) -> None:
        super().__init__(f"slack: {code}")
        self.code = code


class Voice(Protocol):
    """One call of Slack's Web API; raises Unheard."""

    def call(self, method: str, /, **arguments: Any) -> None:
        """`method` as Slack names it: `chat.postEphemeral`."""
        ...


class Slack:
    """A `Voice` over slack_sdk."""

    def __init__(self, settings: Settings, secret: Secret) -> None:
        from slack_sdk import WebClient

        self._client = WebClient(secret.bot_token, base_url=settings.slack_url, timeout=_SECONDS)

    def call(self, method: str, /, **arguments: Any) -> None:
        """Once: whatever is worth a repeat is repeated by whoever calls."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            self._client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise Unheard(str(error.response.get("error") or "unknown")) from None
        except (SlackClientError, OSError) as error:
            raise Unheard(type(error).__name__) from None


def whisper(voice: Voice, click: Click, said: Text, language: str) -> None:
    """A line that only this person sees, where the button was. Raises Unheard."""
    place = {"channel": click.channel, "user": click.user}
    thread = {"thread_ts": click.thread} if click.thread else {}
    voice.call("chat.postEphemeral", **place, **thread, text=say(said, language))


def ask_reason(voice: Voice, click: Click, remedy: Text, language: str) -> None:
    """Open the form of a rejection. Raises Unheard."""
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
