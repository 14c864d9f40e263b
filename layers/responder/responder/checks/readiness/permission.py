"""May the roles of our functions make the calls of their remedies? Asked of IAM's policy simulator.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from responder.checks import commands
from responder.checks.finding import Checked, CheckItem
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import Strings, Text, text
from responder.evidence.base import reason
from responder.remedies import Remedy

_CHAPTER = "IAM権限レビュー"
_ALLOWED = "allowed"
_ROLLOUT = (
    "EnrollmentFunctionName",
    "FaceLoginFunctionName",
    "EmergencyAuthFunctionName",
    "ReEnrollmentFunctionName",
)


class Pair(NamedTuple):
    """One action on one resource."""

    action: str
    resource: str


@frozen
class SimulationAnswer:
    """Of one function.

    Attributes:
        denied: by what each is denied that is not allowed; "" where no policy of the role allows it.
        unclear: actions of which nothing was said on some resource.
    """

    function: str
    asked: int = 0
    denied: tuple[tuple[Pair, str], ...] = ()
    unclear: Strings = ()
    error: AwsError | None = None


def permission(context: Context, users: Mapping[str, tuple[Remedy, ...]]) -> Iterator[CheckItem]:
    """Every call of every remedy, role by role. `users`: the remedies of a function, by its slug."""
    # IAM answers few requests a second.
    with ThreadPoolExecutor(3) as pool:
        found = tuple(pool.map(lambda slug: _ask(context, slug, users[slug]), users))
    items = tuple(_faults(found, context.settings))
    yield from items
    if not items:
        count = sum(each.asked for each in found)
        fine = text("check.ready.permission", functions=len(found), count=count)
        this = Checked.PERMISSIONS.of(chapter=_CHAPTER)
        yield this.green(fine, numbers={"asked": float(count)})


def _faults(answers: tuple[SimulationAnswer, ...], settings: Settings) -> Iterator[CheckItem]:
    errors = {each.function: each.error for each in answers if each.error is not None}
    for function, error in errors.items():
        if isinstance(error, Missing):
            # Another deployment does not restore what a person deleted.
            key = "check.ready.no_role" if error.service == "iam" else "check.ready.not_deployed"
            this = Checked.FUNCTION_DEPLOYED.of(function)
            yield this.red(text(key, function=function), command=commands.detect_drift(settings))
    for error in {e.operation: e for e in errors.values() if not isinstance(e, Missing)}.values():
        this = Checked.PERMISSIONS_READ.of(error.operation, chapter=_CHAPTER)
        yield this.unknown(text("check.ready.permission_unread", reason=reason(error)))
    if unclear := sorted({action for each in answers for action in each.unclear}):
        said = text("check.ready.permission_unclear", actions=", ".join(unclear))
        yield Checked.PERMISSIONS_UNCLEAR.of(chapter=_CHAPTER).unknown(said)
    if denied := [(each.function, pair, by) for each in answers for pair, by in each.denied]:
        # A setting outside of this stack shows in no drift of the stack.
        own = any(not by for _, _, by in denied)
        yield Checked.PERMISSIONS.of(chapter=_CHAPTER).red(
            text("check.ready.permission_denied", count=len(denied)),
            *(_denial(*each) for each in denied),
            command=commands.detect_drift(settings) if own else "",
            numbers={"denied": float(len(denied))},
        )


def _denial(function: str, pair: Pair, by: str) -> Text:
    """The denial with the place where it has to be fixed."""
    key = f"check.ready.denied.{by}" if by else "check.ready.denied"
    return text(key, function=function, action=pair.action, resource=pair.resource)


def _ask(context: Context, slug: str, remedies: tuple[Remedy, ...]) -> SimulationAnswer:
    name = f"{context.settings.stack}-{slug}"
    decided: list[tuple[Pair, str | None]] = []
    try:
        found = context.aws.call("lambda", "get_function_configuration", FunctionName=name)
        asked = _by_resources(remedies, _names(str(found["FunctionArn"]), context.settings))
        for resources, actions in asked.items():
            for each in _simulated(context, str(found["Role"]), actions, resources):
                decided += _decisions(each, resources)
    except AwsError as error:
        return SimulationAnswer(name, error=error)
    wanted = {Pair(action, one) for all_, actions in asked.items() for one in all_ for action in actions}
    denied = dict.fromkeys((pair, by) for pair, by in decided if by is not None)
    unclear = sorted({each.action for each in wanted - {pair for pair, _ in decided}})
    return SimulationAnswer(name, len(wanted), tuple(denied), tuple(unclear))


def _names(function_arn: str, settings: Settings) -> dict[str, str]:
    """The resources of this deployment, by the template's names."""
    _, partition, _, region, account = function_arn.split(":")[:5]
    return {
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::AccountId": account,
        "AWS::StackName": settings.stack,
        "CreateFunctionName": settings.create_function,
        "ResultFunctionName": settings.result_function,
        "SessionsTableName": settings.sessions_table,
        **dict(zip(_ROLLOUT, settings.rollout_functions, strict=False)),
    }


def _by_resources(remedies: Iterable[Remedy], names: Mapping[str, str]) -> dict[Strings, Strings]:
    """Actions by the resources on which all of them are needed, so that only calls of remedies are
    simulated."""
    on: dict[str, set[str]] = defaultdict(set)
    for remedy in remedies:
        for need in remedy.needs():
            if not need.forbidden:
                one = re.sub(r"\$\{([\w:]+)}", lambda found: names.get(found[1], found[0]), need.resource)
                # The simulator requires one resource: for every alias, `live` represents all.
                on[f"{one.removesuffix(':*')}:live" if one.endswith(":*") else one].add(need.action)
    same: dict[Strings, list[str]] = defaultdict(list)
    for resource, actions in sorted(on.items()):
        same[tuple(sorted(actions))].append(resource)
    return {tuple(resources): actions for actions, resources in same.items()}


def _simulated(context: Context, role: str, actions: Strings, resources: Strings) -> list[Json]:
    # A context key that is not given counts as absent: a policy for some Regions would then seem to deny.
    here = {"ContextKeyName": "aws:RequestedRegion", "ContextKeyType": "string"}
    pages = context.aws.pages(
        "iam",
        "simulate_principal_policy",
        PolicySourceArn=role,
        ActionNames=list(actions),
        ResourceArns=list(resources),
        ContextEntries=[{**here, "ContextKeyValues": [context.settings.region]}],
    )
    return [each for page in pages for each in page["EvaluationResults"]]


def _decisions(result: Data, resources: Strings) -> Iterator[tuple[Pair, str | None]]:
    """What denies each action, None where it is allowed. AWS answers with one result per action and each
    resource's own below it; or with one for each resource; or with one for all."""
    action = str(result["EvalActionName"])
    parts = {str(each["EvalResourceName"]): each for each in result.get("ResourceSpecificResults") or ()}
    named = str(result.get("EvalResourceName") or "")
    if not parts:
        parts = dict.fromkeys((named,) if named in resources else resources, result)
    for name in resources:
        if name in parts:
            yield Pair(action, name), _denied_by(result, parts[name])


def _denied_by(result: Data, part: Data) -> str | None:
    decision = str(part.get("EvalResourceDecision") or part.get("EvalDecision"))
    if decision == _ALLOWED:
        return None
    # Organizations are named only above.
    if result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return "organization"
    for each in (part, result):
        if each.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
            return "boundary"
    return "explicit" if decision == "explicitDeny" else ""
