"""Does the service's role still allow what the service does?"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import Missing
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.permissions import SERVICE_ROLE, Permission, Permissions
from responder.core.plain_data import Json
from responder.core.text import Strings, text
from responder.evidence import policies
from responder.evidence.base import Look


class Gone(StrEnum):
    """What of the service's rights AWS says does not exist."""

    POLICY = "policy"
    ROLE = "role"


@frozen
class RoleAccess:
    """The service's role: actions of the expected list that its inline policy does not allow.

    `judged`: by action, whether that policy allows it on the service's own bucket, table or any key.
    `gone`: the policy or the whole role does not exist.
    """

    role: str
    policy: str
    missing: Strings
    attached: Strings = ()
    judged: Mapping[str, bool] = field(default_factory=dict)
    gone: Gone | None = None


EXPECTED = (
    "rekognition:CreateFaceLivenessSession",
    "rekognition:GetFaceLivenessSessionResults",
    "dynamodb:PutItem",
    "dynamodb:GetItem",
    "dynamodb:UpdateItem",
    "s3:PutObject",
)
# What it may need besides: reading images, an index, a key of the bucket's own, metrics.
MORE = (
    "s3:GetObject",
    "dynamodb:Query",
    "dynamodb:DeleteItem",
    "kms:GenerateDataKey",
    "kms:Decrypt",
    "cloudwatch:PutMetricData",
)


@frozen
class Access(Look):
    """The inline policy of the service's role against the actions of the liveness functions."""

    KEY, SUBJECT = "access", Subject.RIGHTS

    def needs(self) -> Permissions:
        """Reading the role's policies."""
        return (
            Permission("iam:GetRolePolicy", SERVICE_ROLE),
            Permission("iam:ListAttachedRolePolicies", SERVICE_ROLE),
        )

    def look(self, context: Context) -> RoleAccess:
        """The inline policy, and the names of the attached ones. That either does not exist is a fact."""
        role, policy = context.settings.service_role, context.settings.service_policy
        gone: Gone | None = None
        answer: Json = {}
        attached: Strings = ()
        try:
            answer = context.aws.call("iam", "get_role_policy", RoleName=role, PolicyName=policy)
        except Missing:
            gone = Gone.POLICY
        try:
            attached = tuple(
                each["PolicyName"]
                for page in context.aws.pages("iam", "list_attached_role_policies", RoleName=role)
                for each in page.get("AttachedPolicies", ())
            )
        except Missing:
            gone = Gone.ROLE
        statements = policies.statements(answer.get("PolicyDocument"))
        missing = tuple(action for action in EXPECTED if not policies.allowed(statements, action))
        where = {"s3": policies.objects(context.settings), "dynamodb": policies.table(context.settings)}
        judged = {
            action: sure
            for action in (*EXPECTED, *MORE)
            if (sure := policies.surely_allowed(statements, action, where.get(action.partition(":")[0], "")))
            is not None
        }
        return RoleAccess(role, policy, missing, attached, judged, gone)

    def findings(self, fact: RoleAccess, context: Context) -> Findings:
        """What is missing, and what was not judged."""
        values = {"role": fact.role, "policy": fact.policy}
        if fact.gone is not None:
            said = text(f"evidence.access.{fact.gone}_absent", **values)
        elif fact.missing:
            said = text("evidence.access.missing", actions=", ".join(fact.missing), **values)
        else:
            said = text("evidence.access", **values)
        details = [text("evidence.access.limits")]
        if fact.attached:
            details.insert(0, text("evidence.access.attached", names=", ".join(fact.attached)))
        tone = Tone.RED if fact.missing or fact.gone else Tone.NORMAL
        link = console_links.role(context.settings.region, fact.role)
        return (self.finding(tone, said, None, details, {"missing": float(len(fact.missing))}, link),)
