"""A command to the alarm's own function, and its answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError

from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.command import Command
from responder.errors import AwsError, Unreachable
from responder.evidence.failed import action
from responder.incidents import Head
from responder.render.headline import name
from responder.render.messages import known
from responder.shell.lacking import lacking
from responder.text import Text, text
from responder.verdict import Result


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command: `results` as the function tells them, by remedy and scope; `because` is
    why it was not simply done."""

    result: Result
    results: Mapping[str, str]
    report: str
    because: Text | None = None

    @classmethod
    def read(cls, body: Mapping[str, Any], command: Command) -> "Answer":
        """Raises whatever an unreadable answer makes of it."""
        results = {str(key): str(value) for key, value in body["results"].items()}
        mine = f"{command.remedy} {command.scope}".strip()
        told = body.get("because", {}).get(mine)
        because = Text.from_json(told) if told else None
        return cls(Result(results[mine]), results, body["report"], because)


def send(desk: Desk, head: Head, command: Command) -> Answer:
    """Wait for what became of it.

    Raises:
        AwsError: the function could not be reached, or failed; whether it did something is not known.
    """
    body = order(desk, f"{desk.settings.stack}-{head.slug}", command)
    try:
        return Answer.read(body, command)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreachable("lambda", "Invoke", type(error).__name__) from None


def order(desk: Desk, function: str, command: Command) -> Any:
    """The answer of a function to a command, as it is.

    Raises:
        AwsError: the function could not be reached, or failed; whether it did something is not known.
    """
    payload = {
        "command": command.order,
        "incident": command.incident,
        "remedy": command.remedy,
        "scope": command.scope,
        "proposal": command.proposal,
        "wanted": dict(command.wanted),
    }
    return ask(desk, function, payload)


def ask(desk: Desk, function: str, payload: Mapping[str, Any]) -> Any:
    """The answer of a function to an event, as it is. Raises AwsError as `order` does."""
    packed = json.dumps(payload).encode()
    answer = desk.aws.call("lambda", "invoke", FunctionName=function, Payload=packed)
    if answer.get("FunctionError"):
        raise AwsError("lambda", "Invoke", _failure(answer))
    try:
        return json.loads(answer["Payload"].read())
    except (BotoCoreError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreachable("lambda", "Invoke", type(error).__name__) from None


def _failure(answer: Mapping[str, Any]) -> str:
    """Lambda's word for it, and the right that the function died for want of."""
    kind = str(answer["FunctionError"])
    try:
        missing = lacking(json.loads(answer["Payload"].read()))
    except (BotoCoreError, AttributeError, KeyError, TypeError, ValueError):
        return kind
    return f"{kind} (Denied {action(missing)})" if missing is not None else kind


def show(desk: Desk, answer: Answer, command: Command) -> dict[str, Any]:
    """Tell what became of it. Raises Stop where nothing was done."""
    called = name(command.remedy, command.scope)
    said = text("console.result", remedy=called, result=Text(f"result.{answer.result}"))
    why = {"because": answer.because.key} if answer.because else {}
    data = {"results": dict(answer.results), "report": answer.report, **why}
    if answer.result.declined or answer.result is Result.FAILED:
        raise Stop(Exit.NOT_DONE, _not_done(said, answer.because), data)
    desk.screen.say(said, style="green")
    return data


def _not_done(said: Text, because: Text | None) -> Text:
    """A function that is older or newer than this console may know reasons that are not in our catalogue."""
    if because is None or not known(because):
        return text("console.not_done", said=said)
    return text("console.not_done_because", said=said, because=because)
