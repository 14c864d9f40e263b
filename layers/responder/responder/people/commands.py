"""Commands to an alarm's own function, which checks everything again under its own role."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from responder.aws.translate import lacking
from responder.core.codec import dump, load
from responder.core.command import UNDER_WAY, Command, CommandKind
from responder.core.context import Context
from responder.core.declined import DeclineReason, RequestResult
from responder.core.errors import AwsError, Declined, Unreachable
from responder.core.liveness_function import scope_of
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.text import Text, text
from responder.core.verdict import Result
from responder.evidence.base import action
from responder.messages.catalogue import known
from responder.messages.requests import RequestedChange, called
from responder.people import claim
from responder.people.answer import PersonAnswer
from responder.people.case import PersonCase
from responder.store.approvals.decisions import Approval
from responder.store.approvals.writing import settled


def body(answer: Mapping[str, Any]) -> Any:
    """The JSON that the function gave back. Raises AwsError where it died, or gave none."""
    if answer.get("FunctionError"):
        raise AwsError("lambda", "Invoke", _death(answer))
    return _results_payload(answer)


def _results_payload(answer: Mapping[str, Any]) -> Any:
    try:
        return json.loads(answer["Payload"].read())
    except Exception as error:
        # botocore's stream raises errors of its own where the connection breaks.
        raise Unreachable("lambda", "Invoke", type(error).__name__) from None


def _death(answer: Mapping[str, Any]) -> str:
    """Lambda's word for it, and the right that the function died for want of."""
    kind = str(answer["FunctionError"])
    try:
        missing = lacking(_results_payload(answer))
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
            because = load(Text, told) if told else None
            named = found.get("names", {}).get(mine)
            name = load(Text, named) if named else None
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


# Shorter than Lambda's own first retry, which has to find its way free.
_SAME = timedelta(seconds=50)


def approved(case: PersonCase) -> tuple[Command, Approval] | ExplainedReason[Refusal]:
    """The command that carries the stored proposal out, or why it waits for one more person.

    Raises:
        Declined: it does not wait any more.
    """
    asked = case.shown()
    over = settled(case.pen.said(asked, case.context.now), case.context.now)
    if over is not None:
        raise Declined(over)
    said = case.pen.enough(asked, case.context.now)
    if isinstance(said, ExplainedReason):
        return said
    command = Command(
        CommandKind(asked.order), asked.incident, asked.remedy, asked.scope, asked.id, asked.wanted
    )
    return command, said


def back(case: PersonCase, wanted: Mapping[str, Any] | None = None) -> Command:
    """Without an approval: a remedy that needs one asks for it. Raises Declined: nothing is in force."""
    lease = case.lease()
    scope = scope_of(lease.scope, case.context.settings)
    return Command(CommandKind.TAKE_BACK, lease.incident, lease.remedy, scope, wanted=wanted or {})


def alone(case: PersonCase, command: Command) -> AbstractContextManager[None]:
    """The same command is sent once at a time. Raises Declined while another run sends it."""
    return claim.alone(case.context, _key(command), _SAME, DeclineReason.UNDER_WAY())


def once(case: PersonCase, command: Command) -> None:
    """Raises Declined where the same command was sent a moment ago."""
    if claim.claim(case.context, _key(command), _SAME) is not None:
        raise Declined(DeclineReason.UNDER_WAY())


def again(case: PersonCase, command: Command) -> None:
    """It is over, or did not arrive: whoever sends it again must not hear that it is under way."""
    claim.release(case.context, _key(command), _SAME)


def send(context: Context, slug: str, command: Command) -> None:
    """To the function of this alarm, without waiting for it. Raises AwsError where it may not arrive."""
    _invoke(context, slug, dump(command), "Event")


def carry_out(context: Context, slug: str, command: Command) -> Any:
    """What the function answers.

    Raises:
        AwsError: it is not known to have arrived, or died.
    """
    return answer(context, slug, dump(command))


def answer(context: Context, slug: str, event: Mapping[str, Any]) -> Any:
    """The same for an event that is no command."""
    return body(_invoke(context, slug, event, "RequestResponse"))


def _invoke(context: Context, slug: str, event: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return context.aws.call(
        "lambda",
        "invoke",
        FunctionName=f"{context.settings.stack}-{slug}",
        InvocationType=kind,
        Payload=json.dumps(event).encode(),
    )


def _key(command: Command) -> str:
    choice = json.dumps(dict(command.wanted), sort_keys=True)
    return f"{command.order}#{command.incident}#{command.remedy}#{command.scope}#{command.proposal}#{choice}"
