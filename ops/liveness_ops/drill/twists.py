"""What may have happened to rights and to the table before the alarm."""

import json
from dataclasses import dataclass
from datetime import datetime

from liveness_ops.drill.scenario import Aws
from liveness_ops.world import identity
from liveness_ops.world.names import TABLE


@dataclass(frozen=True, slots=True)
class Denied:
    """The service's role lost these actions in a deployment."""

    actions: tuple[str, ...]

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write the narrower policy."""
        identity.set_policy(aws.client("iam"), self.actions)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Our own function's role must not do this (any more) on this resource."""

    responder: str
    action: str
    resource: str = "*"

    def apply(self, aws: Aws, now: datetime) -> None:
        """Deny beats whatever its policy allows."""
        role = aws.client("lambda").get_function_configuration(FunctionName=self.responder)["Role"]
        document = {"Effect": "Deny", "Action": self.action, "Resource": self.resource}
        aws.client("iam").put_role_policy(
            RoleName=role.rsplit("/", 1)[-1],
            PolicyName="drill-forbids",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [document]}),
        )


@dataclass(frozen=True, slots=True)
class TableGone:
    """The sessions table was deleted."""

    def apply(self, aws: Aws, now: datetime) -> None:
        """Delete it."""
        aws.client("dynamodb").delete_table(TableName=TABLE)


@dataclass(frozen=True, slots=True)
class TableBusy:
    """The table is being changed by somebody else, or was switched often today."""

    status: str | None = None
    switches: int | None = None

    def apply(self, aws: Aws, now: datetime) -> None:
        """Set it."""
        aws.table_state(TABLE, status=self.status, switches=self.switches)
