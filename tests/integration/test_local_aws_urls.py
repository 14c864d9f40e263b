"""Function URLs let in, refuse and pass on what AWS does."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from unittest.mock import patch

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from local_aws.client import Fault, LocalAws
from local_aws.client.administrator import ACCOUNT, SECRET
from tests.integration._local_aws import Keys, Web, allow, code_of, function, role, user

# Answers with the event, and how often this worker ran.
DOOR = """
import json
RUNS = 0

def handler(event, context):
    global RUNS
    RUNS += 1
    return {"statusCode": 200, "body": json.dumps({"event": event, "runs": RUNS})}
"""
HEADERS_TO_SIGN = SigV4Auth.headers_to_sign
VIA_URL = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
OWN_TYPE = {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}


def both(arn: str) -> tuple[dict[str, object], dict[str, object]]:
    """What who calls a function URL needs: the second statement allows no other way to invoke."""
    return (
        allow("lambda:InvokeFunctionUrl", arn, Condition=OWN_TYPE),
        allow("lambda:InvokeFunction", arn, Condition=VIA_URL),
    )


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    function(bare, "door", role(bare, "door"), DOOR)
    return bare


@pytest.fixture(scope="module")
def arn(aws: LocalAws) -> str:
    return f"arn:aws:lambda:{aws.region}:{aws.account}:function:door"


@pytest.fixture(scope="module")
def door(aws: LocalAws) -> Web:
    made = aws.client("lambda").create_function_url_config(FunctionName="door", AuthType="AWS_IAM")
    return Web(made["FunctionUrl"])


@pytest.fixture(scope="module")
def hana(aws: LocalAws, arn: str) -> Keys:
    return user(aws, "hana", *both(arn))


def call(aws: LocalAws, web: Web, keys: Keys, **more: Any) -> tuple[int, Any]:
    """Sign and send."""
    return web.send(aws, web.signed(keys, aws.region, **more))


def runs(aws: LocalAws, door: Web, hana: Keys) -> int:
    """How often the function has run, this call included."""
    status, answer = call(aws, door, hana)
    assert status == 200, answer
    return int(answer["runs"])


def test_the_function_gets_who_called(aws: LocalAws, door: Web, hana: Keys) -> None:
    status, answer = call(aws, replace(door, path="acks?a=1", headers={"X-Of-Mine": "1"}), hana)
    assert status == 200
    event, account = answer["event"], aws.account
    known = aws.client("iam").get_user(UserName="hana")["User"]["UserId"]
    assert known.startswith("AIDA")
    assert event["requestContext"]["authorizer"] == {
        "iam": {
            "accessKey": hana.access_key,
            "accountId": account,
            "callerId": known,
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": f"arn:aws:iam::{account}:user/hana",
            "userId": known,
        }
    }
    asked = event["requestContext"]["http"]
    assert (asked["method"], asked["path"]) == ("POST", "/acks")
    assert (event["version"], event["rawPath"], event["rawQueryString"]) == ("2.0", "/acks", "a=1")
    assert (event["requestContext"]["accountId"], event["headers"]["x-of-mine"]) == (account, "1")
    assert "authorization" not in event["headers"]
    assert base64.b64decode(event["body"]) == b"{}"
    assert event["isBase64Encoded"] is True


def test_json_comes_as_it_was_sent(aws: LocalAws, door: Web, hana: Keys) -> None:
    sent = '{"reason": "安定した"}'
    _, answer = call(aws, replace(door, body=sent.encode()), hana)
    assert (answer["event"]["body"], answer["event"]["isBase64Encoded"]) == (sent, False)


def test_a_session_is_named_with_its_role(aws: LocalAws, arn: str, door: Web) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": aws.account}, "Action": "sts:AssumeRole"}],
    }
    iam = aws.client("iam")
    made = iam.create_role(RoleName="OnCall", Path="/people/", AssumeRolePolicyDocument=json.dumps(trust))[
        "Role"
    ]
    policy = {"Version": "2012-10-17", "Statement": both(arn)}
    iam.put_role_policy(RoleName="OnCall", PolicyName="p", PolicyDocument=json.dumps(policy))
    given = aws.client("sts").assume_role(RoleArn=made["Arn"], RoleSessionName="ken@example")
    status, answer = call(aws, door, Keys.of(given["Credentials"]))
    assert status == 200
    who = answer["event"]["requestContext"]["authorizer"]["iam"]
    assert who["userArn"] == f"arn:aws:sts::{aws.account}:assumed-role/OnCall/ken@example"
    assert who["userId"] == who["callerId"] == f"{made['RoleId']}:ken@example"


def _without_host(signer: SigV4Auth, request: AWSRequest) -> Any:
    headers = HEADERS_TO_SIGN(signer, request)
    del headers["host"]
    return headers


@pytest.fixture
def forged(aws: LocalAws, door: Web, hana: Keys) -> dict[str, tuple[Web, dict[str, str]]]:
    """Requests that AWS refuses, each as it is sent."""
    now, other = datetime.now(UTC), replace(door, body=b'{"a": 1}')
    good = door.signed(hana, aws.region)
    hashed = replace(door, headers={**door.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    elsewhere = replace(door, url=door.url.replace("https://", "https://a"))
    late = {
        minutes: door.signed(hana, aws.region, at=now - timedelta(minutes=minutes)) for minutes in (6, -6)
    }
    signature = good["Authorization"]
    with patch.object(SigV4Auth, "headers_to_sign", _without_host):
        no_host = door.signed(hana, aws.region)
    administrator = Keys(ACCOUNT, "not the secret")
    undated = {**good, "X-Amz-Date": good["X-Amz-Date"][:8] + "T0000ZZZ"}
    return {
        "unsigned": (door, dict(door.headers)),
        "another secret": (door, door.signed(replace(hana, secret_key="x" * 40), aws.region)),
        "another secret of the administrator": (door, door.signed(administrator, aws.region)),
        "an unknown key": (door, door.signed(replace(hana, access_key="AKIAIOSFODNN7EXAMPLE"), aws.region)),
        "a token that is not its own": (door, door.signed(replace(hana, token="x"), aws.region)),
        "six minutes old": (door, late[6]),
        "six minutes old, of the administrator": (
            door,
            door.signed(Keys(ACCOUNT, SECRET), aws.region, at=now - timedelta(minutes=6)),
        ),
        "six minutes ahead": (door, late[-6]),
        "no date": (door, undated),
        "another body": (other, good),
        "another path": (replace(door, path="other"), good),
        "another query": (replace(door, path="?a=1"), good),
        "another method": (replace(door, method="PUT"), good),
        "a header changed": (door, {**good, "Content-Type": "text/plain", "X-Amz-Date": "20260101T000000Z"}),
        "signed for another URL": (door, elsewhere.signed(hana, aws.region)),
        "host not signed": (door, no_host),
        "a header of AWS not signed": (door, {**good, "X-Amz-Extra": "1"}),
        "another service": (door, door.signed(hana, aws.region, service="s3")),
        "another Region": (door, door.signed(hana, "eu-west-1")),
        "an unsigned body": (hashed, hashed.signed(hana, aws.region)),
        "the hash of another body": (other, {**good, "x-amz-content-sha256": "0" * 64}),
        "another scheme": (door, {**door.headers, "Authorization": "Bearer x"}),
        "half a signature": (door, {**good, "Authorization": signature.split(", Signature=")[0]}),
    }


def test_whatever_is_not_rightly_signed_is_refused_and_nothing_runs(
    aws: LocalAws, door: Web, hana: Keys, forged: dict[str, tuple[Web, dict[str, str]]]
) -> None:
    before = runs(aws, door, hana)
    found = {name: web.send(aws, headers)[0] for name, (web, headers) in forged.items()}
    assert found == dict.fromkeys(forged, 403)
    assert runs(aws, door, hana) == before + 1


def test_a_body_whose_hash_was_signed_cannot_be_swapped(aws: LocalAws, door: Web, hana: Keys) -> None:
    hashed = {**door.headers, "x-amz-content-sha256": sha256(door.body).hexdigest()}
    web = replace(door, headers=hashed)
    good = web.signed(hana, aws.region)
    assert web.send(aws, good)[0] == 200
    assert replace(web, body=b'{"approve": "everything"}').send(aws, good)[0] == 403


def test_a_link_that_carries_its_signature_is_refused(aws: LocalAws, door: Web, hana: Keys) -> None:
    """AWS may take such links; nothing here needs them."""
    query = f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={hana.access_key}&X-Amz-Signature=0"
    assert replace(door, path=query).send(aws)[0] == 403


def test_a_session_acts_with_its_token_only(aws: LocalAws, arn: str, door: Web) -> None:
    function(aws, "caller", role(aws, "caller", *both(arn)))
    given = aws.assume("caller")
    keys = Keys(given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"])
    assert call(aws, door, keys)[0] == 200
    assert [(each.action, each.allowed) for each in aws.calls() if each.role == "caller"] == [
        ("lambda:InvokeFunctionUrl", True), ("lambda:InvokeFunction", True),
    ]  # fmt: skip
    assert call(aws, door, replace(keys, token=None))[0] == 403


def test_the_administrator_is_let_in_by_a_right_signature(aws: LocalAws, door: Web) -> None:
    status, answer = call(aws, door, Keys(ACCOUNT, SECRET))
    assert status == 200
    who = answer["event"]["requestContext"]["authorizer"]["iam"]
    assert who["userArn"] == f"arn:aws:iam::{aws.account}:root"


def test_a_url_that_fails_can_be_played(aws: LocalAws, door: Web, hana: Keys) -> None:
    before = runs(aws, door, hana)
    aws.inject([Fault("lambda", "InvokeFunctionUrl", "TooManyRequestsException", status=429)])
    assert call(aws, door, hana)[0] == 429
    assert runs(aws, door, hana) == before + 1


@pytest.mark.parametrize("missing", [0, 1])
def test_both_permissions_are_needed(aws: LocalAws, arn: str, door: Web, missing: int) -> None:
    half = user(aws, f"half{missing}", both(arn)[1 - missing])
    assert call(aws, door, half)[0] == 403


def test_a_right_on_the_url_gives_no_right_to_invoke(aws: LocalAws, arn: str, hana: Keys) -> None:
    """Neither by the person's own policy nor by the function's."""
    with pytest.raises(ClientError) as refused:
        hana.client(aws, "lambda").invoke(FunctionName="door", Payload=b"{}")
    assert code_of(refused.value) == "AccessDeniedException"
    wide = user(aws, "wide", allow("lambda:InvokeFunction", arn))
    wide.client(aws, "lambda").invoke(FunctionName="door", Payload=b"{}")


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("another-type", {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}),
        ("key-of-the-other", {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}),
    ],
)
def test_the_condition_of_the_first_right_counts(
    aws: LocalAws, arn: str, door: Web, name: str, condition: dict[str, object]
) -> None:
    url, invoke = both(arn)
    assert call(aws, door, user(aws, name, {**url, "Condition": condition}, invoke))[0] == 403


def test_the_type_of_the_url_is_no_key_of_the_second_right(aws: LocalAws, arn: str, door: Web) -> None:
    url, invoke = both(arn)
    assert call(aws, door, user(aws, "typed", url, {**invoke, "Condition": OWN_TYPE}))[0] == 403


def test_a_deny_of_either_wins(aws: LocalAws, arn: str, door: Web) -> None:
    deny = {**allow("lambda:InvokeFunction", arn, Condition=VIA_URL), "Effect": "Deny"}
    assert call(aws, door, user(aws, "denied", *both(arn), deny))[0] == 403


def test_the_function_s_own_policy_may_let_a_person_in(aws: LocalAws, arn: str, door: Web) -> None:
    keys, client = user(aws, "guest"), aws.client("lambda")
    guest = f"arn:aws:iam::{aws.account}:user/guest"
    assert call(aws, door, keys)[0] == 403
    client.add_permission(
        FunctionName="door", StatementId="url", Action="lambda:InvokeFunctionUrl", Principal=guest,
        FunctionUrlAuthType="AWS_IAM",
    )  # fmt: skip
    assert call(aws, door, keys)[0] == 403
    client.add_permission(
        FunctionName="door", StatementId="invoke", Action="lambda:InvokeFunction", Principal=guest,
        InvokedViaFunctionUrl=True,
    )  # fmt: skip
    assert call(aws, door, keys)[0] == 200
    with pytest.raises(ClientError) as refused:
        keys.client(aws, "lambda").invoke(FunctionName="door", Payload=b"{}")
    assert code_of(refused.value) == "AccessDeniedException"


def test_the_type_of_a_url_belongs_to_its_own_action_only(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as refused:
        aws.client("lambda").add_permission(
            FunctionName="door", StatementId="x", Principal="*", Action="lambda:InvokeFunction",
            FunctionUrlAuthType="NONE",
        )  # fmt: skip
    assert code_of(refused.value) == "InvalidParameterValueException"


def test_a_direct_call_passes_its_payload_as_it_is(aws: LocalAws, arn: str) -> None:
    """A principal that may invoke can write any caller into the payload: only the function's policy prevents
    it."""
    forged = {"requestContext": {"authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/ceo"}}}}
    answer = aws.client("lambda").invoke(FunctionName="door", Payload=json.dumps(forged).encode())
    assert json.loads(json.loads(answer["Payload"].read())["body"])["event"] == forged


def test_a_public_url_needs_both_rights_in_the_function_s_policy(aws: LocalAws) -> None:
    function(aws, "public", role(aws, "public"), DOOR)
    client = aws.client("lambda")
    made = client.create_function_url_config(FunctionName="public", AuthType="NONE")
    web = Web(made["FunctionUrl"])
    assert web.send(aws)[0] == 403
    client.add_permission(
        FunctionName="public", StatementId="url", Action="lambda:InvokeFunctionUrl", Principal="*",
        FunctionUrlAuthType="NONE",
    )  # fmt: skip
    assert web.send(aws)[0] == 403
    client.add_permission(
        FunctionName="public", StatementId="invoke", Action="lambda:InvokeFunction", Principal="*",
        InvokedViaFunctionUrl=True,
    )  # fmt: skip
    status, answer = web.send(aws)
    assert status == 200
    assert "authorizer" not in answer["event"]["requestContext"]
    # Nothing is authenticated there: a signature changes nothing and identifies no caller.
    status, answer = web.send(aws, {**web.headers, "Authorization": "AWS4-HMAC-SHA256 Credential=x"})
    assert (status, "authorizer" in answer["event"]["requestContext"]) == (200, False)
