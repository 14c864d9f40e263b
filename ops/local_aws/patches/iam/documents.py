"""What IAM refuses of a policy, and every service of a principal that does not exist.

IAM JSON policy elements reference (IAM User Guide), "Grammar of the IAM JSON policy language". moto has the
rules with the words of IAM's answers, which its authors took from AWS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import iam

from local_aws.patches import patching
from local_aws.patches.calls.sizes import Check, Problem, check

from . import late_policies

_OWN = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)")


def install() -> None:
    """The checks are registered when this is imported; these are the stores they read."""
    patching.need(iam, "_roles", "_users")


@check("iam", "CreatePolicy", "CreatePolicyVersion", "PutRolePolicy", "PutUserPolicy", "PutGroupPolicy")
def _identity(params: dict[str, Any]) -> Problem:
    given = [params, *(params.get("Policies") or [])]
    texts = [_text(each["PolicyDocument"]) for each in given if "PolicyDocument" in each]
    if any("Principal" in each or "NotPrincipal" in each for text in texts for each in _statements(text)):
        return _malformed("Policy document should not specify a principal.")
    return _malformed(
        next((said for text in texts if (said := _grammar(text, "IAMPolicyDocumentValidator"))), "")
    )


@check("iam", "CreateRole", "UpdateAssumeRolePolicy")
def _trust(params: dict[str, Any]) -> Problem:
    text = _text(params.get("AssumeRolePolicyDocument") or params.get("PolicyDocument"))
    said = _grammar(text, "BaseIAMPolicyValidator")  # moto's own one knows too few actions
    if not said and (unknown := unknown_principal(text)):
        said = f'Invalid principal in policy: "AWS":"{unknown}"'
    return _malformed(said)


def _of_resource(code: str, said: str) -> Check:
    def refused(params: dict[str, Any]) -> Problem:
        policy = params.get("PolicyDocument") or (params.get("Attributes") or {}).get("Policy")
        if params.get("AttributeName") == "Policy":
            policy = params.get("AttributeValue")
        return (code, said) if unknown_principal(_text(policy)) else None

    return refused


# API reference, SetQueueAttributes: an InvalidAttributeValue, as quoted in reports of it.
check("sqs", "CreateQueue", "SetQueueAttributes")(
    _of_resource("InvalidAttributeValue", "Invalid value for the parameter Policy.")
)
check("sns", "CreateTopic", "SetTopicAttributes")(
    _of_resource("InvalidParameter", "Invalid parameter: Policy Error: PrincipalNotFound")
)


@check("s3", "PutBucketPolicy")
def _of_bucket(params: dict[str, Any]) -> Problem:
    if unknown_principal(_text(params.get("PolicyDocument") or params)):  # of a call it is the body
        return "MalformedPolicy", "Invalid principal in policy"
    return None


@check("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def _of_function(params: dict[str, Any]) -> Problem:
    """Lambda Developer Guide, "Troubleshoot execution issues", has this message."""
    if "Role" not in params or may_assume(str(params["Role"]), "lambda.amazonaws.com"):
        return None
    return "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."


def may_assume(role_arn: str, service: str) -> bool:
    """Whether the role exists and its trust policy names the service. Conditions are not looked at."""
    role = iam._roles.get(role_arn.rpartition("/")[2]) or {}
    trust = late_policies.trust(role_arn, role.get("AssumeRolePolicyDocument") or "{}")
    return any(
        service in _listed((each.get("Principal") or {}).get("Service"))
        for each in _statements(_text(trust))
        if each.get("Effect") == "Allow" and isinstance(each.get("Principal"), dict)
    )


def unknown_principal(text: str) -> str:
    """The first role or user of this account that a policy names and that does not exist."""
    for statement in _statements(text):
        principal = statement.get("Principal") or statement.get("NotPrincipal")
        for arn in _listed(principal.get("AWS") if isinstance(principal, dict) else None):
            found = _OWN.fullmatch(str(arn))
            if found and found[1] == get_account_id():
                store = iam._roles if found[2] == "role" else iam._users
                if store.get(found[3], {}).get("Arn") != arn:
                    return str(arn)
    return ""


def _malformed(said: str) -> Problem:
    return ("MalformedPolicyDocument", said) if said else None


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document or {}, separators=(",", ":"))


@lru_cache(512)
def _grammar(text: str, validator: str) -> str:
    """Moto takes no policy without the newest version; AWS takes those that SAM writes, which name none."""
    from moto.iam import policy_validation  # a third of a second: only where a policy is written

    found = next(_documents(text), {})
    if found.get("Version", "2008-10-17") == "2008-10-17":
        text = json.dumps({**found, "Version": "2012-10-17"})
    try:
        getattr(policy_validation, validator)(text).validate()
    except policy_validation.MalformedPolicyDocument as error:
        return str(error.message)
    return ""


def _documents(text: str) -> Iterator[dict[str, Any]]:
    """The document, unless it is no JSON object."""
    with suppress(ValueError):
        found = json.loads(text)
        if isinstance(found, dict):
            yield found


def _statements(text: str) -> list[dict[str, Any]]:
    found = (_listed(document.get("Statement")) for document in _documents(text))
    return [each for each in next(found, []) if isinstance(each, dict)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
