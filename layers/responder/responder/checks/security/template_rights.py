"""What the template gives each of our roles and managed policies, and what they have beyond it. Pure.

What CloudFormation fills in is filled in here: parameters, the account and Region, the names that it gave to
resources. What cannot be filled in matches nothing, so that it is reported and not passed over.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from itertools import product
from typing import Any, NamedTuple

from responder.checks.security.external_principals import principals, services
from responder.checks.security.object_keys import shown
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.evidence import policies
from responder.evidence.policies import Statement, encloses, listed

ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"
NOT_ACTION = "NotAction"
_FILLED = re.compile(r"\$\{([^}!]+)\}")
_UNKNOWN = ""


@frozen
class TemplateRight:
    """An action that is allowed or denied, or a principal that may assume a role.

    Attributes:
        name: the action, or who.
        on: for each resource the patterns of which one matches it; none for a role's trust.
        condition: under which alone; empty without one.
    """

    name: str
    on: tuple[Strings, ...] = ()
    condition: Data = field(default_factory=dict)

    def gives(self, more: "TemplateRight") -> bool:
        """Whether it gives everything that `more` gives."""
        return self._is_about(more) and all(
            any(encloses(known, one, exact=True) for known in self._patterns)
            for each in more.on
            for one in each
        )

    def denies(self, said: "TemplateRight") -> bool:
        """Whether, as a Deny, it denies everything that `said` denies; a resource may be written in several
        forms."""
        return self._is_about(said) and all(
            any(
                encloses(known, one, exact=True) or (len(each) > 1 and encloses(one, known, exact=True))
                for known in self._patterns
                for one in each
            )
            for each in said.on
        )

    @property
    def _patterns(self) -> list[str]:
        return [one for each in self.on for one in each]

    def _is_about(self, other: "TemplateRight") -> bool:
        same = not self.condition or _same(self.condition, other.condition)
        return same and encloses(self.name, other.name)


@frozen
class TemplateRights:
    """The template's definition of one role or managed policy (`kind`).

    Attributes:
        rights: what it allows.
        denied: what it denies, whatever else is allowed.
        inline: names of a role's own policies; a managed policy is one without a name.
        managed: ARNs of the ones attached to it.
        trust: who may take a role.
    """

    kind: str
    rights: tuple[TemplateRight, ...]
    denied: tuple[TemplateRight, ...]
    inline: frozenset[str]
    managed: frozenset[str]
    trust: tuple[TemplateRight, ...]


@frozen
class TemplateNames:
    """The values of the template's own names. `parameters`: values by name; `physical`: names or ARNs that
    CloudFormation gave, by logical id."""

    settings: Settings
    parameters: Mapping[str, str] = field(default_factory=dict)
    physical: Mapping[str, str] = field(default_factory=dict)

    def fill(self, node: Any) -> Strings:
        """The patterns of which one matches a string, an intrinsic function or a list of them."""
        if isinstance(node, str):
            return (node,)
        if isinstance(node, list | tuple):
            return tuple(one for each in node for one in self.fill(each))
        match list(node.items()) if isinstance(node, Mapping) else ():
            case [("Ref", of)]:
                return () if of == "AWS::NoValue" else (self._named(str(of)),)
            case [("Fn::GetAtt", of)]:
                return self._attribute(of if isinstance(of, str) else ".".join(of))
            case [("Fn::If", of)]:  # either may be in force
                return (*self.fill(of[1]), *self.fill(of[2]))
            case [("Fn::Sub", of)]:
                return self._substituted(of)
            case [("Fn::Join", of)]:
                parts = [self.fill(each) for each in of[1]]
                return tuple(str(of[0]).join(each) for each in product(*parts))
        return (_UNKNOWN,)

    def elements(self, value: Any) -> tuple[Strings, ...]:
        """Each element of what may be written as one or as a list of them."""
        nodes = value if isinstance(value, list | tuple) else (value,)
        return tuple(found for each in nodes if (found := self.fill(each)))

    def _named(self, name: str) -> str:
        region, account = self.settings.region, self.settings.account
        known = {
            "AWS::AccountId": account,
            "AWS::Partition": policies.partition(region),
            "AWS::Region": region,
            "AWS::StackName": self.settings.stack,
            "AWS::URLSuffix": f"amazonaws.com{'.cn' if region.startswith('cn-') else ''}",
            **self.physical,
            **self.parameters,
        }
        return known.get(name, _UNKNOWN)

    def _attribute(self, name: str) -> Strings:
        """An ARN, of which CloudFormation returns the last part only."""
        logical, _, attribute = name.partition(".")
        physical = self.physical.get(logical, "")
        if not physical or attribute != "Arn":
            return (_UNKNOWN,)
        if physical.startswith("arn:"):
            return (physical,)
        # A queue's is its URL.
        last, account = physical.rpartition("/")[2], self.settings.account
        forms = (f"{account}:{last}", f"{account}:*:{last}", f"{account}:*/{last}", f"::{last}")
        return tuple(f"arn:{policies.partition(self.settings.region)}:*:{each}" for each in forms)

    def _substituted(self, of: Any) -> Strings:
        words, given = (of[0], of[1]) if isinstance(of, list | tuple) else (str(of), {})
        # Text and names in turns.
        parts = _FILLED.split(words)
        choices: list[Strings] = []
        for place, part in enumerate(parts):
            if place % 2 == 0:
                choices.append((part,))
            elif part in given:
                choices.append(self.fill(given[part]))
            else:
                choices.append(self._attribute(part) if "." in part else (self._named(part),))
        return tuple("".join(each) if all(each[1::2]) else _UNKNOWN for each in product(*choices))


def template(body: Any) -> Data:
    """The resources of a processed template by logical id; none where it cannot be read."""
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return {}
    found = body.get("Resources", {}) if isinstance(body, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def given(resources: Data, names: TemplateNames) -> dict[str, TemplateRights]:
    """The rights that the template gives, by logical id."""
    return {
        str(name): _given(each.get("Type", ""), each.get("Properties", {}), names)
        for name, each in resources.items()
        if each.get("Type") in (ROLE, POLICY)
    }


def rights(
    statements: Iterable[Statement], effect: str = "Allow", names: TemplateNames | None = None
) -> tuple[TemplateRight, ...]:
    """The rights of the Allows (or Denys). NotAction is an action that no list names, NotResource is
    everything."""
    known = names or TemplateNames(Settings())
    return tuple(
        TemplateRight(action, on, _filled(each.get("Condition"), known))
        for each in statements
        if each.get("Effect") == effect
        for on in ((("*",),) if "NotResource" in each else known.elements(each.get("Resource", [])),)
        for action in listed(each.get("Action")) or (NOT_ACTION,)
    )


def trust(statements: Iterable[Statement], names: TemplateNames | None = None) -> tuple[TemplateRight, ...]:
    """Whom the Allows of a trust policy name."""
    known = names or TemplateNames(Settings())

    def others(who: Any) -> Iterable[str]:
        if not isinstance(who, Mapping):
            return principals(who)
        return (one for kind in ("AWS", "Federated") if kind in who for one in known.fill(who[kind]))

    return tuple(
        TemplateRight(who, (), _filled(each.get("Condition"), known))
        for each in statements
        if each.get("Effect") == "Allow"
        for who in (*services((each,)), *others(each.get("Principal")))
    )


def _given(kind: str, properties: Data, names: TemplateNames) -> TemplateRights:
    own = properties.get("Policies", [])
    documents = (own, properties.get("PolicyDocument", {}), properties.get("AssumeRolePolicyDocument", {}))
    first, second, trusted = ([each for each in _nodes(of) if "Effect" in each] for of in documents)
    inline = (str(each["PolicyName"]) for each in _nodes(own) if "PolicyName" in each)
    return TemplateRights(
        kind,
        rights((*first, *second), "Allow", names),
        rights((*first, *second), "Deny", names),
        frozenset(inline) if kind == ROLE else frozenset(("",)),
        frozenset(names.fill(properties.get("ManagedPolicyArns", []))),
        trust(trusted, names),
    )


def _nodes(node: Any) -> Iterator[Data]:
    """Every mapping in it: a condition of the template may be around a statement or a policy."""
    if isinstance(node, Mapping):
        yield node
    if isinstance(node, Mapping | list | tuple):
        for each in node.values() if isinstance(node, Mapping) else node:
            yield from _nodes(each)


def _filled(condition: Any, names: TemplateNames) -> dict[str, Strings]:
    """`operator key` to its values, all as strings."""
    if not isinstance(condition, Mapping):
        return {}

    def values(wanted: Any) -> Iterator[str]:
        for each in wanted if isinstance(wanted, list | tuple) else (wanted,):
            written = str(each).lower() if isinstance(each, bool) else str(each)
            yield from names.fill(each if isinstance(each, Mapping) else written)

    return {
        f"{operator} {key}".lower(): tuple(values(wanted))
        for operator, each in condition.items()
        if isinstance(each, Mapping)
        for key, wanted in each.items()
    }


def _same(said: Data, found: Data) -> bool:
    """Whether the tests are the same, and none lets more through."""
    return said.keys() == found.keys() and all(
        all(any(encloses(known, one, exact=True) for known in values) for one in found[test])
        for test, values in said.items()
    )


# --- what a role or policy has beyond it


class DeployedRights(NamedTuple):
    """What is deployed: statements by the name of the policy, ARNs of attached ones, the trust policy."""

    policies: Mapping[str, Iterable[Statement]]
    attached: Iterable[str] = ()
    trust: Iterable[Statement] = ()


class RightsBeyondTemplate(NamedTuple):
    """More than the template says: names of inline policies, ARNs of attached ones, what the policies of the
    template allow by now (each action with its resource), who else may assume the role, and what the template
    denies and nothing denies now."""

    inline: Strings
    attached: Strings
    actions: Strings
    trusted: Strings
    undenied: Strings


def beyond(said: TemplateRights, has: DeployedRights) -> RightsBeyondTemplate:
    """What a deployed role or policy has beyond the template; empty if nothing."""
    known = [one for name, each in has.policies.items() if name in said.inline for one in each]
    # Where nothing is allowed, nothing needs to be denied.
    left = rights(known, "Deny")
    undenied = [each for each in said.denied if not any(one.denies(each) for one in left)] if known else []
    managed = {_owned(each) for each in said.managed}
    # Resource by resource: the template may give one action in several statements.
    single = (
        TemplateRight(each.name, (on,), each.condition)
        for each in rights(known)
        for on in each.on or (("",),)
    )
    actions = {f"{each.name} → {shown(each.on[0][0])}" for each in single if not _gives(said.rights, each)}
    return RightsBeyondTemplate(
        tuple(sorted(set(has.policies) - said.inline)),
        tuple(sorted(arn for arn in has.attached if _owned(arn) not in managed)),
        tuple(sorted(actions)),
        tuple(sorted({each.name for each in trust(has.trust) if not _gives(said.trust, each)})),
        tuple(sorted({each.name for each in undenied})),
    )


def _owned(arn: str) -> str:
    """An ARN from the account id on: another account's policy of the same name is another policy."""
    return arn.partition(":iam::")[2] or arn


def _gives(said: Iterable[TemplateRight], more: TemplateRight) -> bool:
    return any(each.gives(more) for each in said)
