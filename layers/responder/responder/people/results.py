"""What an alarm's function answers to a command that was waited for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from responder.aws.missing_permission import lacking
from responder.core.command import UNDER_WAY, Command
from responder.core.declined import RequestResult
from responder.core.errors import AwsError, Unreachable
from responder.core.text import Text, text
from responder.core.verdict import Result
from responder.evidence.failed import action
from responder.messages.catalogue import known
from responder.messages.requests import RequestedChange, called
from responder.people.answer import PersonAnswer


def body(answer: Mapping[str, Any]) -> Any:
    """The JSON that the function gave back. Raises AwsError where it died, or gave none."""
    if answer.get("FunctionError"):
        raise AwsError("lambda", "Invoke", _death(answer))
    return _payload(answer)


def _payload(answer: Mapping[str, Any]) -> Any:
    try:
        return json.loads(answer["Payload"].read())
    except Exception as error:
        # botocore's stream raises errors of its own where the connection breaks.
        raise Unreachable("lambda", "Invoke", type(error).__name__) from None


def _death(answer: Mapping[str, Any]) -> str:
    """Lambda's word for it, and the right that the function died for want of."""
    kind = str(answer["FunctionError"])
    try:
        missing = lacking(_payload(answer))
    except (Unreachable, AttributeError):
        return kind
    return f"{kind} (Denied {action(missing)})" if missing is not None else kind


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """What became of one command. `because`: why it was not simply done; `name`: what it was about."""

    result: Result
    results: Mapping[str, str]
    report: str
    because: Text | None = None
    name: Text | None = None

    @classmethod
    def read(cls, found: Any, command: Command) -> "CommandOutcome":
        """Raises Unreachable for an answer that cannot be read: what was done is not known then."""
        mine = f"{command.remedy} {command.scope}".strip()
        try:
            results = {str(key): str(value) for key, value in found["results"].items()}
            if results[mine] == UNDER_WAY:
                running = text("person.under_way", incident=command.incident)
                return cls(Result.REFUSED, results, "", running)
            told = found.get("because", {}).get(mine)
            because = Text.from_json(told) if told else None
            named = found.get("names", {}).get(mine)
            name = Text.from_json(named) if named else None
            return cls(Result(results[mine]), results, str(found["report"]), because, name)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unreachable("lambda", "Invoke", type(error).__name__) from None

    def answer(self, command: Command, data: Mapping[str, Any]) -> PersonAnswer:
        """For the person who sent it."""
        over = self.result is Result.TAKEN_BACK
        asked = RequestedChange(command.remedy, command.scope) if over else RequestedChange.ordered(command)
        name = self.name if self.name and known(self.name.key) else called(asked)
        said = text("person.result", remedy=name, result=Text(f"result.{self.result}"))
        why = {"because": self.because.key} if self.because else {}
        told = {**data, "results": dict(self.results), "report": self.report, **why}
        if not (self.result.declined or self.result is Result.FAILED):
            return PersonAnswer(RequestResult.DONE, (said,), told)
        return PersonAnswer(RequestResult.NOT_DONE, (_not_done(said, self.because),), told, "person.not_done")


def _not_done(said: Text, because: Text | None) -> Text:
    """During a deployment the alarm's function may know reasons that are not in our catalogue."""
    if because is None or not known(because.key):
        return text("person.not_done", said=said)
    return text("person.not_done_because", said=said, because=because)
