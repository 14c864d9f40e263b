"""Faults of rights, each injected alone into a healthy world: the audit is not green about any, and names it in the
sentence that mail and chat show. And worlds without a fault, about which it stays green."""
# ruff: noqa: E501 - a fault to the line

from collections.abc import Callable
from typing import Any

from rehearsal.world.names import ACCOUNT, POLICY, ROLE, bucket
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckItem, CheckStatus
from responder.checks.model import CheckSection
from responder.core.plain_data import Json
from responder.messages.language import say
from tests.fakes.lines import asked
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.safe_world import (
    OUR_POLICY,
    OUR_ROLE,
    REPORTS,
    VPC_ACCESS,
    Safe,
    corrected,
    deployed,
    faults,
    item,
)

type Change = Callable[[Safe], object]

OTHER = "999999999999"
OBJECTS = f"arn:aws:s3:::{bucket()}/*"
OURS = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
CUSTOM = f"arn:aws:iam::{ACCOUNT}:policy/Custom"
EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"
SIGNED_IN = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


def allow(action: Any, resource: Any = "*", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> Json:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def inline(*statements: Json, policy: str = POLICY) -> Change:
    """Added to a policy of the service's role."""
    return lambda made: (
        made.inline[ROLE].setdefault(policy, {"Statement": []})["Statement"].extend(statements)
    )


def attached(*statements: Json, arn: str = CUSTOM) -> Change:
    def change(made: Safe) -> None:
        made.attached[ROLE].append(arn)
        made.managed[arn] = {"Statement": list(statements)}

    return change


def without(*actions: str) -> Change:
    """The policy loses actions."""

    def change(made: Safe) -> None:
        for each in made.inline[ROLE][POLICY]["Statement"]:
            each["Action"] = [one for one in each["Action"] if one not in actions]

    return change


def both(*changes: Change) -> Change:
    return lambda made: [each(made) for each in changes]


def gone(made: Safe) -> None:
    del made.inline[ROLE][POLICY]


def bounded(*statements: Json) -> Change:
    def change(made: Safe) -> None:
        made.boundary = f"arn:aws:iam::{ACCOUNT}:policy/fence"
        made.managed[made.boundary] = {"Statement": list(statements)}

    return change


def bucket_policy(*statements: Json, name: str = bucket()) -> Change:
    return lambda made: made.bucket_policies.setdefault(name, []).extend(statements)


def serves(service: str, **condition: Any) -> Json:
    found = {**allow("s3:PutObject", OBJECTS), "Principal": {"Service": service}}
    return {**found, "Condition": condition} if condition else found


def acl(*grantees: dict[str, str], ownership: str | None = "ObjectWriter", blocked: bool = True) -> Change:
    def change(made: Safe) -> None:
        made.ownership = ownership
        made.acls[bucket()] += [{"Grantee": each, "Permission": "READ"} for each in grantees]
        made.blocks[bucket()]["IgnorePublicAcls"] = blocked

    return change


def trust(*statements: Json, instead: bool = False) -> Change:
    def change(made: Safe) -> None:
        made.trust["Statement"] = [*([] if instead else made.trust["Statement"]), *statements]

    return change


def own(**change: Any) -> Change:
    """The first statement of our own role's policy is changed."""
    return lambda made: made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"][0].update(change)


def gives(*resources: Any) -> Change:
    """The template gives our role these resources."""
    return lambda made: made.template["Resources"]["HighErrorRateRole"]["Properties"]["Policies"][0][
        "PolicyDocument"
    ]["Statement"][0].update(Resource=list(resources))


def user(id_: str) -> dict[str, str]:
    return {"Type": "CanonicalUser", "ID": id_}


def group(uri: str) -> dict[str, str]:
    return {"Type": "Group", "URI": uri}


def encrypted(**by: str) -> Change:
    return lambda made: setattr(made, "encryption", by)


def moved(function: str, role: str) -> Change:
    return lambda made: made.roles.__setitem__(function, role)


def assume(who: Any, **more: Any) -> Json:
    return {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole", **more}


A, R = AMBER, RED

# What is injected, how bad it is, and what the sentence names.
FAULTS: dict[str, tuple[Change, CheckStatus, str]] = {
    # Rights that lead to more rights, on whatever resource.
    "PassRole of one role": (inline(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/AdminRole")), R, "iam:PassRole"),
    "PutRolePolicy on itself": (inline(allow(["iam:PutRolePolicy", "iam:AttachRolePolicy"], OURS)), R, "iam:PutRolePolicy"),
    "AttachRolePolicy on itself": (inline(allow("iam:AttachRolePolicy", OURS)), R, "iam:AttachRolePolicy"),
    "AssumeRole in another account": (inline(allow("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/x")), R, "sts:AssumeRole"),
    "AssumeRole of another role of ours": (inline(allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/x")), R, "sts:AssumeRole"),
    "code of a login function": (
        inline(allow("lambda:UpdateFunctionCode", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:FaceAuth-Enrollment")), R,
        "lambda:UpdateFunctionCode",
    ),
    "configuration of a function": (
        inline(allow("lambda:UpdateFunctionConfiguration", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:x")), R,
        "lambda:UpdateFunctionConfiguration",
    ),
    "upper and lower case": (inline(allow("IAM:putROLEpolicy", OURS)), R, "IAM:putROLEpolicy"),
    "a question mark and a star": (inline(allow("iam:Pu?Role*", OURS)), R, "iam:Pu?Role*"),
    "a question mark alone": (inline(allow("iam:PassRol?", OURS)), R, "iam:PassRole"),
    "a star in the middle": (inline(allow("iam:*Policy", OURS)), R, "iam:"),
    "a new version of a policy": (inline(allow("iam:CreatePolicyVersion", CUSTOM)), R, "iam:CreatePolicyVersion"),
    "another version in force": (inline(allow("iam:SetDefaultPolicyVersion", CUSTOM)), R, "iam:SetDefaultPolicyVersion"),
    "keys of a user": (inline(allow("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/x")), R, "iam:CreateAccessKey"),
    "password of a user": (inline(allow("iam:UpdateLoginProfile", f"arn:aws:iam::{ACCOUNT}:user/x")), R, "iam:UpdateLoginProfile"),
    "membership": (inline(allow("iam:AddUserToGroup", f"arn:aws:iam::{ACCOUNT}:group/admins")), R, "iam:AddUserToGroup"),
    "trust of a role": (inline(allow("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/x")), R, "iam:UpdateAssumeRolePolicy"),
    "its own boundary": (inline(allow("iam:DeleteRolePermissionsBoundary", OURS)), R, "iam:DeleteRolePermissionsBoundary"),
    "under a condition all the same": (
        inline(allow("iam:PassRole", "*", Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})), R,
        "iam:PassRole",
    ),
    "everything but little": (inline({"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": OURS}), R, "*"),
    "everywhere but there": (inline({"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:x"}), R, "iam:PassRole"),
    "a stack's role": (inline(allow("cloudformation:UpdateStack", f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/x/*")), R, "cloudformation:UpdateStack"),
    "commands on instances": (inline(allow("ssm:SendCommand", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/*")), R, "ssm:SendCommand"),
    "permission sets": (inline(allow("sso:PutInlinePolicyToPermissionSet", "arn:aws:sso:::instance/x")), R, "sso:"),
    "in an attached policy": (attached(allow("iam:PutRolePolicy", OURS)), R, "iam:PutRolePolicy"),
    "in a policy of AWS": (attached(allow("iam:PassRole"), arn="arn:aws:iam::aws:policy/PowerUserAccess"), R, "iam:PassRole"),
    "in a second inline policy": (inline(allow("iam:PutRolePolicy", OURS), policy="Extra"), R, "iam:PutRolePolicy"),
    "in a policy that is named like one for running": (
        attached(allow("iam:PassRole"), arn=f"arn:aws:iam::{ACCOUNT}:policy/service-role/AWSLambdaVPCAccessExecutionRole"), R,
        "iam:PassRole",
    ),
    "denied under a condition only": (
        inline(allow("iam:PassRole"), deny("iam:PassRole", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})), R,
        "iam:PassRole",
    ),
    "denied elsewhere only": (inline(allow("iam:PassRole"), deny("iam:PassRole", "arn:aws:iam::*:role/other")), R, "iam:PassRole"),
    "within a boundary that allows it": (
        both(inline(allow("iam:PassRole", OURS)), bounded(allow("*"))), R, "iam:PassRole",
    ),
    # Rights that let others in, or that start code.
    "sharing a function": (inline(allow("lambda:AddPermission", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:x")), R, "lambda:AddPermission"),
    "the policy of the images bucket": (inline(allow("s3:PutBucketPolicy", f"arn:aws:s3:::{bucket()}")), A, "s3:PutBucketPolicy"),
    "sharing a layer": (inline(allow("lambda:AddLayerVersionPermission", f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:x:1")), R, "lambda:AddLayerVersionPermission"),
    "the policy of a key": (inline(allow("kms:PutKeyPolicy", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1")), A, "kms:PutKeyPolicy"),
    "a new function": (inline(allow("lambda:CreateFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:x")), A, "lambda:CreateFunction"),
    "a new layer": (inline(allow("lambda:PublishLayerVersion", f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:x")), A, "lambda:PublishLayerVersion"),
    "calling others' functions": (inline(allow("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:payroll")), A, "lambda:InvokeFunction"),
    "a stack": (inline(allow("cloudformation:CreateStack", f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/x/*")), A, "cloudformation:CreateStack"),
    "calling an API": (inline(allow("execute-api:Invoke")), A, "execute-api:Invoke"),
    "access to a cluster": (inline(allow("eks:CreateAccessEntry")), A, "eks:CreateAccessEntry"),
    "a rule with another target": (inline(allow("events:PutTargets")), A, "events:PutTargets"),
    "an end to the trail": (inline(allow("cloudtrail:StopLogging")), A, "cloudtrail:StopLogging"),
    "logs sent elsewhere": (inline(allow("logs:PutSubscriptionFilter")), A, "logs:PutSubscriptionFilter"),
    "images copied elsewhere": (inline(allow("s3:PutReplicationConfiguration", f"arn:aws:s3:::{bucket()}")), A, "s3:PutReplicationConfiguration"),
    "the end of the table": (inline(allow("dynamodb:DeleteTable", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/FaceAuth-*")), A, "dynamodb:DeleteTable"),
    "the end of the collection": (inline(allow("rekognition:DeleteCollection")), A, "rekognition:DeleteCollection"),
    "the end of the user pool": (inline(allow("cognito-idp:DeleteUserPool", f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/x")), A, "cognito-idp:DeleteUserPool"),
    # Others' data.
    "another bucket": (inline(allow("s3:GetObject", "arn:aws:s3:::payroll/*")), A, "s3:GetObject"),
    "a bucket whose name begins alike": (inline(allow("s3:GetObject", f"arn:aws:s3:::{bucket()}-old/*")), A, "s3:GetObject"),
    "buckets by a pattern": (inline(allow("s3:PutObject", "arn:aws:s3:::face-auth-images-*")), A, "s3:PutObject"),
    "another table": (inline(allow("dynamodb:Scan", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/Salaries")), A, "dynamodb:Scan"),
    "secrets by a pattern": (inline(allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:*")), A, "secretsmanager:GetSecretValue"),
    "another secret": (inline(allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:payroll-x")), A, "secretsmanager:GetSecretValue"),
    "parameters": (inline(allow("ssm:GetParametersByPath", f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/*")), A, "ssm:GetParametersByPath"),
    "every key": (inline(allow("kms:Decrypt", f"arn:aws:kms:*:{ACCOUNT}:key/*")), A, "kms:Decrypt"),
    "another account's queue": (inline(allow("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{OTHER}:x")), A, "sqs:SendMessage"),
    # What the service needs.
    "no right on images": (without("s3:PutObject", "s3:GetObject", "s3:DeleteObject"), R, "s3:PutObject"),
    "no new sessions": (without("rekognition:CreateFaceLivenessSession"), R, "rekognition:CreateFaceLivenessSession"),
    "no results": (without("rekognition:GetFaceLivenessSessionResults"), R, "rekognition:GetFaceLivenessSessionResults"),
    "denied in its own policy": (inline(deny("s3:*")), R, "s3:PutObject"),
    "denied in another one": (inline(deny("s3:PutObject", OBJECTS), policy="Guard"), R, "s3:PutObject"),
    "denied in an attached one": (attached(deny("dynamodb:*")), R, "dynamodb:PutItem"),
    "denied for one kind of object": (inline(deny("s3:PutObject", f"arn:aws:s3:::{bucket()}/*.jpg")), R, "s3:PutObject"),
    "denied by what is left out": (inline({"Effect": "Deny", "NotAction": ["dynamodb:*", "logs:*", "s3:*", "cloudwatch:*", "ec2:*"], "Resource": "*"}), R, "rekognition:"),
    "out of its boundary": (bounded(allow(["s3:*", "dynamodb:*", "logs:*", "cloudwatch:*", "ec2:*"])), R, "rekognition:CreateFaceLivenessSession"),
    "a table of another name": (
        lambda made: made.inline[ROLE][POLICY]["Statement"][0].update(Resource=f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/Old"), R,
        "dynamodb:PutItem",
    ),
    "the policy is gone": (gone, R, "rekognition:CreateFaceLivenessSession"),
    "denied under a condition": (inline(deny("s3:*", Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-2"}})), A, "s3:PutObject"),
    "denied in this Region": (inline(deny("s3:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})), R, "s3:PutObject"),
    "denied to roles of this name": (inline(deny("s3:*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/FaceAuth*"}})), R, "s3:PutObject"),
    "the bucket keeps out all but another role": (
        bucket_policy({**deny("s3:*", OBJECTS, Condition={"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/x"}}), "Principal": "*"}), R,
        "s3:PutObject",
    ),
    "no metrics": (without("cloudwatch:PutMetricData"), A, "cloudwatch:PutMetricData"),
    "no network": (lambda made: made.attached[ROLE].clear(), A, "ec2:CreateNetworkInterface"),
    "a login's right denied": (inline(allow("cognito-idp:AdminGetUser", f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_a"), deny("cognito-idp:*")), A, "cognito-idp:AdminGetUser"),
    "the bucket keeps it out": (bucket_policy({**deny("s3:*", [f"arn:aws:s3:::{bucket()}", OBJECTS]), "Principal": "*"}), R, "s3:PutObject"),
    "the bucket keeps it out under a condition": (
        bucket_policy({**deny("s3:PutObject", OBJECTS, Condition={"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), "Principal": "*"}), A,
        "s3:PutObject",
    ),
    "Lambda may not take it": (trust(assume({"Service": "ec2.amazonaws.com"}), instead=True), R, ROLE),
    "Lambda is denied it": (trust({**assume({"Service": "lambda.amazonaws.com"}), "Effect": "Deny"}), R, ROLE),
    "functions under another role": (moved("FaceAuth-Enrollment", "AdminRole"), A, "FaceAuth-Enrollment"),
    # Who gets into the bucket.
    "a service for anyone": (bucket_policy(serves("cloudtrail.amazonaws.com")), A, "cloudtrail.amazonaws.com"),
    "a service for another account": (bucket_policy(serves("cloudtrail.amazonaws.com", StringEquals={"aws:SourceAccount": OTHER})), A, "cloudtrail.amazonaws.com"),
    "a service where the source is given": (bucket_policy(serves("logging.s3.amazonaws.com", StringEqualsIfExists={"aws:SourceAccount": ACCOUNT})), A, "logging.s3.amazonaws.com"),
    "a service for any source": (bucket_policy(serves("logging.s3.amazonaws.com", ArnLike={"aws:SourceArn": "arn:aws:s3:::*"})), A, "logging.s3.amazonaws.com"),
    "an ACL for another account": (acl(user("f00")), R, "f00"),
    "an ACL for everyone": (acl(group(EVERYONE), blocked=False), R, "AllUsers"),
    "an ACL for everyone, blocked for now": (acl(group(EVERYONE)), A, "AllUsers"),
    "an ACL for any AWS user, blocked for now": (acl(group(SIGNED_IN), ownership="BucketOwnerPreferred"), A, "AuthenticatedUsers"),
    "an ACL where ownership was never set": (acl(user("f00"), ownership=None), R, "f00"),
    "an ACL of the reports bucket": (lambda made: made.blocks[REPORTS].update(BlockPublicAcls=False), R, "BlockPublicAcls"),
    "a key of another account": (encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID=f"arn:aws:kms:us-east-1:{OTHER}:key/1"), R, OTHER),
    # Our own roles.
    "our function under a role of others": (lambda made: setattr(made, "our_path", ""), R, "liveness-responder-high-error-rate"),
    "our right on another resource": (own(Resource=["arn:payroll"]), R, OUR_ROLE),
    "our right on one more resource": (own(Resource=["arn:x", "arn:payroll"]), R, OUR_ROLE),
    "our right by a pattern": (own(Resource=["arn:*"]), R, OUR_ROLE),
    "our action by a pattern": (own(Action=["dynamodb:Quer?"]), R, OUR_ROLE),
    "our right on a function of another name": (
        both(gives({"Fn::Sub": "arn:aws:lambda:us-east-1:1:function:${Name}"}), own(Resource="arn:aws:lambda:us-east-1:1:function:payroll")), R,
        OUR_ROLE,
    ),
    "our right on the same name elsewhere": (
        both(gives({"Fn::GetAtt": ["HighErrorRateRole", "Arn"]}), own(Resource=f"arn:aws:iam::{OTHER}:role/{OUR_ROLE}")), R,
        OUR_ROLE,
    ),
    "our policy on another resource": (lambda made: made.managed[OUR_POLICY]["Statement"][0].update(Resource=["arn:y"]), R, "OnCall"),
    "our denial on less": (
        lambda made: made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"][1].update(Resource="arn:aws:lambda:us-east-1:1:function:x"), R,
        OUR_ROLE,
    ),
    "our trust without its condition": (
        lambda made: made.template["Resources"]["HighErrorRateRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0].update(
            Condition={"ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:aws:scheduler:${AWS::Region}:${AWS::AccountId}:*"}}}
        ), R,
        OUR_ROLE,
    ),
}  # fmt: skip


@all_rows("name", FAULTS)
def test_a_planted_fault_is_found_weighed_and_named(name: str) -> None:
    change, light, names = FAULTS[name]
    made = corrected()
    change(made)
    section = made.audit()
    found = [each for each in section.items if each.light is not GREEN]
    assert [each for each in found if names in said(each)], [said(each) for each in found]
    assert section.light is light, [said(each) for each in found]
    assert all(each.command and each.chapter for each in found if each.light is not UNKNOWN)
    check_words(section)


def said(found: CheckItem) -> str:
    return say(found.said, "en")


LOGINS = [
    allow(
        ["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser", "cognito-idp:AdminCreateUser"],
        f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_AbC",
    ),
    allow(
        ["dynamodb:GetItem", "dynamodb:PutItem"],
        [f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/FaceAuth-{name}" for name in ("EmployeeFaces", "Cards")],
    ),
    allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:FaceAuth/ad-??????"),
    allow(["kms:Decrypt", "kms:GenerateDataKey"], f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"),
    allow("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:FaceAuth-Status"),
    allow(["s3:GetObject", "s3:PutObject"], OBJECTS),
    allow("s3:ListBucket", f"arn:aws:s3:::{bucket()}"),
    allow(["textract:AnalyzeID", "textract:DetectDocumentText", "ses:SendEmail", "sts:GetCallerIdentity"]),
    allow(["rekognition:CompareFaces", "rekognition:DeleteFaces", "rekognition:SearchFacesByImage"]),
    allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]),
]  # fmt: skip

FAULTLESS: dict[str, Change] = {
    piece("status.kept"): lambda made: None,
    "what logins use": inline(*LOGINS),
    "a Deny of all but TLS": inline(deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}})),
    "a Deny of what nothing allows": inline(deny(["iam:*", "organizations:*"])),
    "a Deny of other Regions": inline(deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}})),
    "a Deny of others' resources": inline(deny("s3:*", Condition={"StringNotEqualsIfExists": {"aws:ResourceAccount": ACCOUNT}})),
    "rights for this account's buckets": lambda made: made.inline[ROLE][POLICY]["Statement"][2].update(Condition={"StringEquals": {"s3:ResourceAccount": ACCOUNT}}),
    "a bucket for this role alone": bucket_policy(
        {**deny("s3:*", OBJECTS, Condition={"StringNotLike": {"aws:PrincipalArn": [OURS, f"arn:aws:iam::{ACCOUNT}:role/admin/*"]}}), "Principal": "*"}
    ),
    "an escalation that is denied": inline(allow("iam:PassRole"), deny("iam:*")),
    "an escalation out of the boundary": both(
        inline(allow("iam:PassRole")),
        bounded(allow([f"{each}:*" for each in ("s3", "dynamodb", "logs", "cloudwatch", "ec2", "rekognition")])),
    ),
    "a boundary around all it needs": bounded(allow("*")),
    "needs in capitals": lambda made: [
        each.update(Action=[one.upper() for one in each["Action"]])
        for each in made.inline[ROLE][POLICY]["Statement"]
    ],
    "a service with its source": bucket_policy(
        serves("cloudtrail.amazonaws.com", StringEquals={"AWS:SourceArn": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/x"}),
    ),
    "a service with its account": bucket_policy(serves("logging.s3.amazonaws.com", StringEquals={"aws:SourceAccount": [ACCOUNT]})),
    "a service of the organization": bucket_policy(serves("config.amazonaws.com", StringEquals={"aws:SourceOrgID": "o-abc"})),
    "an ACL that does not count": acl(user("f00"), ownership="BucketOwnerEnforced"),
    "an ACL of the owner alone": acl(ownership="ObjectWriter"),
    "a perimeter": bucket_policy(
        {**deny("s3:*", OBJECTS, Condition={"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}), "Principal": "*"}
    ),
    "a bucket key of this account that it may use": both(
        encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID="1"),
        inline(allow(["kms:Decrypt", "kms:GenerateDataKey"], f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1")),
    ),
    "encryption that was never set": lambda made: setattr(made, "encryption", None),
    "no VPC and no right for one": both(lambda made: made.vpc.clear(), lambda made: made.attached[ROLE].clear()),
    "ours in capitals": own(Action=["DynamoDB:query"]),
    "ours as the template fills it in": both(
        gives({"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}"}),
        lambda made: made.parameters.append({"ParameterKey": "Name", "ParameterValue": "FaceAuth-X"}),
        own(Resource=f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:FaceAuth-X"),
    ),
    "ours by the ARN of a resource": both(
        gives({"Fn::GetAtt": ["HighErrorRateRole", "Arn"]}),
        own(Resource=f"arn:aws:iam::{ACCOUNT}:role/liveness-responder/{OUR_ROLE}"),
    ),
    "another stack whose name begins alike": both(
        lambda made: setattr(made, "our_function", "liveness-responder-eu-errors"),
        lambda made: setattr(made, "our_path", "liveness-responder-eu/"),
    ),
    "ours by one of two": both(
        gives({"Fn::If": ["Given", {"Ref": "Name"}, {"Fn::Join": ["-", ["arn", {"Ref": "AWS::Region"}]]}]}),
        own(Resource="arn-us-east-1"),
    ),
}  # fmt: skip


@all_rows("name", FAULTLESS)
def test_a_world_without_a_fault_stays_green(name: str) -> None:
    made = corrected()
    FAULTLESS[name](made)
    section = made.audit()
    assert faults(section) == {}, [reported(each) for each in section.items if each.light is not GREEN]
    check_words(section)


def test_as_deployed_the_role_has_what_it_needs_and_no_light_changes() -> None:
    section = deployed().audit()
    assert faults(section) == {"check.security.no_versions": AMBER}
    assert "rekognition:CreateFaceLivenessSession" in reported(item(section, "check.security.lacks.none"))


def test_nothing_found_says_what_was_looked_for_and_what_was_not() -> None:
    section = deployed().audit()
    narrow = reported(item(section, "check.security.narrow"))
    assert piece("check.security.narrow") in narrow
    assert piece("check.security.narrow.what") in narrow
    assert piece("check.security.narrow.services") in narrow
    assert "cloudwatch, dynamodb, logs, rekognition, s3" in narrow
    assert piece("check.security.unjudged.more") in reported(item(section, "check.security.unjudged"))
    assert "too wide" not in " ".join(reported(each) for each in section.items)


def test_encryption_that_was_never_set_is_not_called_set() -> None:
    made = corrected()
    made.encryption = None
    found = reported(item(made.audit(), "check.security.encrypted.unset", bucket()))
    assert piece("check.security.encrypted.unset") in found


# --- commands


def one(section: CheckSection, key: str) -> CheckItem:
    return item(section, f"check.security.{key}")


def test_a_narrow_policy_is_shown_and_never_detached() -> None:
    made = corrected()
    attached(LOGINS[0])(made)
    found = one(made.audit(), "attached.unknown")
    assert found.light is AMBER
    assert found.command == f"aws iam get-policy-version --policy-arn {CUSTOM} --version-id v7"
    assert found.caution is None


def test_what_detaching_takes_away_is_shown_with_it_and_it_is_refused_once_the_policy_changed() -> None:
    made = corrected()
    attached(allow("iam:*"), LOGINS[0])(made)
    found = one(made.audit(), "attached.excess")
    assert found.command == (
        f'if [ "$(aws iam get-policy --policy-arn {CUSTOM} --query Policy.DefaultVersionId --output text)" = v7 ]; '
        f"then aws iam detach-role-policy --role-name {ROLE} --policy-arn {CUSTOM}; "
        "else echo 'Changed since the check: no changes were made'; false; fi"
    )
    assert found.caution
    words = say(found.caution, "en")
    assert "cognito-idp, iam" in words
    assert "the person who attached it" in words


def test_a_policy_on_which_the_service_lives_is_not_detached_however_wide() -> None:
    made = corrected()
    gone(made)
    attached(allow("*"))(made)
    found = one(made.audit(), "attached.excess")
    assert "detach-role-policy" not in found.command
    assert piece("check.security.attached.needed") in reported(found)


def test_what_the_service_lacks_anyway_does_not_keep_a_policy_attached() -> None:
    made = corrected()
    both(without("s3:PutObject"), attached(allow("iam:*")))(made)
    found = one(made.audit(), "attached.excess")
    assert "detach-role-policy" in found.command
    assert "iam:* (iam:AttachRolePolicy)" in said(found)


def test_who_of_this_account_may_take_the_role_is_shown_and_not_taken_out() -> None:
    made = corrected()
    trust(assume({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))(made)
    found = one(made.audit(), "trust.wide")
    assert found.light is AMBER
    assert found.command == f"aws iam get-role --role-name {ROLE} --query Role.AssumeRolePolicyDocument"


def test_a_stranger_is_taken_out_of_the_trust_only_while_it_is_as_it_was_read() -> None:
    made = corrected()
    trust(assume({"AWS": OTHER}))(made)
    found = one(made.audit(), "trust.wide")
    assert found.command.startswith(f'if [ "$(aws iam get-role --role-name {ROLE} --query ')
    (before,) = asked(found.command)
    assert before.holds({"Role": {"AssumeRolePolicyDocument": made.trust}})
    trust(assume({"AWS": "111111111111"}))(made)
    assert not before.holds({"Role": {"AssumeRolePolicyDocument": made.trust}})
    assert found.caution
    assert OTHER in say(found.caution, "en")


def test_what_was_added_to_our_role_is_shown_where_it_is_narrow() -> None:
    made = corrected()
    made.inline[OUR_ROLE]["Mine"] = {"Statement": [allow("rekognition:DetectFaces")]}
    found = one(made.audit(), "role.wider")
    assert found.command == f"aws iam get-role-policy --role-name {OUR_ROLE} --policy-name Mine"
    assert found.caution is None


def test_what_runs_on_lambda_needs_is_read_like_any_policy() -> None:
    made = corrected()
    made.managed[made.attached[ROLE][0]] = {"Statement": [{**VPC_ACCESS, "Action": "logs:*"}]}
    assert "ec2:CreateNetworkInterface" in said(one(made.audit(), "lacks.some"))
