"""Harder faults of rights: written as they are found in accounts, not as a textbook writes them. And rights that
are well, written in unusual ways."""
# ruff: noqa: E501 - a fault to the line

from typing import Any

from rehearsal.world.names import ACCOUNT, POLICY, ROLE, bucket
from responder.checks.finding import AMBER, RED, UNKNOWN, CheckStatus
from responder.core.errors import Denied
from responder.core.plain_data import Json
from tests.unit.checks.safe_world import OUR_ROLE, REPORTS, TOPIC, Safe
from tests.unit.checks.test_security_faults import (
    CUSTOM,
    OBJECTS,
    OTHER,
    OURS,
    Change,
    acl,
    allow,
    assume,
    attached,
    both,
    bounded,
    bucket_policy,
    deny,
    encrypted,
    gone,
    inline,
    own,
    serves,
    trust,
    user,
    without,
)

A, R, U = AMBER, RED, UNKNOWN
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function"
BUCKET = f"arn:aws:s3:::{bucket()}"
AUDIT = f"arn:aws:s3:::{bucket()}/liveness-audit/*"

type Fault = tuple[Change, CheckStatus, str]


def lets(who: Any, action: Any = "s3:GetObject", on: Any = OBJECTS, **more: Any) -> Json:
    return {"Effect": "Allow", "Principal": who, "Action": action, "Resource": on, **more}


def grants(light: CheckStatus, action: str, on: str = "*") -> Fault:
    """A right that the mail names as it is written."""
    return inline(allow(action, on)), light, action


def if_(operator: str, key: str, value: Any) -> Json:
    return {"Condition": {operator: {key: value}}}


def only(index: int, **change: Any) -> Change:
    """A statement of the service's own policy is changed."""
    return lambda made: made.inline[ROLE][POLICY]["Statement"][index].update(change)


def instead(*statements: Json) -> Change:
    return lambda made: made.inline[ROLE][POLICY].update(Statement=list(statements))


def unread_version(made: Safe) -> None:
    attached(allow("s3:GetObject", OBJECTS))(made)
    made.managed[CUSTOM] = {"Version": "2012-10-17"}


def copied(**to: str) -> Change:
    return lambda made: made.copied.append({"Destination": to})


def pab(**change: bool) -> Change:
    return lambda made: made.blocks[bucket()].update(change)


def ours_attached(arn: str) -> Change:
    def change(made: Safe) -> None:
        made.attached[OUR_ROLE].append(arn)
        made.managed[arn] = {"Statement": [allow(["s3:Get*", "dynamodb:Scan"])]}

    return change


def old_version_wide(made: Safe) -> None:
    """The version in force is narrow; another one, which counts for nothing, allows everything."""
    arn = made.attached[ROLE][0]
    narrow = made.managed[arn]

    def version(PolicyArn: str, VersionId: str) -> Json:  # noqa: N803 - AWS's own names
        found = made.managed[PolicyArn] if VersionId == "v7" else {"Statement": [allow("*")]}
        return {"PolicyVersion": {"Document": found}}

    assert narrow
    made.aws.answer("iam", "get_policy_version", version)


TOO_WIDE: dict[str, Fault] = {
    "all but S3 and DynamoDB, everywhere": (inline({"Effect": "Allow", "NotAction": ["s3:*", "dynamodb:*"], "Resource": "*"}), R, "*"),
    "all but IAM, as PowerUserAccess writes it": (inline({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}), R, "(1): *"),
    "reads of every bucket but one": (inline({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::payroll/*"}), A, "s3:GetObject"),
    "a wildcard within Put…Policy": grants(R, "iam:Put*Policy", OURS),
    "a wildcard within Update…Code": grants(R, "lambda:Update*Code", f"{FUNCTION}:FaceAuth-Enrollment"),
    "a wildcard after Assume": grants(R, "sts:Assume*", f"arn:aws:iam::{OTHER}:role/x"),
    "a wildcard in the name of the service": grants(R, "i?m:PassRole"),
    "every action of every service, written twice": grants(R, "*:*"),
    "every action, with two stars": grants(R, "**"),
    "every action that ends in Role": grants(R, "iam:*Role"),
    "reads of all that begins with Get": grants(A, "s3:Get*", "arn:aws:s3:::*"),
    "capitals in an escalation": grants(R, "LAMBDA:UPDATEFUNCTIONCODE", f"{FUNCTION}:FaceAuth-FaceLogin"),
    "capitals in a read of another bucket": grants(A, "S3:GETOBJECT", "arn:aws:s3:::payroll/*"),
    "under a condition that always holds": (inline(allow("iam:PassRole", "*", **if_("StringEquals", "aws:PrincipalAccount", ACCOUNT))), R, "iam:PassRole"),
    "under a condition on any principal": (inline(allow("iam:PutRolePolicy", OURS, **if_("ArnLike", "aws:PrincipalArn", "*"))), R, "iam:PutRolePolicy"),
    "a Deny that never holds": (inline(allow("iam:PassRole"), deny("iam:*", **if_("StringEquals", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/x"))), R, "iam:PassRole"),
    "a Deny of all but what matters": (inline(allow("iam:PassRole"), {"Effect": "Deny", "NotAction": ["iam:PassRole", "s3:*", "dynamodb:*", "rekognition:*", "logs:*", "cloudwatch:*", "ec2:*"], "Resource": "*"}), R, "iam:PassRole"),
    "a Deny of another action": (inline(allow("iam:PassRole"), deny("iam:PassRoles")), R, "iam:PassRole"),
    "a boundary that leaves out what matters": (both(inline(allow("iam:PassRole")), bounded(allow("*"), deny("iam:Create*"))), R, "iam:PassRole"),
    "a boundary by NotAction": (both(inline(allow("iam:PassRole")), bounded({"Effect": "Allow", "NotAction": "organizations:*", "Resource": "*"})), R, "iam:PassRole"),
    "a bucket whose name goes on": grants(A, "s3:GetObject", f"arn:aws:s3:::{bucket()}*"),
    "a bucket by a variable": grants(A, "s3:GetObject", "arn:aws:s3:::${aws:PrincipalTag/team}/*"),
    "a bucket in any partition": grants(A, "s3:GetObject", "arn:*:s3:::*/*"),
    "one statement among lists": (inline(allow(["logs:PutLogEvents", "iam:CreatePolicyVersion"], ["arn:aws:logs:*:*:*", CUSTOM])), R, "iam:CreatePolicyVersion"),
    "a policy that AWS made for others": (attached(allow(["iam:*", "s3:*"]), arn="arn:aws:iam::aws:policy/IAMFullAccess"), R, "IAMFullAccess"),
    "another identity pool's roles": grants(R, "cognito-identity:SetIdentityPoolRoles"),
    "an identity provider": grants(R, "iam:CreateOpenIDConnectProvider"),
    "an MFA device switched off": grants(R, "iam:DeactivateMFADevice", f"arn:aws:iam::{ACCOUNT}:user/*"),
    "a federation token": grants(R, "sts:GetFederationToken", f"arn:aws:sts::{ACCOUNT}:federated-user/x"),
    "a notebook's credentials": grants(R, "sagemaker:CreatePresignedNotebookInstanceUrl"),
    "a development endpoint": grants(R, "glue:UpdateDevEndpoint"),
    "a build with another role": grants(R, "codebuild:StartBuild", f"arn:aws:codebuild:us-east-1:{ACCOUNT}:project/x"),
    "a project that builds": grants(R, "codebuild:UpdateProject", f"arn:aws:codebuild:us-east-1:{ACCOUNT}:project/x"),
    "an instance's start script": grants(R, "ec2:ModifyInstanceAttribute", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/*"),
    "a key onto an instance": grants(R, "ec2-instance-connect:SendSSHPublicKey"),
    "a shell on an instance": grants(R, "ssm:StartSession", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/*"),
    "a state machine's definition": grants(R, "states:UpdateStateMachine"),
    "a mapping that starts a function": grants(A, "lambda:CreateEventSourceMapping"),
    "an instance with a role": grants(A, "ec2:RunInstances"),
    "a task with a role": grants(A, "ecs:RunTask"),
    "a function's address without sign-in": grants(A, "lambda:CreateFunctionUrlConfig", f"{FUNCTION}:FaceAuth-Status"),
    "the bucket's ACL": grants(A, "s3:PutBucketAcl", BUCKET),
    "the ACL of an object": grants(A, "s3:PutObjectAcl", OBJECTS),
    "the bucket's public access block": grants(A, "s3:PutBucketPublicAccessBlock", BUCKET),
    "the policy of a table": grants(A, "dynamodb:PutResourcePolicy", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/FaceAuth-LivenessSessions"),
    "a grant on a key": grants(A, "kms:CreateGrant", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"),
    "the table copied to a bucket": grants(A, "dynamodb:ExportTableToPointInTime", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/FaceAuth-LivenessSessions"),
    "the bucket's lifecycle": grants(A, "s3:PutLifecycleConfiguration", BUCKET),
    "the end of the alarms": grants(A, "cloudwatch:DeleteAlarms"),
    "messages to any topic": grants(A, "sns:Publish"),
    "what anyone logs": grants(A, "logs:FilterLogEvents"),
    "a query over every log": grants(A, "logs:StartQuery", "arn:aws:logs:*:*:log-group:*"),
    "the end of the logs": grants(A, "logs:DeleteLogGroup"),
    "rows of every table": grants(A, "dynamodb:BatchGetItem"),
    "rows of every table, by a query": grants(A, "dynamodb:PartiQLSelect", "arn:aws:dynamodb:*:*:table/*"),
    "faces of any collection deleted with it": grants(A, "rekognition:Delete*"),
    "a policy whose text cannot be read": (unread_version, A, "Custom"),
}  # fmt: skip

LACKING: dict[str, Fault] = {
    "denied in capitals": (inline(deny("S3:PUTOBJECT")), R, "s3:PutObject"),
    "denied everywhere but under logins/": (inline({"Effect": "Deny", "Action": "s3:*", "NotResource": f"arn:aws:s3:::{bucket()}/logins/*"}), R, "s3:PutObject"),
    "allowed under logins/ only": (only(2, Resource=[f"arn:aws:s3:::{bucket()}/logins/*"]), R, "s3:PutObject"),
    "allowed on the bucket, not on what is in it": (only(2, Resource=[BUCKET]), R, "s3:PutObject"),
    "allowed on a bucket in capitals": (only(2, Resource=[OBJECTS.replace("face-auth", "Face-Auth")]), R, "s3:PutObject"),
    "a misspelt action": (only(2, Action=["s3:PutObjects", "s3:GetObject", "s3:DeleteObject"]), R, "s3:PutObject"),
    "the table of another Region": (only(0, Resource=f"arn:aws:dynamodb:us-west-2:{ACCOUNT}:table/FaceAuth-LivenessSessions"), R, "dynamodb:PutItem"),
    "the table of another account": (only(0, Resource=f"arn:aws:dynamodb:us-east-1:{OTHER}:table/FaceAuth-LivenessSessions"), R, "dynamodb:PutItem"),
    "allowed in another Region only": (only(1, Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}), R, "rekognition:CreateFaceLivenessSession"),
    "allowed from an office only": (only(1, Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), A, "rekognition:CreateFaceLivenessSession"),
    "allowed until a day that is past": (only(1, Condition={"DateLessThan": {"aws:CurrentTime": "2025-01-01T00:00:00Z"}}), R, "rekognition:CreateFaceLivenessSession"),
    "denied since a day that is past": (inline(deny("*", **if_("DateGreaterThan", "aws:CurrentTime", "2025-01-01T00:00:00Z"))), R, "rekognition:CreateFaceLivenessSession"),
    "denied to this account": (inline(deny("rekognition:*", **if_("StringEquals", "aws:PrincipalAccount", ACCOUNT))), R, "rekognition:CreateFaceLivenessSession"),
    "denied wherever TLS is used": (inline(deny("s3:*", **if_("Bool", "aws:SecureTransport", "true"))), R, "s3:PutObject"),
    "denied out of one VPC": (inline(deny("dynamodb:*", **if_("StringNotEquals", "aws:SourceVpc", "vpc-9"))), A, "dynamodb:PutItem"),
    "denied without a tag": (inline(deny("rekognition:*", **if_("StringNotEquals", "aws:PrincipalTag/env", "prod"))), A, "rekognition:CreateFaceLivenessSession"),
    "a boundary that denies": (bounded(allow("*"), deny("rekognition:*")), R, "rekognition:CreateFaceLivenessSession"),
    "an empty boundary": (bounded(), R, "rekognition:CreateFaceLivenessSession"),
    "a boundary by NotAction that leaves out images": (bounded({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}), R, "s3:PutObject"),
    "a boundary for other resources": (bounded({"Effect": "Allow", "Action": "*", "NotResource": OBJECTS}), R, "s3:PutObject"),
    "only reads of sessions": (without("dynamodb:PutItem", "dynamodb:UpdateItem"), R, "dynamodb:PutItem"),
    "an attached policy instead, for another bucket": (both(gone, attached(allow("s3:*", "arn:aws:s3:::other/*"), allow(["dynamodb:*", "rekognition:*", "logs:*", "cloudwatch:*"]))), R, "s3:PutObject"),
    "an empty policy": (instead(), R, "rekognition:CreateFaceLivenessSession"),
    "Lambda may take it for another account": (trust({**assume({"Service": "lambda.amazonaws.com"}), "Condition": {"StringEquals": {"aws:SourceAccount": OTHER}}}, instead=True), R, ROLE),
    "Lambda may take it with a token only": (trust({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}, instead=True), R, ROLE),
    "nobody may take it": (trust(instead=True), R, ROLE),
    "images under a key that it may not use": (encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"), A, "kms:GenerateDataKey"),
    "images under a key that it is denied": (both(encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"), inline(allow("kms:*", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"), deny("kms:*"))), R, "kms:GenerateDataKey"),
}  # fmt: skip

TRUSTING: dict[str, Fault] = {
    "everyone may take the role": (trust(assume("*")), R, ROLE),
    "everyone of AWS, in a list": (trust(assume({"AWS": ["*"]})), R, ROLE),
    "another account's user": (trust(assume({"AWS": f"arn:aws:iam::{OTHER}:user/x"})), R, ROLE),
    "another account with an external id": (trust(assume({"AWS": OTHER}, **if_("StringEquals", "sts:ExternalId", "x"))), R, ROLE),
    "a session of another account": (trust(assume({"AWS": f"arn:aws:sts::{OTHER}:assumed-role/a/b"})), R, ROLE),
    "a principal that was deleted": (trust(assume({"AWS": "AIDAIOSFODNN7EXAMPLE"})), R, ROLE),
    "any repository of a code host": (trust({"Effect": "Allow", "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity", **if_("StringLike", "token.actions.githubusercontent.com:sub", "repo:*")}), R, ROLE),
    "any user of an identity pool": (trust({"Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}), R, ROLE),
    "all but one": (trust({"Effect": "Allow", "NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}), R, ROLE),
    "another service": (trust(assume({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]})), A, ROLE),
    "everyone of this account": (trust(assume("*", **if_("StringEquals", "aws:PrincipalAccount", ACCOUNT))), A, ROLE),
    "this whole account, by its number": (trust(assume({"AWS": ACCOUNT})), A, ROLE),
    "another account beside Lambda in one statement": (trust(assume({"Service": "lambda.amazonaws.com", "AWS": f"arn:aws:iam::{OTHER}:root"}), instead=True), R, ROLE),
}  # fmt: skip

EXPOSED: dict[str, Fault] = {
    "everyone, by a list of one": (bucket_policy(lets({"AWS": ["*"]})), R, "allows public access"),
    "everyone but one": (bucket_policy({"Effect": "Allow", "NotPrincipal": {"AWS": OURS}, "Action": "s3:GetObject", "Resource": OBJECTS}), R, "allows public access"),
    "everyone, for all actions but one": (bucket_policy({"Effect": "Allow", "Principal": "*", "NotAction": "s3:DeleteBucket", "Resource": OBJECTS}), R, "allows public access"),
    "everyone, on all but one prefix": (bucket_policy({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "NotResource": f"arn:aws:s3:::{bucket()}/temp/*"}), R, "allows public access"),
    "everyone, on the audit images alone": (bucket_policy(lets("*", on=AUDIT)), R, "allows public access"),
    "everyone, to list": (bucket_policy(lets("*", "s3:ListBucket", BUCKET)), R, "allows public access"),
    "everyone out of a VPC": (bucket_policy(lets("*", **if_("StringNotEquals", "aws:SourceVpc", "vpc-1"))), A, "under conditions"),
    "everyone in a VPC": (bucket_policy(lets("*", **if_("StringEquals", "aws:SourceVpc", "vpc-1"))), A, "under conditions"),
    "everyone with a header": (bucket_policy(lets("*", **if_("StringLike", "aws:Referer", "https://example.com/*"))), A, "under conditions"),
    "everyone from everywhere": (bucket_policy(lets("*", **if_("IpAddress", "aws:SourceIp", ["0.0.0.0/0", "::/0"]))), A, "under conditions"),
    "everyone of another account": (bucket_policy(lets("*", **if_("StringEquals", "aws:PrincipalAccount", OTHER))), A, "under conditions"),
    "everyone through an access point of another account": (bucket_policy(lets("*", **if_("StringEquals", "s3:DataAccessPointAccount", OTHER))), A, "under conditions"),
    "another account's role beside our own": (bucket_policy(lets({"AWS": [OURS, f"arn:aws:iam::{OTHER}:role/x"]})), R, OTHER),
    "an identity provider": (bucket_policy(lets({"Federated": "cognito-identity.amazonaws.com"})), R, "cognito-identity"),
    "an account in a list of mixed kinds": (bucket_policy(lets({"AWS": [ACCOUNT, OTHER], "Service": "logging.s3.amazonaws.com"})), R, OTHER),
    "everyone in the second of three statements": (bucket_policy(lets({"AWS": OURS}), lets("*"), lets({"AWS": ACCOUNT})), R, "allows public access"),
    "a content network of anyone": (bucket_policy({**lets({"Service": "cloudfront.amazonaws.com"})}), A, "cloudfront.amazonaws.com"),
    "a service for any account": (bucket_policy(serves("logging.s3.amazonaws.com", StringLike={"aws:SourceAccount": "*"})), A, "logging.s3.amazonaws.com"),
    "a service for any trail": (bucket_policy(serves("cloudtrail.amazonaws.com", ArnLike={"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*"})), A, "cloudtrail.amazonaws.com"),
    "a service for all but one account": (bucket_policy(serves("cloudtrail.amazonaws.com", StringNotEquals={"aws:SourceAccount": OTHER})), A, "cloudtrail.amazonaws.com"),
    "the reports bucket for everyone": (bucket_policy(lets("*", on=f"arn:aws:s3:::{REPORTS}/*"), name=REPORTS), R, REPORTS),
    "copied to a bucket of another account": (copied(Account=OTHER, Bucket="arn:aws:s3:::taken"), R, OTHER),
    "copied to a bucket whose owner is not told": (copied(Bucket="arn:aws:s3:::archive"), A, "archive"),
    "replication may not be read": (lambda made: made.refuse(Denied, "AccessDenied", ("s3", "get_bucket_replication")), U, "s3:GetReplicationConfiguration"),
    "one block of four off": (pab(RestrictPublicBuckets=False), R, "RestrictPublicBuckets"),
    "all four blocks off": (pab(BlockPublicAcls=False, IgnorePublicAcls=False, BlockPublicPolicy=False, RestrictPublicBuckets=False), R, "BlockPublicAcls"),
    "an ACL for another account beside a group": (acl(user("f00"), {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}), R, "f00"),
}  # fmt: skip

RESULT = "FaceAuth-GetLivenessResult"


def calls(who: Any, action: Any = "lambda:InvokeFunction", name: str = RESULT, **more: Any) -> Change:
    statement = lets(who, action, f"{FUNCTION}:{name}", Sid="injected", **more)
    return lambda made: made.function_policies[name].append(statement)


def topic(who: Any, action: Any = "SNS:Subscribe", **more: Any) -> Change:
    return lambda made: made.topic_policy.append(lets(who, action, TOPIC, Sid="injected", **more))


SHARED: dict[str, Fault] = {
    "a function URL without sign-in": (calls("*", "lambda:InvokeFunctionUrl", **if_("StringEquals", "lambda:FunctionUrlAuthType", "NONE")), R, f"{RESULT} has a function URL"),
    "a function URL without sign-in of a login function": (calls({"AWS": "*"}, "lambda:InvokeFunctionUrl", "FaceAuth-EmergencyAuth", **if_("StringEquals", "lambda:FunctionUrlAuthType", ["NONE"])), R, "FaceAuth-EmergencyAuth"),
    "everyone may call a function": (calls("*"), R, RESULT),
    "another account may call a function": (calls({"AWS": f"arn:aws:iam::{OTHER}:root"}, name="FaceAuth-Enrollment"), R, OTHER),
    "another account may change the code": (calls({"AWS": OTHER}, "lambda:UpdateFunctionCode"), R, OTHER),
    "another account may read the code": (calls({"AWS": OTHER}, "lambda:GetFunction"), R, OTHER),
    "everyone of an organization may call a function": (calls("*", **if_("StringEquals", "aws:PrincipalOrgID", "o-abc")), A, "under conditions"),
    "a service may call it for any source": (calls({"Service": "apigateway.amazonaws.com"}), A, "apigateway.amazonaws.com"),
    "a service may call it for another account": (calls({"Service": "events.amazonaws.com"}, **if_("ArnLike", "AWS:SourceArn", f"arn:aws:events:us-east-1:{OTHER}:rule/x")), A, "events.amazonaws.com"),
    "everyone may subscribe to what on-call hears": (topic("*"), R, "notifications"),
    "another account may subscribe": (topic({"AWS": f"arn:aws:iam::{OTHER}:user/x"}), R, OTHER),
    "everyone may publish as if we had": (topic({"AWS": "*"}, "SNS:Publish"), R, "notifications"),
    "another owner": (topic("*", **if_("StringEquals", "AWS:SourceOwner", OTHER)), A, "under conditions"),
    "a service may publish for any source": (topic({"Service": "s3.amazonaws.com"}, "SNS:Publish"), A, "s3.amazonaws.com"),
    "policies of functions may not be read": (lambda made: made.refuse(Denied, "AccessDeniedException", ("lambda", "get_policy")), U, "lambda:GetPolicy"),
    "the topic may not be read": (lambda made: made.refuse(Denied, "AuthorizationError", ("sns", "get_topic_attributes")), U, "sns:GetTopicAttributes"),
}  # fmt: skip

OURS_CHANGED: dict[str, Fault] = {
    "one more policy of AWS": (ours_attached("arn:aws:iam::aws:policy/ReadOnlyAccess"), R, "ReadOnlyAccess"),
    "the same name of another account": (ours_attached(f"arn:aws:iam::{OTHER}:policy/service-role/AWSLambdaBasicExecutionRole"), R, OUR_ROLE),
    "one more inline policy": (lambda made: made.inline[OUR_ROLE].update(Extra={"Statement": [allow("iam:PassRole")]}), R, "Extra"),
    "one more action in our policy": (own(Action=["dynamodb:Query", "dynamodb:Scan"]), R, OUR_ROLE),
    "NotAction in our policy": (lambda made: made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"].append({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}), R, OUR_ROLE),
    "NotResource in our policy": (lambda made: made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"].append({"Effect": "Allow", "Action": "dynamodb:Query", "NotResource": "arn:y"}), R, OUR_ROLE),
    "our Deny gone": (lambda made: made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"].pop(), R, OUR_ROLE),
    "our Deny under one more condition": (lambda made: made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"][1]["Condition"].update(StringEquals={"aws:RequestedRegion": "eu-west-1"}), R, OUR_ROLE),
    "our role for another account": (lambda made: made.our_trust["Statement"].append(assume({"AWS": OTHER})), R, OUR_ROLE),
    "our role for another service": (lambda made: made.our_trust["Statement"].append(assume({"Service": "ec2.amazonaws.com"})), R, OUR_ROLE),
    "a strange layer on our function": (lambda made: made.layers.append(f"arn:aws:lambda:us-east-1:{OTHER}:layer:probe:1"), R, "probe"),
}  # fmt: skip

WELL: dict[str, Change] = {
    "a policy in many small statements": lambda made: made.inline[ROLE][POLICY].update(
        Statement=[
            {**each, "Action": one, "Resource": on}
            for each in made.inline[ROLE][POLICY]["Statement"]
            for one in each["Action"]
            for on in each["Resource"]
        ]
    ),
    "wildcards that reach nothing else": only(2, Action=["s3:Put?bject", "s3:GetObject", "s3:DeleteObject"]),
    "a condition that always holds": only(2, Condition={"Bool": {"aws:SecureTransport": "true"}}),
    "an escalation under a Deny in capitals": inline(allow("iam:PassRole"), deny("IAM:*")),
    "an old version of a policy is wide": old_version_wide,
    "a Deny for other principals": inline(deny("*", **if_("StringNotEquals", "aws:PrincipalAccount", ACCOUNT))),
    "a Deny of all but what is needed": inline({"Effect": "Deny", "NotAction": [f"{each}:*" for each in ("s3", "dynamodb", "rekognition", "logs", "cloudwatch", "ec2", "xray")], "Resource": "*"}),
    "Lambda for this account only": trust({**assume({"Service": "lambda.amazonaws.com"}), "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}, instead=True),
    "Lambda in a list, with a version": trust({"Sid": "L", **assume({"Service": ["lambda.amazonaws.com"]})}, instead=True),
    "everyone of this account, for the bucket": bucket_policy(lets("*", **if_("StringEquals", "aws:PrincipalAccount", [ACCOUNT]))),
    "functions without a policy": lambda made: made.function_policies.update({name: [] for name in made.function_policies}),
    "a service that calls for this account": calls({"Service": "events.amazonaws.com"}, **if_("StringEquals", "aws:SourceAccount", ACCOUNT)),
    "a role of this account may call a function": calls({"AWS": OURS}),
    "a replication that is switched off (bucket)": lambda made: made.copied.append({"Status": "Disabled", "Destination": {"Bucket": "arn:aws:s3:::old"}}),
    "reads of its own logs": inline(allow("logs:FilterLogEvents", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/FaceAuth-Status:*")),
    "the bucket for our own role": bucket_policy(lets({"AWS": OURS}, ["s3:GetObject", "s3:PutObject"])),
    "a Deny without TLS, with a list": bucket_policy({"Effect": "Deny", "Principal": {"AWS": ["*"]}, "Action": ["s3:*"], "Resource": [BUCKET, OBJECTS], "Condition": {"BoolIfExists": {"AWS:SecureTransport": ["false"]}}}),
    "a service with its source in small letters": bucket_policy(serves("cloudtrail.amazonaws.com", StringEqualsIgnoreCase={"aws:sourceaccount": ACCOUNT})),
    "a key of AWS": encrypted(SSEAlgorithm="aws:kms"),
    "a key of AWS by its alias": encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID="alias/aws/s3"),
    "a key that it may use": both(
        encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"),
        inline(allow(["kms:Decrypt", "kms:GenerateDataKey"], f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1")),
    ),
}  # fmt: skip
