"""Commands to an alarm's own function, which checks everything again under its own role."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from responder.aws.translate import lacking
from responder.core.codec import dump, load
from responder.core.command import UNDER_WAY, Command, CommandKind
from responder.core.context import Context
from responder.core.declined import DeclineReason, RequestResult
from responder.core.errors import AwsError, Declined, Unreachable
from responder.core.frozen import frozen
from responder.core.liveness_function import scope_of
from responder.core.permissions import (
    APPROVALS_TABLE,
    INCIDENTS_TABLE,
    PARAMETERS,
    PARAMETERS_PATH,
    Permission,
    responder,
)
from responder.core.plain_data import Data, Json
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.text import Text, text
from responder.core.verdict import Result
from responder.evidence.base import action
from responder.messages.language import known
from responder.messages.requests import RequestedChange, called
from responder.people import claim
from responder.people.case import PersonAnswer, PersonCase
from responder.respond.playbook import PLAYBOOKS
from responder.store.approval_writer import settled
from responder.store.approvals import Approval

# What an entry needs of AWS for a decision and its command: no right over the service, as the commands run in
# the alarms' own functions.
NEEDS = (
    Permission("dynamodb:PutItem", APPROVALS_TABLE, "a person's decision is a row of this table"),
    Permission("dynamodb:Query", APPROVALS_TABLE),
    Permission("dynamodb:GetItem", INCIDENTS_TABLE),
    Permission("dynamodb:Query", INCIDENTS_TABLE),
    Permission("dynamodb:PutItem", INCIDENTS_TABLE, "what a person did stands in the timeline"),
    Permission("ssm:GetParametersByPath", PARAMETERS),
    Permission("ssm:GetParametersByPath", PARAMETERS_PATH),
    *(
        Permission("lambda:InvokeFunction", responder(slug), "send a command; the function checks it again")
        for slug in PLAYBOOKS
    ),
)
# Shorter than Lambda's own first retry, which must not find it taken.
_SAME = timedelta(seconds=50)
# What is done in full only when AWS has finished it.
_IN_PROGRESS = {
    Result.APPLIED: text("result.started"),
    Result.STEPPED: text("result.started"),
    Result.REVERTED: text("lease.reverting"),
}


@frozen
class CommandOutcome:
    """The outcome of one command. `because`: why it was not simply done; `name`: its subject;
    `in_progress`: AWS has accepted it and is still working on it."""

    result: Result
    results: Mapping[str, str]
    report: str
    because: Text | None = None
    name: Text | None = None
    in_progress: bool = False

    @classmethod
    def read(cls, found: Any, command: Command, where: str) -> "CommandOutcome":
        """`where`: the options by which the console finds the stack.

        Raises Unreachable for an answer that cannot be read: what was done is unknown then.
        """
        mine = f"{command.remedy} {command.scope}".strip()
        try:
            results = {str(key): str(value) for key, value in found["results"].items()}
            if results[mine] == UNDER_WAY:
                running = text("person.under_way", incident=command.incident, where=where)
                return cls(Result.REFUSED, results, "", running)
            reason, named = found.get("because", {}).get(mine), found.get("names", {}).get(mine)
            because = load(Text, reason) if reason else None
            name = load(Text, named) if named else None
            # During a deployment the function may be one that does not say whether AWS is still working.
            in_progress = bool(found.get("in_progress", {}).get(mine))
            return cls(Result(results[mine]), results, str(found["report"]), because, name, in_progress)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unreachable("lambda", "Invoke", type(error).__name__) from None

    def answer(self, command: Command, data: Data) -> PersonAnswer:
        """The answer for the person who sent it."""
        over = self.result is Result.REVERTED
        asked = RequestedChange(command.remedy, command.scope) if over else RequestedChange.ordered(command)
        name = self.name if self.name and known(self.name.key) else called(asked)
        became = _IN_PROGRESS.get(self.result) if self.in_progress else None
        said = text("person.result", remedy=name, result=became or Text(f"result.{self.result}"))
        why = {"because": self.because.key} if self.because else {}
        about = {"results": dict(self.results), "in_progress": self.in_progress, "report": self.report}
        more = {**data, **about, **why}
        if not (self.result.declined or self.result is Result.FAILED):
            return PersonAnswer(RequestResult.DONE, (said,), more)
        if self.because is not None and known(self.because.key):
            said = text("person.not_done_because", said=said, because=self.because)
        else:
            # During a deployment the alarm's function may know reasons that are not in our catalogue.
            said = text("person.not_done", said=said)
        return PersonAnswer(RequestResult.NOT_DONE, (said,), more, "person.not_done")


def approved(case: PersonCase) -> tuple[Command, Approval] | ExplainedReason[Refusal]:
    """The command that applies the stored proposal, or why it waits for one more person.

    Raises:
        Declined: it is not open.
    """
    asked, now = case.shown(), case.context.now
    over = settled(case.writer.said(asked, now), now)
    if over is not None:
        raise Declined(over)
    said = case.writer.enough(asked, now)
    if isinstance(said, ExplainedReason):
        return said
    order = CommandKind(asked.order)
    return Command(order, asked.incident, asked.remedy, asked.scope, asked.id, asked.wanted), said


def back(case: PersonCase) -> Command:
    """The revert, without an approval; a remedy that needs one asks for it. Raises Declined: nothing is in
    force."""
    lease = case.lease()
    scope = scope_of(lease.scope, case.context.settings)
    return Command(CommandKind.REVERT, lease.incident, lease.remedy, scope, wanted=case.request.wanted)


def alone(case: PersonCase, command: Command) -> AbstractContextManager[None]:
    """Claim the command, so that it is sent once at a time. Raises Declined while another run sends it."""
    return claim.alone(case.context, _key(command), _SAME, DeclineReason.UNDER_WAY())


def _key(command: Command) -> str:
    choice = json.dumps(dict(command.wanted), sort_keys=True)
    return f"{command.order}#{command.incident}#{command.remedy}#{command.scope}#{command.proposal}#{choice}"


def send(case: PersonCase, command: Command, record: Callable[[], None] | None = None) -> bool:
    """Send to the alarm's function without waiting for it; False where the same was sent a moment ago.
    `record`: what is on record before it is sent.

    Raises AwsError where it may not arrive. Where nothing else repeats it, the person can: that must not be
    answered as under way.
    """
    if claim.claim(case.context, _key(command), _SAME) is not None:
        return False
    if record is not None:
        record()
    try:
        _invoke(case.context, case.slug, dump(command), "Event")
    except AwsError:
        if not command.proposal:
            claim.release(case.context, _key(command), _SAME)
        raise
    return True


def answer(context: Context, slug: str, event: Command | Data) -> Any:
    """What the function returns for a command or another event.

    Raises:
        AwsError: it is not known to have arrived, it died, or gave no JSON.
    """
    payload = dump(event) if isinstance(event, Command) else event
    found = _invoke(context, slug, payload, "RequestResponse")
    died = found.get("FunctionError")
    if not died:
        return _results_payload(found)
    try:
        # The missing permission because of which it failed.
        missing = lacking(_results_payload(found))
    except (Unreachable, AttributeError):
        missing = None
    said = f"{died} (Denied {action(missing)})" if missing is not None else str(died)
    raise AwsError("lambda", "Invoke", said)


def _results_payload(found: Data) -> Any:
    try:
        return json.loads(found["Payload"].read())
    except Exception as error:
        # botocore's stream raises its own errors where the connection breaks.
        raise Unreachable("lambda", "Invoke", type(error).__name__) from None


def _invoke(context: Context, slug: str, event: Data, kind: str) -> Json:
    return context.aws.call(
        "lambda",
        "invoke",
        FunctionName=f"{context.settings.stack}-{slug}",
        InvocationType=kind,
        Payload=json.dumps(event).encode(),
    )
