"""A role as IAM describes it."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from responder.checks.base import AwsAnswer, ask, attempted, unusable
from responder.checks.security.policy_rules import Limits, limits
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.text import Strings
from responder.evidence import policies
from responder.evidence.policies import Statement, Statements

# What Lambda's own execution roles need, and nothing more; by AWS's policies of these names alone.
_EXECUTION = frozenset(
    (
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "AWSLambdaBasicDurableExecutionRolePolicy",
    )
)

type Document = tuple[Statement, ...] | AwsError


class ManagedPolicy(NamedTuple):
    """A managed policy: the statements of its version in force (`v3`), or why there are none."""

    statements: Document
    version: str = ""


@frozen
class Role:
    """A role and all its policies.

    Attributes:
        trust: who may assume it.
        inline: by name.
        attached: by ARN.
        boundary: the ARN of the policy beyond which all of them together give nothing; "" without one.
        fence: that policy; None without one.
    """

    trust: Document
    inline: dict[str, Document] | AwsError
    attached: dict[str, ManagedPolicy] | AwsError
    boundary: str = ""
    fence: Document | None = None

    def _every(self, without: str = "") -> Iterator[Document]:
        """The statements of each policy except the attached one of this ARN, or why they are unknown."""
        if isinstance(self.inline, AwsError):
            yield self.inline
        else:
            yield from self.inline.values()
        if isinstance(self.attached, AwsError):
            yield self.attached
        else:
            yield from (each.statements for arn, each in self.attached.items() if arn != without)

    def documents(self, without: str = "") -> tuple[Statements, ...] | None:
        """The statements of all its policies except the one of this ARN; None where one of them, or the
        boundary, could not be read."""
        every = (*self._every(without), *([self.fence] if isinstance(self.fence, AwsError) else []))
        read = tuple(each for each in every if not isinstance(each, AwsError))
        return read if len(read) == len(every) else None

    @property
    def limits(self) -> Limits:
        """What is known to deny parts of each of its policies."""
        fence = None if isinstance(self.fence, AwsError) else self.fence
        return limits((each for each in self._every() if not isinstance(each, AwsError)), fence)


def role(context: Context, name: str) -> Role:
    """Read with a few requests at a time: IAM answers not many a second."""
    with ThreadPoolExecutor(3) as pool:
        trust = pool.submit(ask, context, "iam", "get_role", RoleName=name)
        own = pool.submit(attempted, inline, context, name)
        attached = pool.submit(attempted, _attached, context, name)
        asked = trust.result()
        found = {} if isinstance(asked, AwsError) else asked["Role"].get("PermissionsBoundary", {})
        boundary = str(found.get("PermissionsBoundaryArn", ""))
        fence = managed(context, boundary).statements if boundary else None
    return Role(trusted(asked), own.result(), attached.result(), boundary, fence)


def for_running(arn: str) -> bool:
    """Whether the policy is one of AWS's own for running on Lambda."""
    owner, _, name = arn.partition(":policy/")
    return owner.endswith(":iam::aws") and name.rpartition("/")[2] in _EXECUTION


def trusted(answer: AwsAnswer) -> Document:
    """The trust policy in an answer of GetRole."""
    if isinstance(answer, AwsError):
        return answer
    return _read(answer["Role"].get("AssumeRolePolicyDocument"), "get_role")


def attached_arns(context: Context, name: str) -> Strings:
    """The ARNs of the attached policies.

    Raises:
        AwsError: they could not be listed.
    """
    pages = context.aws.pages("iam", "list_attached_role_policies", RoleName=name)
    return tuple(str(each["PolicyArn"]) for page in pages for each in page.get("AttachedPolicies", ()))


def inline(context: Context, name: str) -> dict[str, Document]:
    """The inline policies by name.

    Raises:
        AwsError: they could not be listed.
    """

    def document(policy: str) -> Document:
        answer = ask(context, "iam", "get_role_policy", RoleName=name, PolicyName=policy)
        return answer if isinstance(answer, AwsError) else _read(answer["PolicyDocument"], "get_role_policy")

    # All of the list first: what comes between two of its pages could fail.
    found = list(context.aws.pages("iam", "list_role_policies", RoleName=name))
    return {each: document(each) for page in found for each in page.get("PolicyNames", ())}


def _attached(context: Context, name: str) -> dict[str, ManagedPolicy]:
    return {arn: managed(context, arn) for arn in attached_arns(context, name)}


def managed(context: Context, arn: str) -> ManagedPolicy:
    """A managed policy of this account or of AWS."""
    policy = ask(context, "iam", "get_policy", PolicyArn=arn)
    if isinstance(policy, AwsError):
        return ManagedPolicy(policy)
    version = str(policy["Policy"]["DefaultVersionId"])
    found = ask(context, "iam", "get_policy_version", PolicyArn=arn, VersionId=version)
    if isinstance(found, AwsError):
        return ManagedPolicy(found, version)
    return ManagedPolicy(_read(found["PolicyVersion"].get("Document"), "get_policy_version"), version)


def _read(document: Any, operation: str) -> Document:
    """A document without a statement allows nothing; one that cannot be read may allow anything."""
    if not isinstance(policies.whole(document).get("Statement"), Mapping | list | tuple):
        return unusable("iam", operation)
    return policies.statements(document)
