"""The images bucket: public access block, encryption, versions. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from responder.checks import commands
from responder.checks.base import AwsAnswer, unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus, Harm, worst
from responder.checks.storage.lifecycle_fix import mend
from responder.checks.storage.lifecycle_rules import AUDIT, judged, kept
from responder.core.errors import AwsError
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence import policies

CHAPTER, VERSIONS = "S3バケットセキュリティ", "S3バージョニング有効化"
_EVERYONE = ("/AllUsers", "/AuthenticatedUsers")
_NO_BLOCK = "NoSuchPublicAccessBlockConfiguration"
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def block(answer: AwsAnswer, bucket: str, settings: Settings) -> CheckItem:
    """All four of the public access block."""
    this = Checked.BUCKET_BLOCK.of(bucket)
    if isinstance(answer, AwsError):
        return unread(this, text("check.security.part.block", bucket=bucket), answer, CHAPTER)
    found = answer.get("PublicAccessBlockConfiguration") or {}
    missing = [each for each in _BLOCKS if not found.get(each)]
    if not missing:
        return CheckItem(this, CheckStatus.GREEN, text("check.security.blocked", bucket=bucket), (), CHAPTER)
    where = f"--region {settings.region} --bucket {bucket}"
    command = (
        f"aws s3api put-public-access-block {where} "
        f"--public-access-block-configuration {','.join(f'{each}=true' for each in _BLOCKS)}"
    )
    show = f"aws s3api get-public-access-block {where}"
    query = f"'to_string(PublicAccessBlockConfiguration.[{','.join(_BLOCKS)}])'"
    state = f"{show} --query {query} --output text", commands.written([found.get(each) for each in _BLOCKS])
    none = commands.refused(show, _NO_BLOCK)
    said = text("check.security.not_blocked", bucket=bucket, names=", ".join(missing))
    caution = text("check.security.caution.block", bucket=bucket)
    whole = commands.unchanged(*(state if found else none), command)
    return CheckItem(this, CheckStatus.RED, said, (), CHAPTER, whole, caution=caution)


def encryption(answer: AwsAnswer, bucket: str, settings: Settings) -> CheckItem:
    """S3 encrypts whatever is written since January 2023, with or without a setting.

    The key of another account is that account's to take away.
    """
    this = Checked.BUCKET_ENCRYPTION.of(bucket)
    if isinstance(answer, AwsError):
        return unread(this, text("check.security.part.encryption", bucket=bucket), answer, CHAPTER)
    rules: Any = (answer.get("ServerSideEncryptionConfiguration") or {}).get("Rules")
    if not rules:
        return CheckItem(
            this, CheckStatus.GREEN, text("check.security.encrypted.unset", bucket=bucket), (), CHAPTER
        )
    by: Any = rules[0].get("ApplyServerSideEncryptionByDefault") or {}
    how, key = str(by.get("SSEAlgorithm") or "AES256"), str(by.get("KMSMasterKeyID") or "")
    if key.startswith("arn:") and key.split(":")[4:5] != [settings.account]:
        said = text("check.security.encrypted.foreign", bucket=bucket, key=key)
        command = f"aws s3api get-bucket-encryption --region {settings.region} --bucket {bucket}"
        return CheckItem(this, CheckStatus.RED, said, (), CHAPTER, command)
    return CheckItem(
        this, CheckStatus.GREEN, text("check.security.encrypted", bucket=bucket, how=how), (), CHAPTER
    )


def replication(answer: AwsAnswer, bucket: str, settings: Settings) -> CheckItem:
    """Copies of every object in another bucket: nothing that was promised of this one holds for them.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html
    """
    this = Checked.BUCKET_REPLICATION.of(bucket)
    if isinstance(answer, AwsError):
        return unread(this, text("check.security.part.replication", bucket=bucket), answer, CHAPTER)
    rules: Any = (answer.get("ReplicationConfiguration") or {}).get("Rules") or ()
    to = [each.get("Destination") or {} for each in rules if each.get("Status") != "Disabled"]
    if not to:
        return CheckItem(
            this, CheckStatus.GREEN, text("check.security.replication.none", bucket=bucket), (), CHAPTER
        )
    accounts = {str(each["Account"]) for each in to if each.get("Account")} - {settings.account}
    where = ", ".join(sorted({str(each.get("Bucket", "")).rpartition(":")[2] for each in to} | accounts))
    said = text("check.security.replication", bucket=bucket, where=where)
    details = (text("check.security.replication.how"),)
    command = f"aws s3api get-bucket-replication --region {settings.region} --bucket {bucket}"
    return CheckItem(
        this, CheckStatus.RED if accounts else CheckStatus.AMBER, said, details, CHAPTER, command
    )


def own_key(answer: AwsAnswer, settings: Settings) -> str:
    """ARN of the customer's key of this account under which new objects are encrypted; "" where there is
    none, or it is named by an alias. AWS's own key takes no right of the role."""
    if isinstance(answer, AwsError):
        return ""
    rules: Any = (answer.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ({},)
    key = str((rules[0].get("ApplyServerSideEncryptionByDefault") or {}).get("KMSMasterKeyID") or "")
    here = f"arn:{policies.partition(settings.region)}:kms:{settings.region}:{settings.account}:key/"
    if key.startswith(here):
        return key
    return "" if not key or ":" in key or key.startswith("alias/") else f"{here}{key}"


def acl(s3: Callable[[str], AwsAnswer], blocks: AwsAnswer, bucket: str, settings: Settings) -> CheckItem:
    """Whom the bucket's own ACL lets in; it is not asked for where ACLs do not count.

    The public access block only stops what is for everyone.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
    """
    this = Checked.BUCKET_ACL.of(bucket)
    ownership = s3("get_bucket_ownership_controls")
    if isinstance(ownership, AwsError):
        return unread(this, text("check.security.part.ownership", bucket=bucket), ownership, CHAPTER)
    rules: Any = (ownership.get("OwnershipControls") or {}).get("Rules") or ({},)
    if rules[0].get("ObjectOwnership") == "BucketOwnerEnforced":
        return CheckItem(this, CheckStatus.GREEN, text("check.security.acl.off", bucket=bucket), (), CHAPTER)
    answer = s3("get_bucket_acl")
    if isinstance(answer, AwsError):
        return unread(this, text("check.security.part.acl", bucket=bucket), answer, CHAPTER)
    owner = str((answer.get("Owner") or {}).get("ID") or "")
    given = [(each.get("Grantee") or {}, str(each.get("Permission") or "")) for each in answer["Grants"]]
    outside = [(grantee, right) for grantee, right in given if not owner or grantee.get("ID") != owner]
    if not outside:
        objects = text("check.security.acl.objects")
        return CheckItem(
            this, CheckStatus.GREEN, text("check.security.acl.none", bucket=bucket), (objects,), CHAPTER
        )
    ignored = not isinstance(blocks, AwsError) and bool(
        (blocks.get("PublicAccessBlockConfiguration") or {}).get("IgnorePublicAcls")
    )
    lights = [_grant(grantee, ignored=ignored) for grantee, _ in outside]
    light = worst(*lights)
    who = ", ".join(sorted({_grantee(grantee) for grantee, _ in outside}))
    details = tuple(
        text("check.security.acl.grant", who=_grantee(grantee), right=right) for grantee, right in outside
    )
    how = text("check.security.acl.how")
    said = text(f"check.security.acl.{light}", bucket=bucket, who=who)
    command = f"aws s3api get-bucket-acl --region {settings.region} --bucket {bucket}"
    return CheckItem(this, light, said, (*details, how), CHAPTER, command)


def _grant(grantee: Mapping[str, Any], *, ignored: bool) -> CheckStatus:
    """A group of everyone is kept out by `IgnorePublicAcls`, until that is switched off."""
    uri = str(grantee.get("URI") or "")
    if uri.endswith("/LogDelivery") or (uri.endswith(_EVERYONE) and ignored):
        return CheckStatus.AMBER
    return CheckStatus.RED


def _grantee(grantee: Mapping[str, Any]) -> str:
    """A group's name, or the canonical id of an account."""
    uri = str(grantee.get("URI") or "").rpartition("/")[2]
    # An address is one of a person.
    return uri or str(grantee.get("ID") or grantee.get("Type") or "?")


def versions(versioning: AwsAnswer, rules: AwsAnswer, settings: Settings) -> CheckItem:
    """On, and with an end for old versions: else faces outlive what was promised of them."""
    bucket = settings.bucket
    this = Checked.BUCKET_VERSIONS.of(bucket)
    if isinstance(versioning, AwsError):
        return unread(this, text("check.security.part.versions", bucket=bucket), versioning, VERSIONS)
    state = str(versioning.get("Status") or "")
    command = f"liveness-ops enable-versioning {settings.console}"
    if not state:
        said = text("check.security.no_versions", bucket=bucket)
        how = (text("check.security.no_versions.how"),)
        return CheckItem(this, CheckStatus.AMBER, said, how, VERSIONS, command, harm=Harm.DATA)
    if isinstance(rules, AwsError):
        return unread(this, text("check.storage.part.rules"), rules, VERSIONS)
    found = kept(rules.get("Rules", []), AUDIT)
    light, ends = judged(AUDIT, settings.audit_days, found, versioned=True)
    said = text("check.security.versions", bucket=bucket, state=state)
    if light is not CheckStatus.GREEN:
        mended = mend(rules, settings, versioned=True)
        details = (said, *mended.details)
        return CheckItem(
            this, light, ends, details, VERSIONS, mended.command, caution=mended.caution, harm=Harm.DATA
        )
    if state == "Enabled":
        return CheckItem(this, light, said, (ends,), VERSIONS)
    said = text("check.security.suspended", bucket=bucket)
    return CheckItem(this, CheckStatus.AMBER, said, (ends,), VERSIONS, command, harm=Harm.DATA)
