"""Take a single line out of a function's policies, as deployed, and see what is reported."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from local_aws.client import Call
from rehearsal.drill.scenario import Aws
from rehearsal.drill.stack import STACK
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.text import Strings

# What a topic's own policy allows its account as well, on AWS as here: taking the line out refuses nothing.
_ALLOWED_ELSEWHERE = ("sns:Publish",)
_FORBIDS = "taken-away"


@dataclass(frozen=True, order=True)
class Right:
    """One action in one statement of a policy: one line of the template."""

    action: str
    resources: Strings

    def __str__(self) -> str:
        more = f" and {len(self.resources) - 1} more" if len(self.resources) > 1 else ""
        return f"{self.action} on {self.resources[0].rpartition(':')[2]}{more}"

    def covers(self, call: Call) -> bool:
        """That call needs it."""
        return call.action == self.action and any(fnmatchcase(call.resource, each) for each in self.resources)


@frozen
class WithoutRight:
    """A condition of a scenario: the role of this function lacks that one line.

    Other functions keep it: of a policy that they share, this role gets its own copy without the line.
    """

    function: str
    right: Right

    def __call__(self, aws: Aws, now: datetime) -> None:
        """The policies of the role are written again without it."""
        iam, role = aws.client("iam"), role_of(aws, self.function)
        for name, statements in policies(aws, role):
            left = list(_without(statements, self.right))
            if left == statements:
                continue
            _take(iam, role, name)
            if left:
                own = name.rpartition("/")[2]
                iam.put_role_policy(RoleName=role, PolicyName=own, PolicyDocument=_document(left))
        if self.right.action in _ALLOWED_ELSEWHERE:
            denied = {"Effect": "Deny", "Action": self.right.action, "Resource": list(self.right.resources)}
            iam.put_role_policy(RoleName=role, PolicyName=_FORBIDS, PolicyDocument=_document([denied]))


def rights(aws: Aws, function: str) -> list[Right]:
    """Every line of a function's policies, as deployed."""
    found = (each for _, statements in policies(aws, role_of(aws, function)) for each in statements)
    allowed = [each for each in found if each["Effect"] == "Allow"]
    return sorted(
        Right(action, tuple(_several(each["Resource"])))
        for each in allowed
        for action in _several(each["Action"])
    )


def role_of(aws: Aws, function: str) -> str:
    """The name of its role."""
    found = aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{function}")
    return str(found["Role"].rsplit("/", 1)[-1])


def policies(aws: Aws, role: str) -> Iterator[tuple[str, list[Json]]]:
    """Statements of each inline policy by its name, of each attached one by its ARN; not of AWS's own."""
    iam = aws.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield name, _statements(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
    for each in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = each["PolicyArn"]
        if ":iam::aws:" not in arn:
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
            yield arn, _statements(found["Document"])


def give_back(aws: Aws, role: str, before: Mapping[str, list[Json]]) -> None:
    """The policies that it had, and no other. `before`: as `policies` read them."""
    iam = aws.client("iam")
    for name in {each for each, _ in policies(aws, role)} - before.keys():
        _take(iam, role, name)
    for name, statements in before.items():
        if _is_attached(name):
            iam.attach_role_policy(RoleName=role, PolicyArn=name)
        else:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=_document(statements))


def _take(iam: Any, role: str, name: str) -> None:
    if _is_attached(name):
        iam.detach_role_policy(RoleName=role, PolicyArn=name)
    else:
        iam.delete_role_policy(RoleName=role, PolicyName=name)


def _is_attached(name: str) -> bool:
    return name.startswith("arn:")


def needed(held: Iterable[Right], calls: Iterable[Call], role: str) -> set[Right]:
    """Those without which a call of that role would not have been allowed."""
    made = [call for call in calls if call.allowed and call.role == role]
    return {each for each in held if any(each.covers(call) for call in made)}


def refused(right: Right, calls: Iterable[Call], role: str) -> bool:
    """IAM really turned it away."""
    return any(right.covers(call) and not call.allowed for call in calls if call.role == role)


def _without(statements: list[Json], right: Right) -> Iterator[Json]:
    for each in statements:
        mine = each["Effect"] == "Allow" and tuple(_several(each["Resource"])) == right.resources
        actions = [one for one in _several(each["Action"]) if not mine or one != right.action]
        if actions:
            yield {**each, "Action": actions}


def _statements(document: Any) -> list[Json]:
    read: Data = json.loads(document) if isinstance(document, str) else document
    return list(read["Statement"])


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _document(statements: list[Json]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
