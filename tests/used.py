"""Holds what a function may do against what it was seen to do."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache

from liveness_ops.template_tools.load import template
from local_aws.client import Call
from rehearsal.drill.stack import STACK
from responder.core.permissions import Permission
from responder.core.plain_data import Json

type Used = set[tuple[str, str]]


def used_by(calls: Iterable[Call]) -> Mapping[str, Used]:
    """By logical id of the function: (action, resource) that IAM allowed."""
    found: dict[str, Used] = defaultdict(set)
    for call in calls:
        if call.allowed:
            found[call.role.removeprefix(f"{STACK}-").partition("Role-")[0]].add((call.action, call.resource))
    return found


def unused(needs: Iterable[Permission], used: Used) -> list[str]:
    """What nothing has used; a Deny is no right."""
    return sorted(
        f"{need.action} {need.resource}" for need in needs if not need.forbidden and not any(uses(need, used))
    )


def uses(need: Permission, used: Iterable[tuple[str, str]]) -> Iterator[bool]:
    """One for each call, whether it took this right."""
    pattern = resolved(need.resource)
    return (need.action == action and fnmatchcase(on, pattern) for action, on in used)


def resolved(resource: str) -> str:
    """Names are the template's defaults; what our stack makes is called by it, with something behind."""
    whole = resource.removesuffix(" or nothing")
    return re.sub(r"\$\{([\w:]+)[^}]*}", lambda found: _named(found[1]), whole)


def _named(name: str) -> str:
    if name.startswith("AWS::"):
        return STACK if name == "AWS::StackName" else "*"
    if name in _parameters():
        return str(_parameters()[name].get("Default", "")) or "*"
    made = f"{STACK}-{name}-"
    return f"*{made.lower() if name.endswith('Bucket') else made}*"


@cache
def _parameters() -> Json:
    found: Json = template()["Parameters"]
    return found
