"""The images bucket's own settings: its policy, the public access block, the encryption."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import partial
from typing import Any

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import Missing
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.permissions import IMAGES_BUCKET, Permission, Permissions
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Strings, Text, text
from responder.evidence import policies
from responder.evidence.base import Look, reason, side_by_side
from responder.evidence.policies import Statement, covers, listed, reaches


@frozen
class BucketDeny:
    """A Deny statement that meets the service's role. `conditions`: the keys it depends on; none: always."""

    sid: str
    actions: Strings
    conditions: Strings = ()


@frozen
class BucketState:
    """The images bucket. `key`: ARN or id of its own KMS key, "" with AWS's; `unread`: what could not be
    read (`policy`, `public_block`, `encryption`) and why; `absent`: AWS says that there is no such bucket."""

    name: str
    denies: tuple[BucketDeny, ...] = ()
    blocks: Strings = ()
    encryption: str = ""
    key: str = ""
    unread: Mapping[str, Text] = field(default_factory=dict)
    absent: bool = False


ACTIONS = ("s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket")
# What the service keeps for a session (a Deny may name no more than one kind of it).
_OBJECTS = ("*", "session/audit-log.json", "session/reference.jpg", "session/audit-1.jpg")
_TLS = "aws:securetransport"


def denies(found: Iterable[Statement], settings: Settings) -> tuple[BucketDeny, ...]:
    """Deny statements about the liveness objects that the role's calls can meet; unnamed ones by position."""
    return tuple(
        deny
        for number, each in enumerate(found, start=1)
        if (deny := _bucket_policy_deny(each, f"#{number}", settings)) is not None
    )


def _bucket_policy_deny(statement: Statement, unnamed: str, settings: Settings) -> BucketDeny | None:
    if statement.get("Effect") != "Deny" or not _meets(statement, settings) or _insecure_only(statement):
        return None
    whole = policies.objects(settings)
    bucket = whole.partition("/")[0]
    objects = tuple(f"{whole.removesuffix('*')}{name}" for name in _OBJECTS) if whole else ("",)
    actions = tuple(
        action
        for action in ACTIONS
        if covers(statement, action)
        and any(reaches(statement, each) for each in ((bucket,) if action == "s3:ListBucket" else objects))
    )
    if not actions:
        return None
    sid = statement.get("Sid")
    return BucketDeny(sid if isinstance(sid, str) and sid else unnamed, actions, _conditions(statement))


def _meets(statement: Statement, settings: Settings) -> bool:
    if "NotPrincipal" in statement:
        return policies.role(settings) not in _principals(statement["NotPrincipal"])
    named = _principals(statement.get("Principal"))
    account = {settings.account, f"arn:{policies.partition(settings.region)}:iam::{settings.account}:root"}
    running = f":assumed-role/{settings.service_role}/"
    ours = {"*", policies.role(settings), *account} - {""}
    return any(each in ours or running in each for each in named)


def _principals(value: Any) -> Strings:
    return listed(value.get("AWS")) if isinstance(value, Mapping) else listed(value)


def _conditions(statement: Statement) -> Strings:
    condition = statement.get("Condition")
    if not isinstance(condition, Mapping):
        return ()
    tests = (each for each in condition.values() if isinstance(each, Mapping))
    return tuple(sorted({str(key) for each in tests for key in each}))


def _insecure_only(statement: Statement) -> bool:
    # The SDK speaks TLS: a Deny of requests without TLS never applies to it.
    return [key.lower() for key in _conditions(statement)] == [_TLS]


_ASKED = {
    "policy": "get_bucket_policy",
    "public_block": "get_public_access_block",
    "encryption": "get_bucket_encryption",
}
# PublicAccessBlockConfiguration has four switches (Amazon S3 API reference).
EVERY_BLOCK = 4


@frozen
class Bucket(Look):
    """The settings of the bucket that can deny the service."""

    KEY, SUBJECT = "bucket", Subject.BUCKET

    def needs(self) -> Permissions:
        """Reading its settings; never an object."""
        return tuple(
            Permission(f"s3:{action}", IMAGES_BUCKET)
            for action in ("GetBucketPolicy", "GetBucketPublicAccessBlock", "GetEncryptionConfiguration")
        )

    def look(self, context: Context) -> BucketState:
        """Three requests side by side; what was never set is no failure, and a bucket that is gone a fact.

        Raises:
            AwsError: none of them could be read.
        """
        read, errors = side_by_side({what: partial(_ask, context, what) for what in _ASKED})
        if any(isinstance(error, Missing) for error in errors.values()):
            return BucketState(context.settings.bucket, absent=True)
        if not read:
            raise next(iter(errors.values()))
        encryption, key = _encryption(read.get("encryption", {}))
        blocks: dict[str, bool] = read.get("public_block", {}).get("PublicAccessBlockConfiguration") or {}
        return BucketState(
            context.settings.bucket,
            denies(policies.statements(read.get("policy", {}).get("Policy")), context.settings),
            tuple(sorted(name for name, on in blocks.items() if on)),
            encryption,
            key,
            {what: reason(error) for what, error in errors.items()},
        )

    def findings(self, fact: BucketState, context: Context) -> Findings:
        """What denies; then the other settings; then what could not be read."""
        link = console_links.bucket(context.settings.region, fact.name)
        if fact.absent:
            return (self.finding(Tone.RED, text("evidence.bucket.absent", bucket=fact.name), link=link),)
        sure = [each for each in fact.denies if not each.conditions]
        tones = {Tone.RED: sure, Tone.AMBER: fact.denies, Tone.UNKNOWN: fact.unread}
        plain = Tone.NORMAL if len(fact.blocks) == EVERY_BLOCK else Tone.AMBER
        tone = next((each for each, found in tones.items() if found), plain)
        known = "evidence.bucket.denies" if fact.denies else "evidence.bucket"
        said = text("evidence.bucket.unread" if "policy" in fact.unread else known, bucket=fact.name)
        details = [
            text(
                "evidence.bucket.deny_if" if each.conditions else "evidence.bucket.deny",
                sid=each.sid,
                actions=", ".join(each.actions),
                **({"conditions": ", ".join(each.conditions)} if each.conditions else {}),
            )
            for each in fact.denies
        ]
        if "public_block" not in fact.unread:
            names = ", ".join(fact.blocks)
            blocks = text("evidence.bucket.blocks", names=names) if names else text("evidence.bucket.open")
            details.append(blocks)
        if "encryption" not in fact.unread:
            key = "evidence.bucket.key" if fact.key else "evidence.bucket.encryption"
            details.append(text(key, encryption=fact.encryption or "SSE-S3"))
        details += [text("evidence.bucket.not_read", reason=why) for why in fact.unread.values()]
        return (self.finding(tone, said, None, details, {"denies": float(len(fact.denies))}, link),)


def _ask(context: Context, what: str) -> Json:
    try:
        return context.aws.call("s3", _ASKED[what], Bucket=context.settings.bucket)
    except Missing as error:
        if error.code == "NoSuchBucket":
            raise
        return {}


def _encryption(answer: Json) -> tuple[str, str]:
    rules: Any = (answer.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ({},)
    chosen = rules[0].get("ApplyServerSideEncryptionByDefault") or {}
    key = str(chosen.get("KMSMasterKeyID", ""))
    return str(chosen.get("SSEAlgorithm", "")), "" if key.endswith("alias/aws/s3") else key
