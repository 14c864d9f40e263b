"""Sessions of roles: their names, the source identity, and the condition keys of AssumeRole.

Sources: IAM User Guide, "Monitor and control actions
taken with assumed roles" (a source identity takes sts:SetSourceIdentity in the caller's policy and in the
role's trust policy, it stays when roles are chained and cannot be changed) and "IAM and AWS STS condition
context keys".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import sts

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import CURRENT, Answer, Request

from . import late_policies, policy_variables
from .resources import KEPT, own_source, source_identity


def install() -> None:
    """Complete what AssumeRole checks, keeps and answers."""
    patching.need(sts, "_sessions", "_principal_keys")
    patching.swap(iam_evaluator, "evaluate_trust_policy", "trust_doc caller_arn ctx", _trusts)
    patching.wrap(
        sts,
        "register_session",
        "access_key session",
        lambda before, key, session: before(key, _with_source(session)),
    )
    patching.wrap(iam_evaluator, "_principal_keys", "credential", _keys)
    sts._principal_keys = iam_evaluator._principal_keys
    answer = app.SERVICE_HANDLERS["sts"]
    app.SERVICE_HANDLERS["sts"] = lambda *given: _answered(answer, *given)


_TRUSTS = iam_evaluator.evaluate_trust_policy


@rule("sts", "AssumeRole")
def _unchanged(request: Request) -> Refusal:
    own = own_source(request)
    if own and request.params.get(KEPT, own) != own:
        message = "The source identity of a session cannot be changed"
        return "AccessDenied", message, 403
    return None


def _trusts(trust_doc: Any, caller_arn: str, ctx: Any = None) -> bool:
    request = CURRENT.get()
    if request and "RoleArn" in request.params:
        trust_doc = late_policies.trust(request.params["RoleArn"], trust_doc)
    source, document = source_identity(request), policy_variables.of_its_version(trust_doc)
    if ctx is None or not source:
        return bool(_TRUSTS(document, caller_arn, ctx))
    known = {**ctx.service_context, "sts:sourceidentity": source}
    actions = {ctx.action, "sts:SetSourceIdentity"}
    return all(
        _TRUSTS(document, caller_arn, replace(ctx, service_context=known, action=each)) for each in actions
    )


def _with_source(session: dict[str, Any]) -> dict[str, Any]:
    source = source_identity(CURRENT.get())
    return {**session, KEPT: source} if source else session


def _keys(before: Any, credential: Any) -> dict[str, Any]:
    found: dict[str, Any] = before(credential)
    source = (sts._sessions.get(credential.access_key_id) or {}).get(KEPT)
    return {**found, "aws:sourceidentity": source} if source else found


async def _answered(before: Any, *given: Any) -> Answer:
    answer: Answer = await before(*given)
    source, body = source_identity(CURRENT.get()), answer[2]
    if not source or answer[0] != 200 or not isinstance(body, bytes):
        return answer
    details = f"</AssumedRoleUser><SourceIdentity>{source}</SourceIdentity>".encode()
    return answer[0], answer[1], body.replace(b"</AssumedRoleUser>", details)
