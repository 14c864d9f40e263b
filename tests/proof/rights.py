"""Take a single action out of a function's policies, as deployed, and see what is told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liveness_ops.drill.scenario import Aws
from liveness_ops.drill.stack import STACK
from liveness_ops.drill.stage import Played


@dataclass(frozen=True)
class Without:
    """A twist: the role of this function of ours lacks one action, on every resource."""

    function: str
    action: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """Every inline policy of the role is written again without it."""
        found = aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{self.function}")
        role, iam = found["Role"].rsplit("/", 1)[-1], aws.client("iam")
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            read = json.loads(document) if isinstance(document, str) else document
            left = list(_without(read["Statement"], self.action))
            if not left:
                iam.delete_role_policy(RoleName=role, PolicyName=name)
            elif left != read["Statement"]:
                written = json.dumps({**read, "Statement": left})
                iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=written)


def _without(statements: list[dict[str, Any]], action: str) -> Iterator[dict[str, Any]]:
    for each in statements:
        actions = [each["Action"]] if isinstance(each["Action"], str) else each["Action"]
        left = [one for one in actions if one != action or each["Effect"] == "Deny"]
        if left == actions:
            yield each
        elif left:
            yield {**each, "Action": left}


def used(played: Played) -> set[str]:
    """The actions that the alarm's own function used, all allowed."""
    prefix = "".join(part.title() for part in played.scenario.alarm.split("-"))
    return {
        call.action
        for act in played.acts
        for call in act.calls
        if call.allowed and call.role.removeprefix(f"{STACK}-").startswith(f"{prefix}Role-")
    }


def refused(played: Played, action: str) -> bool:
    """IAM really turned it away."""
    return any(call.action == action and not call.allowed for act in played.acts for call in act.calls)


def said(played: Played) -> str:
    """All that people were told, in every form."""
    mails = (mail for act in played.acts for mail in (*act.mail, *act.last_resort))
    return "\n".join("\n".join((mail.subject, *mail.bodies.values())) for mail in mails)


def logged(played: Played) -> str:
    """What stands in the function's own log."""
    return "\n".join(act.logs for act in played.acts)
