"""A change that a person may want as text, ready to review and to paste; nothing is changed here. Pure.

No permission is wider than needed, and its resource contains no key, session or person. The public access
block of the images bucket has no builder: no message ever proposes to loosen it.
"""

import hashlib
import json
from shlex import quote

from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import Strings, text
from responder.core.verdict import WrittenChange
from responder.evidence.policies import partition

# Folders of the images bucket (FaceAuth's CDK stack); below them are sessions and employees.
_FOLDERS = frozenset({"liveness-audit", "logins", "temp"})
_OF_THE_BUCKET = frozenset({"s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"})
_METRICS = "cloudwatch:PutMetricData"
# https://docs.aws.amazon.com/general/latest/gr/lambda-service.html
CONCURRENT_EXECUTIONS = "L-B99A9384"
# AWS does not publish the code of a Face Liveness quota: it is looked up first.
_UNKNOWN_CODE = "L-XXXXXXXX"


def narrow(settings: Settings, action: str, resource: str) -> str:
    """The resource to allow; `*` only where the service knows no other or we do not."""
    service = action.partition(":")[0]
    if service == "s3":
        return _object(settings, action, resource)
    if service == "dynamodb":
        return _table(settings, resource)
    return resource


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


def role_policy(settings: Settings, role: str, actions: Strings, resource: str) -> WrittenChange:
    """One more inline policy with one statement: the denied actions, on no more than they were denied on.

    `actions` are of one service. `resource` may be an ARN as AWS named it: of the key in it, at most a known
    folder is kept."""
    wanted = narrow(settings, actions[0], resource)
    statement: Json = {"Effect": "Allow", "Action": list(actions), "Resource": wanted}
    if actions == (_METRICS,):
        # Metrics know no resource, but a namespace (service authorization reference, CloudWatch).
        statement["Condition"] = {"StringEquals": {"cloudwatch:namespace": settings.namespace}}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    # An existing policy of the same name would be replaced, so the name depends on the permission.
    right = hashlib.sha256(json.dumps([actions, wanted]).encode()).hexdigest()[:8]
    name = f"LivenessProposed-{actions[0].replace(':', '-').replace('*', 'any')[:64]}-{right}"
    key = "written.role_policy_any" if wanted == "*" else "written.role_policy"
    what = text(key, role=role, name=name, actions=", ".join(actions), resource=wanted)
    command = f"aws iam put-role-policy --role-name {quote(role)} --policy-name {quote(name)}"
    policy = quote(json.dumps(document, separators=(",", ":")))
    return WrittenChange(what, role, document, f"{command} --policy-document {policy}")


def bucket_policy(bucket: str, sid: str, actions: Strings = (), conditions: Strings = ()) -> WrittenChange:
    """The Deny statement that denies the call. Only its author knows how to narrow it.

    `conditions`: the condition keys it depends on, never their values."""
    document: Json = {"Sid": sid, "Effect": "Deny"}
    document |= {"Action": list(actions)} if actions else {}
    document |= {"ConditionKeys": list(conditions)} if conditions else {}
    named = quote(bucket)
    command = (
        f"aws s3api get-bucket-policy --bucket {named} --query Policy --output text > bucket-policy.json"
        " && ${EDITOR:-vi} bucket-policy.json"
        f" && aws s3api put-bucket-policy --bucket {named} --policy file://bucket-policy.json"
    )
    what = text("written.bucket_policy", bucket=bucket, sid=sid or "-")
    return WrittenChange(what, bucket, document, command)


def quota(settings: Settings, operation: str) -> WrittenChange:
    """Twice as many Face Liveness requests a second."""
    present = settings.quota_per_second
    asked = 2 * present
    listed = (
        f"aws service-quotas list-service-quotas --service-code rekognition --region {quote(settings.region)}"
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


def reserved_concurrency(settings: Settings, function: str, present: int, wanted: int) -> WrittenChange:
    """Another reservation of one function; what it reserves, the others cannot use."""
    setting, now = "ReservedConcurrentExecutions", str(present)
    what = text("written.reserved_concurrency", function=function, now=now, wanted=wanted)
    where = f"--function-name {quote(function)} --region {quote(settings.region)}"
    # A limit set in the meantime may protect something. The CLI prints `None` where there is none.
    read = f"aws lambda get-function-concurrency {where} --query {setting} --output text"
    command = (
        f'if [ "$({read})" = {present} ]; then'
        f" aws lambda put-function-concurrency {where} --reserved-concurrent-executions {wanted};"
        " else echo 'Changed since this message: no changes were made'; false; fi"
    )
    return WrittenChange(what, function, {"before": {setting: present}, "after": {setting: wanted}}, command)


def _increase(settings: Settings, service: str, code: str, wanted: float) -> tuple[Data, str]:
    document = {"ServiceCode": service, "QuotaCode": code, "DesiredValue": wanted}
    command = (
        f"aws service-quotas request-service-quota-increase --service-code {service} --quota-code {code}"
    )
    # Every digit and no exponent, so that the reviewed number is the requested one.
    value = f"{wanted:f}".rstrip("0").rstrip(".")
    return document, f"{command} --desired-value {value} --region {quote(settings.region)}"
