"""Whether the session of a role identifies one person. Only where the caller cannot choose its name.

A session is known by `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. That is all a function URL passes of
its caller, and in AssumeRole the caller writes SESSION. It names a person where AWS writes it (IAM Identity
Center: the user's name), or where every way into the role demands the caller's own name.

Sources: IAM User Guide, "IAM and AWS STS condition context keys" (`sts:RoleSessionName`,
`sts:SourceIdentity`), "Variables and tags" and "Monitor and control actions taken with assumed roles"; IAM
Identity Center User Guide, "Referencing permission sets in resource policies" (the ARN of its roles).
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from responder.core.context import Gateway
from responder.core.frozen import frozen
from responder.core.text import Strings, Text, text
from responder.evidence.policies import Statement, covers, listed, statements, whole

_ASSUME = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
_USER = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:user/\S+")
_SESSION = re.compile(r"arn:(aws[a-z-]*):sts::([0-9]{12}):assumed-role/([^/\s]+)/[^/\s]+")
# Only AWS makes roles under this path.
_CENTER = (
    r"arn:aws[a-z-]*:iam::[0-9]{12}:role/aws-reserved/sso\.amazonaws\.com/(?:[a-z0-9-]+/)?"
    r"AWSReservedSSO_[^/*?]+"
)
_IDENTITY_CENTER = re.compile(_CENTER)
_PRINCIPAL = re.compile(
    r"([0-9]{12})|arn:aws[a-z-]*:(?:iam|sts)::([0-9]{12}):(?:root|(?:user|role|assumed-role)/[^*?]+)"
)
# Administrators set the tags of these. Sessions of other roles have tags that their callers chose.
_TAGGED = re.compile(rf"arn:aws[a-z-]*:iam::[0-9]{{12}}:user/[^*?]+|{_CENTER}")
_PROVIDER = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:(saml|oidc)-provider/([^*?]+)")
# One variable without a default value; around it fixed text, without what StringLike takes for a wildcard.
_TEMPLATE = re.compile(r"([^$*?{}]*)\$\{([A-Za-z0-9.:/_@+=-]+)\}([^$*?{}]*)")
_OF_USERS = frozenset(("aws:username", "aws:userid"))
_NAME, _SOURCE = "sts:rolesessionname", "sts:sourceidentity"


class Unbound(StrEnum):
    """Why an AWS identity does not identify one person."""

    NO_PERSON = "no_person"  # neither an IAM user nor a session of a role: root, a federated user, a service
    ANOTHER_ACCOUNT = "another_account"  # its role is not one of this account, so nothing can be read of it
    UNREADABLE = "unreadable"  # the trust policy is not what IAM writes
    PRINCIPAL = "principal"  # those who may assume it are not the users of one account or of one provider
    NAME = "name"  # a statement does not demand the caller's own name as the session's name
    SOURCE_ONLY = "source_only"  # the source identity is forced, but the session's name can still be chosen
    SEVERAL = "several"  # statements demand names in different ways: two people may get the same


def unbound(aws: Gateway, identity: str) -> Unbound | None:
    """Why this ARN of an AWS caller does not identify one person; None where it does. Takes `iam:GetRole`.

    Raises:
        AwsError: the role cannot be read. What cannot be read must not count as a person.
    """
    if _USER.fullmatch(identity):
        return None
    session = _SESSION.fullmatch(identity)
    if session is None:
        return Unbound.NO_PERSON
    partition, account, name = session.groups()
    role = aws.call("iam", "get_role", RoleName=name)["Role"]
    arn = str(role.get("Arn"))
    # IAM finds a role of that name in our own account, whichever account the session is of.
    if not (arn.startswith(f"arn:{partition}:iam::{account}:role/") and arn.endswith(f"/{name}")):
        return Unbound.ANOTHER_ACCOUNT
    return judged(arn, role.get("AssumeRolePolicyDocument"))


def because(why: Unbound, identity: str) -> Text:
    """The reason as a clause, with the role of the session."""
    role = re.search(r":assumed-role/([^/]+)", identity)
    return text(f"session.{why}", role=role[1] if role else "")


def judged(role: str, trust: Any) -> Unbound | None:
    """Why the caller of AssumeRole could choose the name of the session; None where the name is bound to the
    person. `role`: its ARN with its path; `trust`: its trust policy."""
    if _IDENTITY_CENTER.fullmatch(role):
        return None
    document = whole(trust)
    found, written = statements(document), document.get("Statement")
    if not found or (isinstance(written, list | tuple) and len(written) != len(found)):
        return Unbound.UNREADABLE
    if any(each.get("Effect") not in ("Allow", "Deny") for each in found):
        return Unbound.UNREADABLE
    if document.get("Version") != "2012-10-17":
        return Unbound.NAME  # a variable is plain text there
    # A Deny only takes away. One that forbids other names does not bind: where its variable has no value
    # (a role's session has no user name), it denies nothing.
    ways = {
        _way(each) for each in found if each["Effect"] == "Allow" and any(map(partial(covers, each), _ASSUME))
    }
    if problem := next((each for each in Unbound if each in ways), None):
        return problem
    if not ways:
        return Unbound.NAME
    return None if len(ways) == 1 else Unbound.SEVERAL


@frozen
class _Issuer:
    """The source of callers' names, each name for one caller: an account or an identity provider."""

    name: str
    variables: frozenset[str]
    tags: bool = False
    operators: Strings = ("StringEquals",)

    def gives(self, variable: str) -> bool:
        """Each caller has one value of this key, and no two callers the same (for tags, administrators ensure
        that)."""
        return variable in self.variables or (self.tags and variable.startswith("aws:principaltag/"))


def _way(statement: Statement) -> tuple[str, str] | Unbound:
    """Who names callers, and how the session's name is made of that name."""
    issuer = _issuer(statement.get("Principal"))
    if issuer is None:
        return Unbound.PRINCIPAL
    sources = {each for each in _demanded(statement, _SOURCE, issuer.operators) if issuer.gives(each[1])}
    for before, variable, after in _demanded(statement, _NAME, issuer.operators):
        if issuer.gives(variable):
            return issuer.name, f"{before}${{{variable}}}{after}"
        if variable == _SOURCE and sources:
            first, inner, last = min(sources)
            return issuer.name, f"{before}{first}${{{inner}}}{last}{after}"
    return Unbound.SOURCE_ONLY if sources else Unbound.NAME


def _issuer(principal: Any) -> _Issuer | None:
    """None where several may give the same name to different callers, or no issuer of names is known."""
    if not isinstance(principal, Mapping) or len(principal) != 1:
        return None
    ((kind, written),) = principal.items()
    names = listed(written)
    if isinstance(written, list) and len(names) != len(written):
        return None
    if kind == "AWS":
        found = [_PRINCIPAL.fullmatch(name) for name in names]
        accounts = {each[1] or each[2] for each in found if each}
        if not all(found) or len(accounts) != 1:
            return None
        tags = all(_TAGGED.fullmatch(name) for name in names)
        # The letters of names, ids and tags hold no wildcard; a provider's may.
        return _Issuer(accounts.pop(), _OF_USERS, tags, ("StringEquals", "StringLike"))
    if kind != "Federated" or len(names) != 1:
        return None
    provider = _PROVIDER.fullmatch(names[0])
    if provider and provider[1] == "saml":
        return _Issuer(names[0], frozenset(("saml:sub",)))
    host = (provider[2] if provider else names[0]).lower()
    return _Issuer(names[0], frozenset((f"{host}:sub",)))


def _demanded(statement: Statement, key: str, operators: Strings) -> Iterator[tuple[str, str, str]]:
    """What a key has to be: text, variable, text. Only operators that an absent key fails, and only a single
    value: with two values, one person could use another one's name."""
    conditions = statement.get("Condition")
    for operator, keys in conditions.items() if isinstance(conditions, Mapping) else ():
        for name, value in keys.items() if operator in operators and isinstance(keys, Mapping) else ():
            values = value if isinstance(value, list) else [value]
            if str(name).lower() != key or len(values) != 1 or not isinstance(values[0], str):
                continue
            if template := _TEMPLATE.fullmatch(values[0]):
                yield template[1], template[2].lower(), template[3]
