"""What a role or managed policy of ours has and the template does not give. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from responder.checks.security.object_keys import shown
from responder.checks.security.template_rights import TemplateRight, TemplateRights, rights, trust
from responder.evidence.policies import Statement


@dataclass(frozen=True, slots=True)
class DeployedRights:
    """What there is: statements by the name of the policy, ARNs of attached ones, the trust policy."""

    policies: Mapping[str, Iterable[Statement]]
    attached: Iterable[str] = ()
    trust: Iterable[Statement] = ()


@dataclass(frozen=True, slots=True)
class RightsBeyondTemplate:
    """More than the template says.

    Attributes:
        inline: names of policies.
        attached: ARNs of policies.
        actions: what the policies of the template, and no others, allow by now, each with its resource.
        trusted: who may take the role.
        undenied: what the template denies and nothing denies any more.
    """

    inline: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()
    undenied: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """There is something."""
        return any((self.inline, self.attached, self.actions, self.trusted, self.undenied))


def beyond(said: TemplateRights, has: DeployedRights) -> RightsBeyondTemplate:
    """Nothing where all is as the template says."""
    known = [one for name, each in has.policies.items() if name in said.inline for one in each]
    # Where nothing is allowed any more, nothing needs to be denied.
    left = rights(known, "Deny")
    undenied = [each for each in said.denied if not any(one.denies(each) for one in left)] if known else []
    managed = {_owned(each) for each in said.managed}
    return RightsBeyondTemplate(
        tuple(sorted(set(has.policies) - said.inline)),
        tuple(sorted(arn for arn in has.attached if _owned(arn) not in managed)),
        _more(rights(known), said.rights),
        tuple(sorted({each.name for each in trust(has.trust) if not _given(each, said.trust)})),
        tuple(sorted({each.name for each in undenied})),
    )


def _owned(arn: str) -> str:
    """An ARN from its owner on: another account's policy of the same name is another policy."""
    return arn.partition(":iam::")[2] or arn


def _more(found: Iterable[TemplateRight], said: tuple[TemplateRight, ...]) -> tuple[str, ...]:
    """Resource by resource: the template may give one action in several statements."""
    single = (
        TemplateRight(each.name, (one,), each.condition) for each in found for one in (each.on or (("",),))
    )
    more = (each for each in single if not _given(each, said))
    return tuple(sorted({f"{each.name} → {shown(each.on[0][0])}" for each in more}))


def _given(more: TemplateRight, said: Iterable[TemplateRight]) -> bool:
    return any(each.gives(more) for each in said)
