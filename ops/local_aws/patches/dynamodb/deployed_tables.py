"""What a template defines for a table and ministack drops: point-in-time recovery, encryption by a key of
KMS."""

from __future__ import annotations

from typing import Any

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from local_aws.patches import patching

_RECOVERY, _ENCRYPTION = "PointInTimeRecoverySpecification", "SSESpecification"


def install() -> None:
    """Make tables of templates with both."""
    patching.need(dynamodb, "_tables", "_update_continuous_backups", "_sse_description_from_spec")
    patching.wrap(
        provisioners,
        "_ddb_create",
        "logical_id props stack_name",
        _create,
    )


def _create(before: patching.Function, logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
    made = before(logical_id, props, stack_name)
    if props.get(_RECOVERY):
        dynamodb._update_continuous_backups({"TableName": made[0], _RECOVERY: props[_RECOVERY]})
    if asked := props.get(_ENCRYPTION):
        # CloudFormation and the API call the same switch by two names.
        spec = {**asked, "Enabled": asked.get("SSEEnabled")}
        dynamodb._tables[made[0]]["SSEDescription"] = dynamodb._sse_description_from_spec(spec)
    return made
