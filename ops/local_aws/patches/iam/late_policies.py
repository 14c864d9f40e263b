"""What changes of roles and their policies is honoured some seconds later: until then it is as before.

IAM User Guide, "Changes that I make are not always immediately visible":
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

from __future__ import annotations

import time
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import CURRENT, Request
from local_aws.patches.drill.store import STORE

_POLICIES = iam_evaluator._gather_role_policies


def install() -> None:
    """Decide by the policies of some seconds ago."""
    patching.need(iam, "_roles")
    patching.wrap(iam_evaluator, "_gather_role_policies", "role_name account_id", _honoured)


def _honoured(before: patching.Function, role: str, account: str) -> Any:
    known = _earlier()
    return before(role, account) if known is None else known.get(role, ([], "{}"))[0]


def trust(role_arn: str, written: Any) -> Any:
    """The trust policy that is honoured; `written`: that of now. CloudFormation waits for its own roles."""
    request, known = CURRENT.get(), _earlier()
    if known is None or (request and request.service == "cloudformation"):
        return written
    return known.get(role_arn.rpartition("/")[2], ([], "{}"))[1]


def _earlier() -> dict[str, tuple[Any, Any]] | None:
    """All roles as they were before the oldest change that is not honoured yet; None where there is none."""
    late = STORE.settings.policies_late
    return next((roles for at, roles in STORE.changed_roles if late and time.time() < at + late), None)


def changes(kind: str) -> None:
    """A resource of this type is about to be made, changed or deleted."""
    if STORE.settings.policies_late and kind.startswith("AWS::IAM::"):
        account = get_account_id()
        roles = {
            name: (_POLICIES(name, account), role["AssumeRolePolicyDocument"])
            for name, role in iam._roles.items()
        }
        STORE.changed_roles.append((time.time(), roles))


@rule(
    *("iam", "CreateRole", "DeleteRole", "UpdateAssumeRolePolicy", "PutRolePolicy", "DeleteRolePolicy"),
    *("AttachRolePolicy", "DetachRolePolicy", "CreatePolicyVersion", "SetDefaultPolicyVersion"),
)
def _changes(_request: Request) -> Refusal:
    changes("AWS::IAM::Role")
    return None
