"""The images bucket: policy, public access block, encryption, versions. Pure."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from responder.check import Item, Light
from responder.checks.security_statements import guests, only_tls
from responder.checks.storage_asked import Answer
from responder.checks.storage_rules import AUDIT, judged, kept, mended
from responder.checks.unread import unread
from responder.errors import AwsError
from responder.evidence import arns, policies
from responder.settings import Settings
from responder.text import text

CHAPTER, VERSIONS = "S3バケットセキュリティ", "S3バージョニング有効化"
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
# A policy of any length still has to be one line to paste.
_LONGEST = 3_000


def policy(answer: Answer, bucket: str, settings: Settings) -> tuple[Item, ...]:
    """Whom it lets in, and whether it insists on TLS."""
    if isinstance(answer, AwsError):
        return (unread(text("check.security.part.bucket_policy", bucket=bucket), answer, CHAPTER),)
    found = policies.statements(answer.get("Policy"))
    outside = guests(found, settings.account)
    items = []
    if outside:
        public = any(each.who == "*" and not each.conditional for each in outside)
        said = text("check.security.public" if public else "check.security.foreign", bucket=bucket)
        details = tuple(
            text("check.security.guest.if" if each.conditional else "check.security.guest", **_named(each))
            for each in outside
        )
        sure = any(not each.conditional for each in outside)
        sids = {each.sid for each in outside}
        kept_ones = [each for n, each in enumerate(found, 1) if str(each.get("Sid") or f"#{n}") not in sids]
        light = Light.RED if sure else Light.AMBER
        items.append(Item(light, said, details, CHAPTER, _put(kept_ones, bucket, settings)))
    else:
        items.append(Item(Light.GREEN, text("check.security.closed", bucket=bucket), (), CHAPTER))
    if only_tls(found):
        items.append(Item(Light.GREEN, text("check.security.tls", bucket=bucket), (), CHAPTER))
    else:
        command = _put([*found, _deny(bucket, settings)], bucket, settings)
        items.append(Item(Light.AMBER, text("check.security.no_tls", bucket=bucket), (), CHAPTER, command))
    return tuple(items)


def block(answer: Answer, bucket: str, settings: Settings) -> Item:
    """All four of the public access block."""
    if isinstance(answer, AwsError):
        return unread(text("check.security.part.block", bucket=bucket), answer, CHAPTER)
    found = answer.get("PublicAccessBlockConfiguration") or {}
    missing = [each for each in _BLOCKS if not found.get(each)]
    if not missing:
        return Item(Light.GREEN, text("check.security.blocked", bucket=bucket), (), CHAPTER)
    command = (
        f"aws s3api put-public-access-block --region {settings.region} --bucket {bucket} "
        f"--public-access-block-configuration {','.join(f'{each}=true' for each in _BLOCKS)}"
    )
    said = text("check.security.not_blocked", bucket=bucket, names=", ".join(missing))
    return Item(Light.RED, said, (), CHAPTER, command)


def encryption(answer: Answer, bucket: str) -> Item:
    """S3 encrypts whatever is written since January 2023, with or without a setting."""
    if isinstance(answer, AwsError):
        return unread(text("check.security.part.encryption", bucket=bucket), answer, CHAPTER)
    rules: Any = (answer.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ({},)
    how = (rules[0].get("ApplyServerSideEncryptionByDefault") or {}).get("SSEAlgorithm") or "AES256"
    return Item(Light.GREEN, text("check.security.encrypted", bucket=bucket, how=str(how)), (), CHAPTER)


def versions(versioning: Answer, rules: Answer, settings: Settings) -> Item:
    """On, and with an end for old versions: else faces outlive what was promised of them."""
    bucket = settings.bucket
    if isinstance(versioning, AwsError):
        return unread(text("check.security.part.versions", bucket=bucket), versioning, VERSIONS)
    state = str(versioning.get("Status") or "")
    if not state:
        said = text("check.security.no_versions", bucket=bucket)
        command = f"liveness-ops enable-versioning {settings.console}"
        return Item(Light.AMBER, said, (text("check.security.no_versions.how"),), VERSIONS, command)
    if isinstance(rules, AwsError):
        return unread(text("check.storage.part.rules"), rules, VERSIONS)
    listed = rules.get("Rules", [])
    light, ends = judged(AUDIT, settings.audit_days, kept(listed, AUDIT), versioned=True)
    said = text("check.security.versions", bucket=bucket, state=state)
    if light is Light.GREEN:
        if state == "Enabled":
            return Item(light, said, (ends,), VERSIONS)
        return Item(
            Light.AMBER, said, (ends,), VERSIONS, f"liveness-ops enable-versioning {settings.console}"
        )
    details = (said, text("check.storage.whole_list"), text("check.storage.cdk"))
    return Item(light, ends, details, VERSIONS, mended(listed, settings, versioned=True))


def _named(guest: Any) -> dict[str, str]:
    return {"who": guest.who, "sid": guest.sid}


def _deny(bucket: str, settings: Settings) -> Mapping[str, Any]:
    arn = f"arn:{arns.partition(settings.region)}:s3:::{bucket}"
    return {
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _put(statements: list[Any], bucket: str, settings: Settings) -> str:
    where = f"--region {settings.region} --bucket {bucket}"
    if not statements:
        return f"aws s3api delete-bucket-policy {where}"
    document = json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
    if len(document) > _LONGEST:
        return f"aws s3api get-bucket-policy {where} --query Policy --output text"
    return f"aws s3api put-bucket-policy {where} --policy {shlex.quote(document)}"
