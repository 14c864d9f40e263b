"""A bucket's policy: whom it lets in from outside, and whether it insists on TLS. Pure."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from responder.check import Item, Light
from responder.checks import keys
from responder.checks.security_bucket import CHAPTER
from responder.checks.security_guests import Guest, guests, only_tls, without_guests
from responder.checks.storage_asked import Answer, unusable
from responder.checks.storage_rules import prefixes
from responder.checks.unread import unread
from responder.errors import AwsError
from responder.evidence import arns, policies
from responder.evidence.policies import Statement
from responder.settings import Settings
from responder.text import Text, text

# A policy of any length still has to be one line to paste.
_LONGEST = 3_000
_TLS = "OnlyTls"


@dataclass(frozen=True, slots=True)
class _Policy:
    """Of one bucket: its statements, and what stands around them. `tls`: it was promised to insist on it."""

    bucket: str
    settings: Settings
    around: Mapping[str, Any]
    statements: tuple[Statement, ...]
    tls: bool

    @property
    def arn(self) -> str:
        return f"arn:{arns.partition(self.settings.region)}:s3:::{self.bucket}"

    @property
    def show(self) -> str:
        return f"aws s3api get-bucket-policy {self._where} --query Policy --output text"

    @property
    def only_tls(self) -> bool:
        return only_tls(self.statements, self.arn)

    def put(self, *, tls: bool) -> str:
        """The command that lets nobody from outside in. One of it undoes nothing that another one does."""
        left = (without_guests(each, self.settings.account) for each in self.statements)
        listed = [each for each in left if each is not None]
        if tls and not self.only_tls:
            listed = [*(each for each in listed if each.get("Sid") != _TLS), _deny(self.arn)]
        if not listed:
            return f"aws s3api delete-bucket-policy {self._where}"
        written = {"Version": "2012-10-17", **self.around, "Statement": listed}
        document = json.dumps(written, separators=(",", ":"))
        if len(document) > _LONGEST or keys.named(written, prefixes(self.settings)):
            return self.show
        return f"aws s3api put-bucket-policy {self._where} --policy {shlex.quote(document)}"

    @property
    def _where(self) -> str:
        return f"--region {self.settings.region} --bucket {self.bucket}"


def policy(answer: Answer, bucket: str, settings: Settings, *, tls: bool) -> tuple[Item, ...]:
    """Two items. `tls`: it was promised that nothing is read or written without."""
    what = text("check.security.part.bucket_policy", bucket=bucket)
    if isinstance(answer, AwsError):
        return (unread(what, answer, CHAPTER),)
    around = policies.whole(answer.get("Policy"))
    found = policies.statements(around)
    if answer and not found:
        return (unread(what, unusable("s3", "GetBucketPolicy"), CHAPTER),)
    read = _Policy(bucket, settings, around, found, tls)
    return _open(read), _plain(read)


def _open(read: _Policy) -> Item:
    outside = guests(read.statements, read.settings.account)
    if not outside:
        return Item(Light.GREEN, text("check.security.closed", bucket=read.bucket), (), CHAPTER)
    said = tuple(_guest(each) for each in outside)
    if all(each.conditional for each in outside):
        details = (text("check.security.conditions"), *said)
        told = text("check.security.conditional", bucket=read.bucket)
        return Item(Light.AMBER, told, details, CHAPTER, read.show)
    public = any(each.who == "*" and not each.conditional for each in outside)
    told = text("check.security.public" if public else "check.security.foreign", bucket=read.bucket)
    return Item(Light.RED, told, said, CHAPTER, read.put(tls=read.tls))


def _plain(read: _Policy) -> Item:
    if read.only_tls:
        return Item(Light.GREEN, text("check.security.tls", bucket=read.bucket), (), CHAPTER)
    command = read.put(tls=True)
    if read.tls:
        return Item(Light.AMBER, text("check.security.no_tls", bucket=read.bucket), (), CHAPTER, command)
    said = text("check.security.plain", bucket=read.bucket)
    return Item(Light.GREEN, said, (text("check.security.plain.how"),), CHAPTER, command)


def _guest(guest: Guest) -> Text:
    key = "check.security.guest.if" if guest.conditional else "check.security.guest"
    return text(key, who=guest.who, sid=guest.sid)


def _deny(arn: str) -> Statement:
    return {
        "Sid": _TLS,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
