"""May the roles of our functions make the calls of their remedies? Asked of IAM's policy simulator."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from responder.checks import commands
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence.base import reason
from responder.remedies import Remedy

# What the policy simulator answers, resource by resource. Pure.
#
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html

_ALLOWED = "allowed"


class Pair(NamedTuple):
    """One action on one resource."""

    action: str
    resource: str


class SimulatedDenial(NamedTuple):
    """`by`: what denies it, where that is no policy of the role that only lacks it."""

    pair: Pair
    by: str = ""

    def told(self, function: str) -> Text:
        """For people: with the place where it would have to be mended."""
        key = f"check.ready.denied.{self.by}" if self.by else "check.ready.denied"
        return text(key, function=function, action=self.pair.action, resource=self.pair.resource)


def said(result: Mapping[str, Any], resources: tuple[str, ...]) -> Iterator[Pair]:
    """What one result speaks of."""
    return (pair for pair, _ in _decisions(result, resources))


def denied(result: Mapping[str, Any], resources: tuple[str, ...]) -> Iterator[SimulatedDenial]:
    """What it does not allow."""
    for pair, part in _decisions(result, resources):
        if _decision(part) != _ALLOWED:
            yield SimulatedDenial(pair, _by(result, part))


def _decisions(
    result: Mapping[str, Any], resources: tuple[str, ...]
) -> Iterator[tuple[Pair, Mapping[str, Any]]]:
    """One result per action with each resource's own below it; or one for each resource; or one for all."""
    action = str(result["EvalActionName"])
    parts = {str(each["EvalResourceName"]): each for each in result.get("ResourceSpecificResults") or ()}
    named = str(result.get("EvalResourceName") or "")
    if parts:
        yield from ((Pair(action, name), parts[name]) for name in resources if name in parts)
    else:
        about = (named,) if named in resources else resources
        yield from ((Pair(action, name), result) for name in about)


def _decision(part: Mapping[str, Any]) -> str:
    return str(part.get("EvalResourceDecision") or part.get("EvalDecision"))


def _by(result: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """Organizations are told of only above."""
    if result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return "organization"
    for each in (part, result):
        if each.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
            return "boundary"
    return "explicit" if _decision(part) == "explicitDeny" else ""


# Resources as `responder.core.permissions` writes them, as ARNs of this deployment. Pure.

_ROLLOUT = (
    "EnrollmentFunctionName",
    "FaceLoginFunctionName",
    "EmergencyAuthFunctionName",
    "ReEnrollmentFunctionName",
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The resources of this deployment, by the template's names."""

    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, function_arn: str, settings: Settings) -> "Deployment":
        """Partition, Region and account from the ARN of one of our functions."""
        _, partition, _, region, account = function_arn.split(":")[:5]
        return cls(
            {
                "AWS::Partition": partition,
                "AWS::Region": region,
                "AWS::AccountId": account,
                "AWS::StackName": settings.stack,
                "CreateFunctionName": settings.create_function,
                "ResultFunctionName": settings.result_function,
                "SessionsTableName": settings.sessions_table,
                **dict(zip(_ROLLOUT, settings.rollout_functions, strict=False)),
            }
        )

    def written(self, resource: str) -> str:
        """The simulator wants one resource: for every alias, `live` stands for all."""
        found = re.sub(r"\$\{([\w:]+)}", lambda name: self.names.get(name[1], name[0]), resource)
        return f"{found.removesuffix(':*')}:live" if found.endswith(":*") else found


_CHAPTER = "IAM権限レビュー"


@dataclass(frozen=True, slots=True)
class SimulationAnswer:
    """Of one function. `unclear`: actions of which nothing was said on some resource."""

    function: str
    asked: int = 0
    denied: tuple[SimulatedDenial, ...] = ()
    unclear: tuple[str, ...] = ()
    error: AwsError | None = None


def permission(context: Context, users: Mapping[str, tuple[Remedy, ...]]) -> tuple[CheckItem, ...]:
    """Every call of every remedy, role by role. `users`: the remedies of a function, by its slug."""
    # IAM answers few requests a second.
    with ThreadPoolExecutor(3) as pool:
        found = tuple(pool.map(lambda slug: _ask(context, slug, users[slug]), users))
    return judged(found, context.settings)


def judged(answers: tuple[SimulationAnswer, ...], settings: Settings) -> tuple[CheckItem, ...]:
    """Pure."""
    unread = {
        each.error.operation: each.error
        for each in answers
        if each.error is not None and not isinstance(each.error, Missing)
    }
    unclear = sorted({action for each in answers for action in each.unclear})
    items = [
        *_gone(answers, settings),
        *(
            CheckItem(
                Checked.PERMISSIONS_READ.of(error.operation),
                CheckStatus.UNKNOWN,
                text("check.ready.permission_unread", reason=reason(error)),
                (),
                _CHAPTER,
            )
            for error in unread.values()
        ),
    ]
    if unclear:
        about = text("check.ready.permission_unclear", actions=", ".join(unclear))
        items.append(CheckItem(Checked.PERMISSIONS_UNCLEAR.of(), CheckStatus.UNKNOWN, about, (), _CHAPTER))
    items += _denied(answers, settings)
    if not items:
        count = sum(each.asked for each in answers)
        fine = text("check.ready.permission", functions=len(answers), count=count)
        items.append(
            CheckItem(
                Checked.PERMISSIONS.of(),
                CheckStatus.GREEN,
                fine,
                (),
                _CHAPTER,
                numbers={"asked": float(count)},
            )
        )
    return tuple(items)


def _gone(answers: Iterable[SimulationAnswer], settings: Settings) -> Iterator[CheckItem]:
    """Whatever a person deleted, another deployment does not bring back."""
    for each in answers:
        if isinstance(each.error, Missing):
            key = "check.ready.no_role" if each.error.service == "iam" else "check.ready.not_deployed"
            mend = commands.detect_drift(settings)
            yield CheckItem(
                Checked.FUNCTION_DEPLOYED.of(each.function),
                CheckStatus.RED,
                text(key, function=each.function),
                command=mend,
            )


def _denied(answers: Iterable[SimulationAnswer], settings: Settings) -> Iterator[CheckItem]:
    found = [(each.function, denial) for each in answers for denial in each.denied]
    if found:
        details = tuple(denial.told(function) for function, denial in found)
        # What was set outside of this stack shows in no drift of it.
        own = any(not denial.by for _, denial in found)
        yield CheckItem(
            Checked.PERMISSIONS.of(),
            CheckStatus.RED,
            text("check.ready.permission_denied", count=len(found)),
            details,
            _CHAPTER,
            commands.detect_drift(settings) if own else "",
            {"denied": float(len(found))},
        )


def _ask(context: Context, slug: str, remedies: tuple[Remedy, ...]) -> SimulationAnswer:
    name = f"{context.settings.stack}-{slug}"
    try:
        found = context.aws.call("lambda", "get_function_configuration", FunctionName=name)
        place = Deployment.of(str(found["FunctionArn"]), context.settings)
        asked = _by_resources(remedies, place)
        results = [
            (resources, each)
            for resources, actions in asked.items()
            for each in _simulated(context, str(found["Role"]), actions, resources)
        ]
    except AwsError as error:
        return SimulationAnswer(name, error=error)
    wanted = {Pair(action, one) for all_, actions in asked.items() for one in all_ for action in actions}
    answered = {pair for resources, each in results for pair in said(each, resources)}
    refused = dict.fromkeys(one for resources, each in results for one in denied(each, resources))
    return SimulationAnswer(
        name, len(wanted), tuple(refused), tuple(sorted({each.action for each in wanted - answered}))
    )


def _by_resources(remedies: Iterable[Remedy], place: Deployment) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Actions by the resources they are all wanted on: nothing is asked that no remedy does."""
    on: dict[str, set[str]] = defaultdict(set)
    for remedy in remedies:
        for need in remedy.needs():
            if not need.forbidden:
                on[place.written(need.resource)].add(need.action)
    same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for resource, actions in sorted(on.items()):
        same[tuple(sorted(actions))].append(resource)
    return {tuple(resources): actions for actions, resources in same.items()}


def _simulated(
    context: Context, role: str, actions: tuple[str, ...], resources: tuple[str, ...]
) -> list[dict[str, Any]]:
    # What it is not told counts as absent: a policy for some Regions would then deny what it allows.
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
