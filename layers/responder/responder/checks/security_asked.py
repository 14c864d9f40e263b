"""A role as IAM describes it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from responder.checks.storage_asked import Answer, ask, pages
from responder.context import Context
from responder.errors import AwsError
from responder.evidence import policies
from responder.evidence.policies import Statement

# What Lambda's own execution roles need, and nothing more.
EXECUTION = frozenset(
    (
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "AWSLambdaBasicDurableExecutionRolePolicy",
    )
)

type Document = tuple[Statement, ...] | AwsError


@dataclass(frozen=True, slots=True)
class Role:
    """`inline` by name, `attached` by ARN: the statements, or why there are none."""

    trust: Document
    inline: dict[str, Document] | AwsError
    attached: dict[str, Document] | AwsError


def role(context: Context, name: str) -> Role:
    """Read with a few requests at a time: IAM answers not many a second."""
    with ThreadPoolExecutor(3) as pool:
        trust = pool.submit(ask, context, "iam", "get_role", RoleName=name)
        inline = pool.submit(_inline, context, name)
        attached = pool.submit(_attached, context, name)
    return Role(_trust(trust.result()), inline.result(), attached.result())


def inline_names(context: Context, name: str) -> tuple[str, ...] | AwsError:
    """Of the inline policies."""
    found = pages(context, "iam", "list_role_policies", RoleName=name)
    if isinstance(found, AwsError):
        return found
    return tuple(each for page in found for each in page.get("PolicyNames", ()))


def attached_arns(context: Context, name: str) -> tuple[str, ...] | AwsError:
    """Of the attached policies."""
    found = pages(context, "iam", "list_attached_role_policies", RoleName=name)
    if isinstance(found, AwsError):
        return found
    return tuple(str(each["PolicyArn"]) for page in found for each in page.get("AttachedPolicies", ()))


def inline_document(context: Context, role: str, policy: str) -> Document:
    """Its statements."""
    return _document(ask(context, "iam", "get_role_policy", RoleName=role, PolicyName=policy))


def _inline(context: Context, name: str) -> dict[str, Document] | AwsError:
    found = inline_names(context, name)
    if isinstance(found, AwsError):
        return found
    return {each: inline_document(context, name, each) for each in found}


def _attached(context: Context, name: str) -> dict[str, Document] | AwsError:
    found = attached_arns(context, name)
    if isinstance(found, AwsError):
        return found
    return {arn: () if arn.rpartition("/")[2] in EXECUTION else _managed(context, arn) for arn in found}


def _managed(context: Context, arn: str) -> Document:
    policy = ask(context, "iam", "get_policy", PolicyArn=arn)
    if isinstance(policy, AwsError):
        return policy
    version = str(policy["Policy"]["DefaultVersionId"])
    found = ask(context, "iam", "get_policy_version", PolicyArn=arn, VersionId=version)
    if isinstance(found, AwsError):
        return found
    return policies.statements(found["PolicyVersion"].get("Document"))


def _trust(answer: Answer) -> Document:
    if isinstance(answer, AwsError):
        return answer
    return policies.statements(answer["Role"].get("AssumeRolePolicyDocument"))


def _document(answer: dict[str, Any] | AwsError) -> Document:
    return answer if isinstance(answer, AwsError) else policies.statements(answer.get("PolicyDocument"))
