"""FaceAuth-Images-AccessDenied: who is denied what, and by which policy."""

from typing import Any

from liveness_ops.drill.release_twists import BucketDenies
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import NO_LOGS, ON_DEMAND, failing
from liveness_ops.drill.twists import Denied
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, audit_log_failed, passed, service_error
from liveness_ops.world.lines import Format
from liveness_ops.world.names import ACCOUNT, REGION, RESULT, ROLE, bucket
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import Requests

ALARM = "images-access-denied"
PUT = "s3:PutObject"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OBJECT = f"arn:aws:s3:::{bucket()}/liveness-audit/{{session}}/audit-log.json"
WRITTEN = {"propose_change": "observed"}
NEVER = {"propose_change": "guard.never_applied"}
NO_POLICY = "because no identity-based policy allows the {} action"


_OVER = (
    Requests(RESULT, 40, audit_log_failed("AccessDenied", "Access Denied"), 40, 8),
    Requests(RESULT, 40, passed(), 40, 8),
    Requests(RESULT, 40, passed(), 8),
)


def _user(role: str = ROLE) -> str:
    return f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{RESULT}"


def _said(why: str, action: str = PUT, on: str = OBJECT, role: str = ROLE) -> str:
    return f'{_user(role)} is not authorized to perform: {action} on resource: "{on}" {why.format(action)}'


def _case(name: str, words: Words, expect: Expect, said: str, **more: Any) -> Scenario:
    operation = more.pop("operation", "")
    if operation:
        denied = service_error("AccessDeniedException", operation, said=said)
    else:
        denied = audit_log_failed("AccessDenied", said)
    return Scenario(ALARM, name, words, expect, **{"traffic": failing(denied), **more})


def _written(cause: str, *says: str) -> Expect:
    return Expect(cause=cause, results=WRITTEN, because=NEVER, says=says, never=("audit-log.json",))


SCENARIOS = (
    _case(
        "proposes-role",
        Words("デプロイで S3 への書き込み権限が外れた", "A deployment took the right to write to S3 away"),
        _written("cause.denied_role", PUT, ROLE, "put-role-policy"),
        _said(NO_POLICY),
        twists=(Denied((PUT,)),),
    ),
    _case(
        "acts-table-throttled",
        Words(
            "S3 への書き込み権限が外れ、セッションのテーブルもスロットリングされている",
            "The right to write to S3 is gone, and the sessions table is throttled as well",
        ),
        Expect(
            cause="cause.denied_role",
            results={"on_demand_billing": "applied", **WRITTEN},
            because=NEVER,
            after=ON_DEMAND,
            says=(PUT, "put-role-policy", "DynamoDB"),
        ),
        _said(NO_POLICY),
        twists=(Denied((PUT,)),),
        strain=Strain(throttles=22, minutes=6, consumed=5.0, latency=0.041),
    ),
    _case(
        "proposes-bucket-policy",
        Words("バケットポリシーが明示的に拒否している", "The bucket's policy denies it"),
        _written("cause.denied_bucket_policy", PUT, "OnlyFromTheVpc", "put-bucket-policy"),
        _said("with an explicit deny in a resource-based policy"),
        twists=(BucketDenies(PUT),),
        form=Format.JSON,
    ),
    _case(
        "proposes-bucket-policy-unsaid",
        Words(
            "「Access Denied」としか書かれない。バケットポリシーが拒否している",
            "AWS says no more than Access Denied; the bucket's policy denies it",
        ),
        _written("cause.denied_bucket_policy", "OnlyFromTheVpc"),
        "Access Denied",
        twists=(BucketDenies(PUT),),
    ),
    _case(
        "steps-public-block",
        Words("公開 ACL を付けようとして拒否された", "It tried to set a public ACL, and that is blocked"),
        Expect(cause="cause.denied_public_block"),
        _said(
            "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access",
            action="s3:PutObject",
        ),
    ),
    _case(
        "steps-above",
        Words("組織のポリシー（SCP）が拒否している", "A policy of the organization denies it"),
        Expect(cause="cause.denied_above"),
        _said("with an explicit deny in a service control policy"),
        form=Format.JSON,
    ),
    _case(
        "steps-key",
        Words("KMS キーを使う権限がない", "The key of the encryption may not be used"),
        Expect(cause="cause.denied_key", says=("kms:GenerateDataKey",)),
        _said(NO_POLICY, action="kms:GenerateDataKey", on=KEY),
    ),
    _case(
        "proposes-elsewhere",
        Words("拒否されたのは S3 ではなく Rekognition", "It is Rekognition that denies, not S3"),
        _written("cause.denied_elsewhere", f"rekognition:{GET}"),
        _said(NO_POLICY, action=f"rekognition:{GET}", on="*"),
        operation=GET,
        twists=(Denied((f"rekognition:{GET}",)),),
    ),
    _case(
        "steps-other-role",
        Words("関数が別のロールで動いている", "The function runs with another role"),
        Expect(cause="cause.denied_other_role", says=(ROLE,)),
        _said(NO_POLICY, role="SomebodyElse"),
    ),
    _case(
        "steps-other-target",
        Words("別のバケットに書こうとしている", "It writes to another bucket"),
        Expect(cause="cause.denied_other_target"),
        _said(NO_POLICY, on="arn:aws:s3:::somebody-elses-bucket/x"),
    ),
    _case(
        "mended",
        Words("権限は 8 分前に戻っている", "The right has been back for 8 minutes"),
        Expect(cause="cause.denied_mended"),
        _said(NO_POLICY),
        traffic=_OVER,
        quiet=True,
    ),
    _case(
        "goes-on-though-allowed",
        Words("現在のポリシーは許可しているのに、拒否が続く", "It goes on, though the policy allows it"),
        Expect(cause="cause.unknown", says=(PUT,)),
        _said(NO_POLICY),
    ),
    _case(
        "cause-unknown",
        Words("ログが読めない", "The logs cannot be read"),
        Expect(cause="cause.unknown", says=("FilterLogEvents",)),
        _said(NO_POLICY),
        faults=NO_LOGS,
        denied=True,
    ),
)
