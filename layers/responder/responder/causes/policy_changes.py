"""A change that a person may want as text, ready to review and to paste; nothing is changed here. Pure.

The public access block of the images bucket has no builder: no message ever proposes to loosen it.
"""

import hashlib
import json
import shlex
from collections.abc import Mapping
from typing import Any

from responder.core.settings import Settings
from responder.core.text import text
from responder.core.verdict import WrittenChange

# No wider a right than is needed, and nothing of a key, a session or a person in its resource. Pure.

# Folders of the images bucket (FaceAuth's CDK stack); what lies below holds sessions and employees.
_FOLDERS = frozenset({"liveness-audit", "logins", "temp"})
_OF_THE_BUCKET = frozenset({"s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"})
_METRICS = "cloudwatch:PutMetricData"


def partition(region: str) -> str:
    """The first part of an ARN after `arn:`."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def narrow(settings: Settings, action: str, resource: str) -> str:
    """The resource to allow; `*` only where the service knows no other or we do not."""
    service = action.partition(":")[0]
    if service == "s3":
        return _object(settings, action, resource)
    if service == "dynamodb":
        return _table(settings, resource)
    return resource


def condition(settings: Settings, actions: tuple[str, ...]) -> Mapping[str, Any]:
    """Metrics know no resource, but a namespace (service authorization reference, CloudWatch)."""
    if actions != (_METRICS,):
        return {}
    return {"Condition": {"StringEquals": {"cloudwatch:namespace": settings.namespace}}}


def _object(settings: Settings, action: str, resource: str) -> str:
    bucket, _, key = resource.partition(":::")[2].partition("/")
    name = bucket if bucket.strip("*") else settings.bucket
    if not name:
        return "*"
    arn = f"arn:{partition(settings.region)}:s3:::{name}"
    if action in _OF_THE_BUCKET:
        return arn
    folder = key.partition("/")[0]
    return f"{arn}/{folder}/*" if folder in _FOLDERS else f"{arn}/*"


def _table(settings: Settings, resource: str) -> str:
    parts = resource.partition(":table/")[2].split("/")
    name = parts[0].strip("*") or settings.sessions_table
    where = f"{partition(settings.region)}:dynamodb:{settings.region}:{settings.account or '*'}"
    arn = f"arn:{where}:table/{name}"
    return f"{arn}/index/{parts[2]}" if parts[1:2] == ["index"] and len(parts) > 2 else arn


# https://docs.aws.amazon.com/general/latest/gr/lambda-service.html
CONCURRENT_EXECUTIONS = "L-B99A9384"
# Of a Face Liveness quota nobody has written down the code: it is looked up first.
_UNKNOWN_CODE = "L-XXXXXXXX"


def role_policy(settings: Settings, role: str, actions: tuple[str, ...], resource: str) -> WrittenChange:
    """One more inline policy with one statement: the denied actions, on no more than they were denied on.

    `actions` are of one service. `resource` may be an ARN as AWS named it: of the key in it, at most a known
    folder is kept."""
    wanted = narrow(settings, actions[0], resource)
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": wanted}
    document = {"Version": "2012-10-17", "Statement": [{**statement, **condition(settings, actions)}]}
    name = _name(actions, wanted)
    command = f"aws iam put-role-policy --role-name {_q(role)} --policy-name {_q(name)}"
    key = "written.role_policy_any" if wanted == "*" else "written.role_policy"
    what = text(key, role=role, name=name, actions=", ".join(actions), resource=wanted)
    return WrittenChange(what, role, document, f"{command} --policy-document {_json(document)}")


def bucket_policy(
    bucket: str, sid: str, actions: tuple[str, ...] = (), conditions: tuple[str, ...] = ()
) -> WrittenChange:
    """The Deny statement that stands in the way. How it is narrowed, only whoever wrote it can tell.

    `conditions`: the condition keys it depends on, never their values."""
    document: dict[str, Any] = {"Sid": sid, "Effect": "Deny"}
    document |= {"Action": list(actions)} if actions else {}
    document |= {"ConditionKeys": list(conditions)} if conditions else {}
    named = _q(bucket)
    command = (
        f"aws s3api get-bucket-policy --bucket {named} --query Policy --output text > bucket-policy.json"
        " && ${EDITOR:-vi} bucket-policy.json"
        f" && aws s3api put-bucket-policy --bucket {named} --policy file://bucket-policy.json"
    )
    return WrittenChange(
        text("written.bucket_policy", bucket=bucket, sid=sid or "-"), bucket, document, command
    )


def quota(settings: Settings, operation: str, wanted: float = 0.0) -> WrittenChange:
    """More Face Liveness requests a second; twice as many where nobody says how many."""
    present = settings.quota_per_second
    asked = wanted or 2 * present
    listed = (
        f"aws service-quotas list-service-quotas --service-code rekognition --region {_q(settings.region)}"
        " --query \"Quotas[?contains(QuotaName,'Liveness')].[QuotaCode,QuotaName,Value]\" --output table"
    )
    what = text("written.quota", operation=operation, now=present, wanted=asked, code=_UNKNOWN_CODE)
    document, request = _increase(settings, "rekognition", _UNKNOWN_CODE, asked)
    return WrittenChange(what, f"rekognition {operation}", document, f"{listed} && {request}")


def concurrent_executions(settings: Settings, present: int, wanted: int) -> WrittenChange:
    """More concurrent executions of all functions of the account in the Region together."""
    document, request = _increase(settings, "lambda", CONCURRENT_EXECUTIONS, wanted)
    what = text("written.concurrent_executions", now=present, wanted=wanted, region=settings.region)
    return WrittenChange(what, f"lambda {CONCURRENT_EXECUTIONS}", document, request)


def reserved_concurrency(
    settings: Settings, function: str, present: int | None, wanted: int
) -> WrittenChange:
    """Another reservation of one function; what it reserves, the others cannot use."""
    setting = "ReservedConcurrentExecutions"
    what = text(
        "written.reserved_concurrency",
        function=function,
        now="-" if present is None else str(present),
        wanted=wanted,
    )
    where = f"--function-name {_q(function)} --region {_q(settings.region)}"
    # A limit set in the meantime may protect something. The CLI prints `None` where there is none.
    read = f"aws lambda get-function-concurrency {where} --query {setting} --output text"
    command = (
        f'if [ "$({read})" = {present} ]; then'
        f" aws lambda put-function-concurrency {where} --reserved-concurrent-executions {wanted};"
        " else echo 'Changed since this message: nothing was done'; false; fi"
    )
    return WrittenChange(what, function, _changed(setting, present, wanted), command)


def _increase(settings: Settings, service: str, code: str, wanted: float) -> tuple[dict[str, Any], str]:
    document = {"ServiceCode": service, "QuotaCode": code, "DesiredValue": wanted}
    command = (
        f"aws service-quotas request-service-quota-increase --service-code {service} --quota-code {code}"
    )
    # Every digit, and no exponent: what is reviewed is what is asked for.
    value = f"{wanted:f}".rstrip("0").rstrip(".")
    return document, f"{command} --desired-value {value} --region {_q(settings.region)}"


def _changed(setting: str, present: int | None, wanted: int) -> dict[str, Any]:
    return {"before": {setting: present}, "after": {setting: wanted}}


def _name(actions: tuple[str, ...], resource: str) -> str:
    """A policy of the same name would be replaced: this one is the same for the same right only."""
    right = json.dumps([actions, resource]).encode()
    called = actions[0].replace(":", "-").replace("*", "any")[:64]
    return f"LivenessProposed-{called}-{hashlib.sha256(right).hexdigest()[:8]}"


def _json(document: Mapping[str, Any]) -> str:
    return _q(json.dumps(document, separators=(",", ":")))


def _q(value: str) -> str:
    return shlex.quote(value)
