"""Trust policies, and whether they bind the name of a session to the person who assumes the role."""

from typing import Any

from responder.core.plain_data import Json
from responder.evidence.role_sessions import Unbound

ACCOUNT, OTHER = "123456789012", "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/OnCall"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
HANA = f"arn:aws:iam::{ACCOUNT}:user/people/hana"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/Corp"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.corp.example/tenant"
CENTER = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com"
SSO = f"{CENTER}/ap-northeast-1/AWSReservedSSO_OnCall_0123456789abcdef"

type Statement = Json


def allow(condition: Any = None, principal: Any = None, action: Any = "sts:AssumeRole") -> Statement:
    made = {"Effect": "Allow", "Principal": principal or {"AWS": ROOT}, "Action": action}
    return {**made, "Condition": condition} if condition is not None else made


def named(value: Any, operator: str = "StringEquals", key: str = "sts:RoleSessionName") -> Statement:
    return {operator: {key: value}}


OWN = named("${aws:username}")
SOURCE = named("${aws:username}", key="sts:SourceIdentity")
TAG = named("${aws:PrincipalTag/mail}")
WITH_SOURCE = ["sts:AssumeRole", "sts:SetSourceIdentity"]
WEB, FEDERATED = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"
DENY_OTHERS = {"Effect": "Deny", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole",
               "Condition": named("${aws:username}", "StringNotEquals")}  # fmt: skip
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}

BOUND: dict[str, list[Statement]] = {
    "the user's own name": [allow(OWN)],
    "of one user": [allow(OWN, {"AWS": HANA})],
    "of one other account": [allow(OWN, {"AWS": OTHER})],
    "of several users of one account": [allow(OWN, {"AWS": [HANA, ROOT, ACCOUNT]})],
    "with an operator for patterns, without one": [allow(named("${aws:username}", "StringLike"))],
    "with text around it": [allow(named("oncall-${aws:username}"))],
    "in a list of one": [allow(named(["${aws:username}"]))],
    "in other capitals": [allow(named("${AWS:UserName}", key="STS:rolesessionname"))],
    "the user's id": [allow(named("${aws:userid}"))],
    "and more is asked": [allow({**OWN, **MFA})],
    "twice the same": [allow(OWN), allow({**OWN, **MFA}, {"AWS": HANA})],
    "and a Deny beside it": [allow(OWN), DENY_OTHERS],
    "and tags may be passed": [allow(OWN), allow(action="sts:TagSession")],
    "with all actions": [allow(OWN, action="sts:*")],
    "a tag of a user": [allow(TAG, {"AWS": HANA})],
    "a tag of Identity Center": [allow(TAG, {"AWS": SSO})],
    "the subject of a SAML provider": [allow(named("${saml:sub}"), {"Federated": SAML}, FEDERATED)],
    "the subject of an OIDC provider": [
        allow(named("${id.corp.example/tenant:sub}"), {"Federated": OIDC}, WEB)
    ],
    "the source identity, which is the user's own name": [
        allow({"StringEquals": {"sts:SourceIdentity": "${aws:username}",
                                "sts:RoleSessionName": "${sts:SourceIdentity}"}},
              action=WITH_SOURCE)
    ],
}  # fmt: skip

FREE: dict[str, tuple[Unbound, list[Statement]]] = {
    "no condition": (Unbound.NAME, [allow()]),
    "one of two statements without it": (Unbound.NAME, [allow(OWN), allow(MFA)]),
    "one of two statements with a wider action": (Unbound.NAME, [allow(OWN), allow(action="sts:Assume*")]),
    "all actions but one": (
        Unbound.NAME,
        [allow(OWN), {"Effect": "Allow", "Principal": {"AWS": ROOT}, "NotAction": "sts:TagSession"}],
    ),
    "any name": (Unbound.NAME, [allow(named("*", "StringLike"))]),
    "a name that begins with one's own": (Unbound.NAME, [allow(named("${aws:username}-*", "StringLike"))]),
    "a name with a letter more": (Unbound.NAME, [allow(named("${aws:username}?", "StringLike"))]),
    "a list of names": (Unbound.NAME, [allow(named(["hana", "ken"]))]),
    "one fixed name": (Unbound.NAME, [allow(named("oncall"))]),
    "one's own name or another form of it": (
        Unbound.NAME,
        [allow(named(["${aws:username}", "oncall-${aws:username}"]))],
    ),
    "one's own name or a shared one": (Unbound.NAME, [allow(named(["${aws:username}", "oncall"]))]),
    "a default for those without a name": (Unbound.NAME, [allow(named("${aws:username, 'oncall'}"))]),
    "two variables": (Unbound.NAME, [allow(named("${aws:username}${aws:userid}"))]),
    "a variable that callers set": (Unbound.NAME, [allow(named("${aws:RequestTag/name}"))]),
    "the caller's source identity": (Unbound.NAME, [allow(named("${aws:SourceIdentity}"))]),
    "the name itself": (Unbound.NAME, [allow(named("${sts:RoleSessionName}"))]),
    "any capitals": (Unbound.NAME, [allow(named("${aws:username}", "StringEqualsIgnoreCase"))]),
    "if there is a name": (Unbound.NAME, [allow(named("${aws:username}", "StringEqualsIfExists"))]),
    "any value of several": (Unbound.NAME, [allow(named("${aws:username}", "ForAnyValue:StringEquals"))]),
    "all values, of which there may be none": (
        Unbound.NAME,
        [allow(named("${aws:username}", "ForAllValues:StringEquals"))],
    ),
    "another name than one's own": (Unbound.NAME, [allow(named("${aws:username}", "StringNotEquals"))]),
    "some name": (Unbound.NAME, [allow(named("false", "Null"))]),
    "no name of one's own": (Unbound.NAME, [allow({**MFA, "Null": {"aws:username": "false"}})]),
    "only a Deny of other names": (Unbound.NAME, [allow(), DENY_OTHERS]),
    "nobody may assume it": (Unbound.NAME, [DENY_OTHERS]),
    "an external id": (Unbound.NAME, [allow(named("${aws:username}", key="sts:ExternalId"))]),
    "a condition that is no mapping": (Unbound.NAME, [allow(["StringEquals"])]),
    "a tag that any role's session may bring": (Unbound.NAME, [allow(TAG)]),
    "a tag of a role of our own": (Unbound.NAME, [allow(TAG, {"AWS": [HANA, ROLE]})]),
    "only a source identity": (Unbound.SOURCE_ONLY, [allow(SOURCE, action=WITH_SOURCE)]),
    "a source identity beside a pattern": (
        Unbound.SOURCE_ONLY,
        [allow({**SOURCE, "StringLike": {"sts:RoleSessionName": "${aws:username}*"}})],
    ),
    "a source identity that nobody forces": (Unbound.NAME, [allow(named("${sts:SourceIdentity}"))]),
    "everybody": (Unbound.PRINCIPAL, [allow(OWN, "*")]),
    "everybody, with a condition": (Unbound.PRINCIPAL, [allow({**OWN, **MFA}, {"AWS": "*"})]),
    "users of a pattern": (Unbound.PRINCIPAL, [allow(OWN, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"})]),
    "two accounts with a hana each": (Unbound.PRINCIPAL, [allow(OWN, {"AWS": [ACCOUNT, OTHER]})]),
    "two accounts in two statements": (Unbound.SEVERAL, [allow(OWN), allow(OWN, {"AWS": OTHER})]),
    "two ways to make a name": (Unbound.SEVERAL, [allow(OWN), allow(named("oncall-${aws:username}"))]),
    "users and a provider": (
        Unbound.SEVERAL,
        [allow(OWN), allow(named("${saml:sub}"), {"Federated": SAML}, FEDERATED)],
    ),
    "a service": (Unbound.PRINCIPAL, [allow(principal={"Service": "ec2.amazonaws.com"})]),
    "a service beside people": (
        Unbound.PRINCIPAL,
        [allow(OWN, {"AWS": ROOT, "Service": "lambda.amazonaws.com"})],
    ),
    "everybody but one": (
        Unbound.PRINCIPAL,
        [{"Effect": "Allow", "NotPrincipal": {"AWS": HANA}, "Action": "sts:AssumeRole", "Condition": OWN}],
    ),
    "a deleted user": (Unbound.PRINCIPAL, [allow(OWN, {"AWS": "AIDAEXAMPLE"})]),
    "a deleted user beside another one": (Unbound.PRINCIPAL, [allow(OWN, {"AWS": [HANA, "AIDAEXAMPLE"]})]),
    "a principal that is no text": (Unbound.PRINCIPAL, [allow(OWN, {"AWS": [ROOT, 1]})]),
    "no principal": (Unbound.PRINCIPAL, [{"Effect": "Allow", "Action": "sts:AssumeRole", "Condition": OWN}]),
    "SAML alone": (Unbound.NAME, [allow(principal={"Federated": SAML}, action=FEDERATED)]),
    "a user name, which SAML does not have": (Unbound.NAME, [allow(OWN, {"Federated": SAML}, FEDERATED)]),
    "a provider's letters as a pattern": (
        Unbound.NAME,
        [allow(named("${saml:sub}", "StringLike"), {"Federated": SAML}, FEDERATED)],
    ),
    "two SAML providers": (
        Unbound.PRINCIPAL,
        [allow(named("${saml:sub}"), {"Federated": [SAML, f"{SAML}2"]}, FEDERATED)],
    ),
    "OIDC alone": (Unbound.NAME, [allow(principal={"Federated": OIDC}, action=WEB)]),
    "the subject of another provider": (
        Unbound.NAME,
        [allow(named("${accounts.google.com:sub}"), {"Federated": OIDC}, WEB)],
    ),
    "a mail of OIDC, which its users may change": (
        Unbound.NAME,
        [allow(named("${id.corp.example/tenant:email}"), {"Federated": OIDC}, WEB)],
    ),
    "an effect in small letters": (Unbound.UNREADABLE, [allow(OWN), {**allow(), "Effect": "allow"}]),
}  # fmt: skip


def trust(statements: Any, version: str | None = "2012-10-17") -> Json:
    return {"Statement": statements} | ({"Version": version} if version else {})
