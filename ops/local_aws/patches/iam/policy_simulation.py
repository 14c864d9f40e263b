"""SimulatePrincipalPolicy: of a role with a path, and on each of the given resources.

Source: IAM API reference. Ministack takes a role's path and name for its name, so that such a role has no
policies; and it looks at the first resource only.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam as roles

from local_aws.patches import patching
from local_aws.patches.calls import model
from local_aws.patches.calls.wire import CURRENT


def install() -> None:
    """Take the place of ministack's own."""
    patching.need(roles, "_p", "_xml", "_extract_simulate_params", "_build_simulate_results_real")
    patching.need(iam_evaluator, "_gather_role_policies")
    patching.wrap(roles, "_simulate_principal_policy", "p", _simulate)


def _simulate(before: patching.Function, given: dict[str, Any]) -> Any:
    principal, request = str(roles._p(given, "PolicySourceArn")), CURRENT.get()
    if ":role/" not in principal or request is None:
        return before(given)
    account = get_account_id()
    policies = iam_evaluator._gather_role_policies(principal.rpartition("/")[2], account)
    actions, _ = roles._extract_simulate_params(given)
    results = (
        roles._build_simulate_results_real(actions, each, principal, account, policies)
        for each in model.read(request).get("ResourceArns", ["*"])
    )
    said = f"<EvaluationResults>{''.join(results)}</EvaluationResults><IsTruncated>false</IsTruncated>"
    result = f"<SimulatePrincipalPolicyResult>{said}</SimulatePrincipalPolicyResult>"
    return roles._xml(200, "SimulatePrincipalPolicyResponse", result, ns="iam")
