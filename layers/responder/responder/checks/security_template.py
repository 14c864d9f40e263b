"""What the deployed template gives each of our roles and managed policies. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from responder.checks.security_guests import principals, services
from responder.checks.security_wide import everything
from responder.evidence.policies import Statement, listed

ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"
_NAMED = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """An action that is allowed, or somebody who may take a role. `every`: on every resource; `bound`: by
    a condition."""

    name: str
    every: bool = False
    bound: bool = False

    def within(self, said: Iterable["Right"]) -> bool:
        """One of those gives as much."""
        return any(
            self.name == each.name and self.every <= each.every and each.bound <= self.bound for each in said
        )


@dataclass(frozen=True, slots=True)
class Given:
    """What the template says of one role or managed policy (`kind`).

    Attributes:
        rights: what it allows.
        denied: actions that it denies, whatever else is allowed; each with its conditions.
        inline: names of a role's own policies; a managed policy is one without a name.
        managed: the ones attached to it, as the template writes them.
        trust: who may take a role.
    """

    kind: str
    rights: frozenset[Right]
    denied: frozenset[tuple[str, str]]
    inline: frozenset[str]
    managed: str
    trust: frozenset[Right]


def given(body: Any) -> dict[str, Given]:
    """By logical id. `body`: the processed template; empty where it cannot be read."""
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return {}
    resources = body.get("Resources", {}) if isinstance(body, Mapping) else {}
    return {
        str(name): _given(each.get("Type", ""), each.get("Properties", {}))
        for name, each in resources.items()
        if each.get("Type") in (ROLE, POLICY)
    }


def rights(statements: Iterable[Statement]) -> frozenset[Right]:
    """Of the Allows. NotAction is an action that no list names."""
    return frozenset(
        Right(action, _every(each), bool(each.get("Condition")))
        for each in statements
        if each.get("Effect") == "Allow"
        for action in listed(each.get("Action")) or ("NotAction",)
    )


def denied(statements: Iterable[Statement]) -> frozenset[tuple[str, str]]:
    """Actions of the Denys, each with its conditions as JSON."""
    return frozenset(
        (action, json.dumps(each.get("Condition", {}), sort_keys=True, default=str))
        for each in statements
        if each.get("Effect") == "Deny"
        for action in listed(each.get("Action"))
    )


def trust(statements: Iterable[Statement]) -> frozenset[Right]:
    """Whom the Allows of a trust policy name."""
    return frozenset(
        Right(who, bound=bool(each.get("Condition")))
        for each in statements
        if each.get("Effect") == "Allow"
        for who in (*services((each,)), *_others(each.get("Principal")))
    )


def _others(who: Any) -> Iterable[str]:
    federated = listed(who.get("Federated")) if isinstance(who, Mapping) else ()
    return *principals(who), *federated


def _given(kind: str, properties: Mapping[str, Any]) -> Given:
    own = properties.get("Policies", [])
    statements = tuple(_statements([own, properties.get("PolicyDocument", {})]))
    return Given(
        kind,
        rights(statements),
        denied(statements),
        frozenset(_names(own)) if kind == ROLE else frozenset(("",)),
        json.dumps(properties.get("ManagedPolicyArns", []), default=str),
        trust(_statements(properties.get("AssumeRolePolicyDocument", {}))),
    )


def _statements(node: Any) -> Iterator[Statement]:
    """Wherever they stand: a condition of the template may be around them."""
    yield from (each for each in _nodes(node) if "Effect" in each)


def _names(node: Any) -> Iterator[str]:
    yield from (str(each["PolicyName"]) for each in _nodes(node) if "PolicyName" in each)


def _nodes(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield node
    if isinstance(node, Mapping | list | tuple):
        for each in node.values() if isinstance(node, Mapping) else node:
            yield from _nodes(each)


def _every(statement: Statement) -> bool:
    return "NotResource" in statement or any(map(everything, _resources(statement.get("Resource"))))


def _resources(value: Any) -> Iterator[str]:
    """As strings, the template's own names in them filled in by some."""
    if isinstance(value, str):
        yield _NAMED.sub("name", value)
    elif isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _resources(each)
