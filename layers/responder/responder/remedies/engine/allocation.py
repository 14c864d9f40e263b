"""Provisioned concurrency of one alias: how it is read and written."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from responder.core.context import Gateway
from responder.core.errors import Missing
from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason, FailureKind
from responder.remedies.engine.single_target import TargetAccess


@frozen
class Allocation:
    """As it is now; `requested` is 0 where there is none."""

    requested: int
    status: str = "READY"
    reason: str = "-"
    modified: datetime | None = None

    @property
    def pending(self) -> bool:
        """AWS works on it."""
        return self.status == "IN_PROGRESS"

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Allocation":
        """From an answer of AWS; of the reason only its leading word of capitals, never the text."""
        word = re.match(r"[A-Z][A-Z_]+\b", str(answer.get("StatusReason", "")))
        at = answer.get("LastModified")
        return cls(
            int(answer["RequestedProvisionedConcurrentExecutions"]),
            str(answer["Status"]),
            word[0] if word else "-",
            datetime.fromisoformat(at).astimezone(UTC) if at else None,
        )


def allocation(aws: Gateway, function: str, alias: str) -> Allocation:
    """Read it; raises our errors."""
    try:
        where = {"FunctionName": function, "Qualifier": alias}
        return Allocation.of(aws.call("lambda", "get_provisioned_concurrency_config", **where))
    except Missing:
        return Allocation(0)


def allocated(aws: Gateway, target: str) -> TargetAccess[Allocation]:
    """`target` is `function:alias`."""
    function, alias = target.rsplit(":", 1)
    where = {"FunctionName": function, "Qualifier": alias}

    def write(wanted: str, _: Allocation) -> Allocation:
        if wanted == "0":
            aws.call("lambda", "delete_provisioned_concurrency_config", **where)
            return Allocation(0)
        asked = {**where, "ProvisionedConcurrentExecutions": int(wanted)}
        return Allocation.of(aws.call("lambda", "put_provisioned_concurrency_config", **asked))

    def broken(now: Allocation) -> ExplainedReason[FailureKind] | None:
        if now.status != "FAILED":
            return None
        return FailureKind.NOT_ALLOCATED(target=target, reason=now.reason)

    return TargetAccess(
        lambda: allocation(aws, function, alias),
        lambda now: str(now.requested),
        lambda now: now.pending,
        write,
        broken,
    )
