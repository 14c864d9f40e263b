"""What the policy simulator answers, resource by resource. Pure.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from responder.core.text import Text, text

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
