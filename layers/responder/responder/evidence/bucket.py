"""The images bucket's own settings: its policy, the public access block, the encryption."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.finding import Finding, Subject, Tone
from responder.core.permissions import IMAGES_BUCKET, Permission
from responder.core.text import Text, text
from responder.evidence import policies
from responder.evidence.bucket_policy import denies
from responder.evidence.facts.bucket import BucketDeny, BucketState
from responder.evidence.failed import reason

_ASKED = {
    "policy": "get_bucket_policy",
    "public_block": "get_public_access_block",
    "encryption": "get_bucket_encryption",
}


# PublicAccessBlockConfiguration has four switches (Amazon S3 API reference).
EVERY_BLOCK = 4


@dataclass(frozen=True, slots=True)
class Bucket:
    """What of the bucket itself can deny the service."""

    @property
    def name(self) -> str:
        """Its key."""
        return "bucket"

    def needs(self) -> tuple[Permission, ...]:
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
        with ThreadPoolExecutor(len(_ASKED)) as pool:
            answers = dict(zip(_ASKED, pool.map(lambda what: _ask(context, what), _ASKED), strict=True))
        errors = {what: answer for what, answer in answers.items() if isinstance(answer, AwsError)}
        if any(isinstance(error, Missing) for error in errors.values()):
            return BucketState(context.settings.bucket, absent=True)
        if len(errors) == len(answers):
            raise next(iter(errors.values()))
        read = {what: answer for what, answer in answers.items() if not isinstance(answer, AwsError)}
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

    def tell(self, fact: BucketState, context: Context) -> tuple[Finding, ...]:
        """What denies; then the other settings; then what could not be read."""
        link = console_links.bucket(context.settings.region, fact.name)
        if fact.absent:
            gone = text("evidence.bucket.absent", bucket=fact.name)
            return (Finding(self.name, Tone.RED, gone, link=link, subject=Subject.BUCKET),)
        sure = [each for each in fact.denies if not each.conditions]
        tones = {Tone.RED: sure, Tone.AMBER: fact.denies, Tone.UNKNOWN: fact.unread}
        plain = Tone.NORMAL if len(fact.blocks) == EVERY_BLOCK else Tone.AMBER
        tone = next((each for each, found in tones.items() if found), plain)
        known = "evidence.bucket.denies" if fact.denies else "evidence.bucket"
        said = text("evidence.bucket.unread" if "policy" in fact.unread else known, bucket=fact.name)
        details = [_deny(each) for each in fact.denies]
        details += [_block(fact)] if "public_block" not in fact.unread else []
        details += [_key(fact)] if "encryption" not in fact.unread else []
        details += [text("evidence.bucket.not_read", reason=why) for why in fact.unread.values()]
        return (
            Finding(
                self.name,
                tone,
                said,
                None,
                tuple(details),
                {"denies": float(len(fact.denies))},
                link,
                subject=Subject.BUCKET,
            ),
        )


def _ask(context: Context, what: str) -> dict[str, Any] | AwsError:
    ask: Callable[..., dict[str, Any]] = context.aws.call
    try:
        return ask("s3", _ASKED[what], Bucket=context.settings.bucket)
    except Missing as error:
        return error if error.code == "NoSuchBucket" else {}
    except AwsError as error:
        return error


def _encryption(answer: dict[str, Any]) -> tuple[str, str]:
    rules: Any = (answer.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ({},)
    chosen = rules[0].get("ApplyServerSideEncryptionByDefault") or {}
    key = str(chosen.get("KMSMasterKeyID", ""))
    return str(chosen.get("SSEAlgorithm", "")), "" if key.endswith("alias/aws/s3") else key


def _deny(each: BucketDeny) -> Text:
    values = {"sid": each.sid, "actions": ", ".join(each.actions)}
    if not each.conditions:
        return text("evidence.bucket.deny", **values)
    return text("evidence.bucket.deny_if", conditions=", ".join(each.conditions), **values)


def _block(fact: BucketState) -> Text:
    if not fact.blocks:
        return text("evidence.bucket.open")
    return text("evidence.bucket.blocks", names=", ".join(fact.blocks))


def _key(fact: BucketState) -> Text:
    key = "evidence.bucket.key" if fact.key else "evidence.bucket.encryption"
    return text(key, encryption=fact.encryption or "SSE-S3")
