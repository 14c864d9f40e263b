"""What the deployed template gives each of our roles, against what the roles have. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from responder.evidence.policies import Statement, listed


@dataclass(frozen=True, slots=True)
class Given:
    """Of one role by the template: (action, on everything?), and the text of its managed policies."""

    actions: frozenset[tuple[str, bool]]
    managed: str


def roles(body: Any) -> dict[str, Given]:
    """By logical id. `body`: the processed template; empty where it cannot be read."""
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return {}
    resources = body.get("Resources", {}) if isinstance(body, Mapping) else {}
    return {
        str(name): _given(each.get("Properties", {}))
        for name, each in resources.items()
        if each.get("Type") == "AWS::IAM::Role"
    }


def beyond(given: Given, inline: Iterable[Statement], attached: Iterable[str]) -> tuple[str, ...]:
    """What the role has and the template does not say: actions, and names of attached policies."""
    has = {pair for each in inline if each.get("Effect") == "Allow" for pair in _pairs(each)}
    more = {action for action, _ in has - given.actions}
    names = (arn.rpartition("/")[2] for arn in attached)
    return tuple(sorted((*more, *(name for name in names if f'/{name}"' not in given.managed))))


def _given(properties: Mapping[str, Any]) -> Given:
    pairs = {pair for each in _statements(properties.get("Policies", [])) for pair in _pairs(each)}
    return Given(frozenset(pairs), json.dumps(properties.get("ManagedPolicyArns", []), default=str))


def _statements(node: Any) -> Iterator[Mapping[str, Any]]:
    """Wherever they stand: a condition of the template may be around them."""
    if isinstance(node, Mapping):
        if node.get("Effect") == "Allow":
            yield node
        for each in node.values():
            yield from _statements(each)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _statements(each)


def _pairs(statement: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    every = "*" in listed(_strings(statement.get("Resource"))) or "NotResource" in statement
    for action in listed(statement.get("Action")) or ("NotAction",):
        yield action, every


def _strings(value: Any) -> Any:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else value
