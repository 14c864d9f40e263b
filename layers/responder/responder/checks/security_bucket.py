"""The images bucket: public access block, encryption, versions. Pure."""

from typing import Any

from responder.check import Item, Light
from responder.checks.storage_asked import Answer
from responder.checks.storage_mend import mend
from responder.checks.storage_rules import AUDIT, judged, kept
from responder.checks.unread import unread
from responder.errors import AwsError
from responder.settings import Settings
from responder.text import text

CHAPTER, VERSIONS = "S3バケットセキュリティ", "S3バージョニング有効化"
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


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
    command = f"liveness-ops enable-versioning {settings.console}"
    if not state:
        said = text("check.security.no_versions", bucket=bucket)
        return Item(Light.AMBER, said, (text("check.security.no_versions.how"),), VERSIONS, command)
    if isinstance(rules, AwsError):
        return unread(text("check.storage.part.rules"), rules, VERSIONS)
    found = kept(rules.get("Rules", []), AUDIT)
    light, ends = judged(AUDIT, settings.audit_days, found, versioned=True)
    said = text("check.security.versions", bucket=bucket, state=state)
    if light is not Light.GREEN:
        mending, details = mend(rules, settings, versioned=True)
        return Item(light, ends, (said, *details), VERSIONS, mending)
    if state == "Enabled":
        return Item(light, said, (ends,), VERSIONS)
    return Item(Light.AMBER, text("check.security.suspended", bucket=bucket), (ends,), VERSIONS, command)
