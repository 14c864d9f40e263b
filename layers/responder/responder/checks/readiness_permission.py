"""May the roles of our functions make the writes of their remedies? Asked of IAM's policy simulator."""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from responder.check import Item, Light
from responder.checks.readiness_arns import Place
from responder.checks.readiness_users import USERS
from responder.context import Context
from responder.errors import AwsError, Missing
from responder.evidence.failed import reason
from responder.remedies import Remedy
from responder.text import text

_CHAPTER = "IAM権限レビュー"
_DEPLOY = "sam build && sam deploy"


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one function. `denied`: (action, ARN); `unclear`: actions of which nothing was said."""

    function: str
    asked: int = 0
    denied: tuple[tuple[str, str], ...] = ()
    unclear: tuple[str, ...] = ()
    error: AwsError | None = None


def permission(context: Context) -> tuple[Item, ...]:
    """Every write of every remedy, role by role."""
    # IAM answers few requests a second.
    with ThreadPoolExecutor(3) as pool:
        return judged(tuple(pool.map(lambda slug: _ask(context, slug), USERS)))


def judged(answers: tuple[Answer, ...]) -> tuple[Item, ...]:
    """Pure."""
    gone = tuple(each.function for each in answers if isinstance(each.error, Missing))
    unread = {
        each.error.operation: each.error for each in answers if each.error and each.function not in gone
    }
    denied = [(each.function, *pair) for each in answers for pair in each.denied]
    unclear = sorted({action for each in answers for action in each.unclear})
    items = [
        Item(Light.RED, text("check.ready.not_deployed", function=name), command=_DEPLOY) for name in gone
    ]
    items += [
        Item(Light.UNKNOWN, text("check.ready.permission_unread", reason=reason(error)), (), _CHAPTER)
        for error in unread.values()
    ]
    if unclear:
        said = text("check.ready.permission_unclear", actions=", ".join(unclear))
        items.append(Item(Light.UNKNOWN, said, (), _CHAPTER))
    if denied:
        details = tuple(
            text("check.ready.denied", function=function, action=action, resource=resource)
            for function, action, resource in denied
        )
        said = text("check.ready.permission_denied", count=len(denied))
        items.append(Item(Light.RED, said, details, _CHAPTER, _DEPLOY, {"denied": float(len(denied))}))
    if not items:
        count = sum(each.asked for each in answers)
        said = text("check.ready.permission", functions=len(answers), count=count)
        items.append(Item(Light.GREEN, said, (), _CHAPTER, numbers={"asked": float(count)}))
    return tuple(items)


def _ask(context: Context, slug: str) -> Answer:
    name = f"{context.settings.stack}-{slug}"
    try:
        found = context.aws.call("lambda", "get_function_configuration", FunctionName=name)
        place = Place.of(str(found["FunctionArn"]), context.settings)
        asked = _by_resources(USERS[slug], place)
        results = [
            (resources, each)
            for resources, actions in asked.items()
            for each in _simulated(context, str(found["Role"]), actions, resources)
        ]
    except AwsError as error:
        return Answer(name, error=error)
    wanted = {action for actions in asked.values() for action in actions}
    said = {str(each["EvalActionName"]) for _, each in results}
    denied = tuple(pair for resources, each in results for pair in _denied(each, resources))
    return Answer(
        name,
        sum(len(resources) * len(actions) for resources, actions in asked.items()),
        tuple(dict.fromkeys(denied)),
        tuple(sorted(wanted - said)),
    )


def _by_resources(remedies: Iterable[Remedy], place: Place) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Actions by the resources they are all wanted on: nothing is asked that no remedy does."""
    on: dict[str, set[str]] = defaultdict(set)
    for remedy in remedies:
        for need in remedy.needs():
            if need.why and not need.forbidden:
                on[place.written(need.resource)].add(need.action)
    same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for resource, actions in sorted(on.items()):
        same[tuple(sorted(actions))].append(resource)
    return {tuple(resources): actions for actions, resources in same.items()}


def _simulated(
    context: Context, role: str, actions: tuple[str, ...], resources: tuple[str, ...]
) -> list[dict[str, Any]]:
    pages = context.aws.pages(
        "iam",
        "simulate_principal_policy",
        PolicySourceArn=role,
        ActionNames=list(actions),
        ResourceArns=list(resources),
    )
    return [each for page in pages for each in page["EvaluationResults"]]


def _denied(result: dict[str, Any], resources: tuple[str, ...]) -> list[tuple[str, str]]:
    """AWS gives one result per action, the strictest; each resource's own stands below it."""
    action, whole = str(result["EvalActionName"]), str(result["EvalDecision"])
    if whole == "allowed":
        return []
    parts = {
        str(each["EvalResourceName"]): str(each["EvalResourceDecision"])
        for each in result.get("ResourceSpecificResults", ())
    }
    named = str(result.get("EvalResourceName") or "")
    fallback = (named,) if named in resources else resources
    return [
        (action, resource)
        for resource in (resources if parts else fallback)
        if parts.get(resource, whole) != "allowed"
    ]
