"""A bucket's policy: whom it lets in from outside, and whether it insists on TLS. Pure."""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from responder.checks import commands
from responder.checks.base import AwsAnswer, unread, unusable
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.checks.security import object_keys
from responder.checks.security.bucket import CHAPTER
from responder.checks.security.external_principals import Guest, guests, only_tls, serving, without_guests
from responder.checks.security.policy_rules import facts, settled
from responder.checks.storage.lifecycle_rules import prefixes
from responder.core.errors import AwsError
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence import policies
from responder.evidence.bucket import denies
from responder.evidence.policies import Statement

# A policy of any length still has to be one line to paste.
_LONGEST = 3_000
_TLS = "OnlyTls"
_NO_POLICY = "NoSuchBucketPolicy"
# Conditions on the organization of who asks, which keep others out and not the service.
_PRINCIPAL = frozenset(("aws:principalorgid", "aws:principalorgpaths"))


@dataclass(frozen=True, slots=True)
class _Policy:
    """Of one bucket: its statements, the rest of the document, and the whole as S3 said it.
    `tls`: it was promised to insist on it."""

    bucket: str
    settings: Settings
    around: Mapping[str, Any]
    statements: tuple[Statement, ...]
    tls: bool
    said: str

    @property
    def arn(self) -> str:
        return f"arn:{policies.partition(self.settings.region)}:s3:::{self.bucket}"

    @property
    def show(self) -> str:
        return f"aws s3api get-bucket-policy {self._where} --query Policy --output text"

    @property
    def only_tls(self) -> bool:
        return only_tls(self.statements, self.arn)

    def put(self, *, tls: bool) -> str:
        """The command that keeps outsiders out, while the policy is as it was read. One of it undoes
        nothing that another one does; where it cannot be one line to paste, the policy is only shown."""
        left = (without_guests(each, self.settings.account) for each in self.statements)
        listed = [each for each in left if each is not None]
        if tls and not self.only_tls:
            listed = [*(each for each in listed if each.get("Sid") != _TLS), _deny(self.arn)]
        if not listed:
            return self._unchanged(f"aws s3api delete-bucket-policy {self._where}")
        written = {"Version": "2012-10-17", **self.around, "Statement": listed}
        document = json.dumps(written, separators=(",", ":"))
        return self._unchanged(f"aws s3api put-bucket-policy {self._where} --policy {shlex.quote(document)}")

    def _unchanged(self, command: str) -> str:
        if object_keys.named(self.around, prefixes(self.settings)) or not self.said.isprintable():
            return self.show
        none = commands.refused(self.show, _NO_POLICY)
        whole = commands.unchanged(*((self.show, self.said) if self.said else none), command)
        return whole if len(whole) <= _LONGEST else self.show

    @property
    def _where(self) -> str:
        return f"--region {self.settings.region} --bucket {self.bucket}"


def policy(answer: AwsAnswer, bucket: str, settings: Settings, *, tls: bool) -> tuple[CheckItem, ...]:
    """Two items. `tls`: it was promised that nothing is read or written without."""
    what = text("check.security.part.bucket_policy", bucket=bucket)
    if isinstance(answer, AwsError):
        return (unread(Checked.BUCKET_POLICY.of(bucket), what, answer, CHAPTER),)
    around = policies.whole(answer.get("Policy"))
    found = policies.statements(around)
    if answer and not found:
        return (unread(Checked.BUCKET_POLICY.of(bucket), what, unusable("s3", "GetBucketPolicy"), CHAPTER),)
    read = _Policy(bucket, settings, around, found, tls, str(answer.get("Policy") or ""))
    return _open(read), _plain(read), *_refused(read)


def _open(read: _Policy) -> CheckItem:
    outside = guests(read.statements, read.settings.account)
    deputies = serving(read.statements, read.settings.account)
    if not outside and not deputies:
        looked = text("check.security.closed.what")
        return CheckItem(
            Checked.BUCKET_POLICY.of(read.bucket),
            CheckStatus.GREEN,
            text("check.security.closed", bucket=read.bucket),
            (looked,),
            CHAPTER,
        )
    said = tuple(_guest(each) for each in (*outside, *deputies))
    if not outside:
        told = text("check.security.deputy", bucket=read.bucket, who=_who(deputies))
        details = (text("check.security.deputy.how"), *said)
        return _told(read, told, details)
    if all(each.conditional for each in outside):
        details = (text("check.security.conditions"), *said)
        told = text("check.security.conditional", bucket=read.bucket)
        return _told(read, told, details)
    public = any(each.who == "*" and not each.conditional for each in outside)
    told = text("check.security.public" if public else "check.security.foreign", bucket=read.bucket)
    command = read.put(tls=read.tls)
    out = _who(each for each in outside if not each.conditional)
    caution = text("check.security.caution.policy", who=out) if command != read.show else None
    return CheckItem(
        Checked.BUCKET_POLICY.of(read.bucket), CheckStatus.RED, told, said, CHAPTER, command, caution=caution
    )


def _told(read: _Policy, said: Text, details: tuple[Text, ...]) -> CheckItem:
    """Who accepts it accepts the policy as it is, which the sentences do not tell in full."""
    this, written = Checked.BUCKET_POLICY.of(read.bucket), policies.written(read.statements)
    return CheckItem(this, CheckStatus.AMBER, said, details, CHAPTER, read.show, facts=written)


def _who(found: Iterable[Guest]) -> str:
    return ", ".join(sorted({each.who for each in found}))


def _refused(read: _Policy) -> Iterator[CheckItem]:
    """A Deny of the policy that keeps the service itself out."""
    if read.bucket != read.settings.bucket:
        return
    hit = [
        each
        for each in denies(settled(read.statements, facts(read.settings)), read.settings)
        if {"s3:PutObject", "s3:GetObject"} & {*each.actions}
    ]
    hit = [each for each in hit if not each.conditions or set(map(str.lower, each.conditions)) - _PRINCIPAL]
    sure = [each for each in hit if not each.conditions]
    if not hit:
        return
    actions = ", ".join(sorted({action for each in sure or hit for action in each.actions}))
    sids = ", ".join(each.sid for each in sure or hit)
    key = "check.security.refused" if sure else "check.security.refused.if"
    said = text(key, bucket=read.bucket, role=read.settings.service_role, actions=actions, sids=sids)
    yield CheckItem(
        Checked.BUCKET_DENIES.of(read.bucket),
        CheckStatus.RED if sure else CheckStatus.AMBER,
        said,
        (),
        CHAPTER,
        read.show,
        facts=policies.written(read.statements),
    )


def _plain(read: _Policy) -> CheckItem:
    if read.only_tls:
        return CheckItem(
            Checked.BUCKET_TLS.of(read.bucket),
            CheckStatus.GREEN,
            text("check.security.tls", bucket=read.bucket),
            (),
            CHAPTER,
        )
    command = read.put(tls=True)
    out = [each for each in guests(read.statements, read.settings.account) if not each.conditional]
    caution = None
    if command != read.show:
        lost = text("check.security.caution.tls", bucket=read.bucket)
        caution = text("check.security.caution.policy", who=_who(out)) if out else lost
    if read.tls:
        said = text("check.security.no_tls", bucket=read.bucket)
        return CheckItem(
            Checked.BUCKET_TLS.of(read.bucket), CheckStatus.AMBER, said, (), CHAPTER, command, caution=caution
        )
    said = text("check.security.plain", bucket=read.bucket)
    return CheckItem(
        Checked.BUCKET_TLS.of(read.bucket),
        CheckStatus.GREEN,
        said,
        (text("check.security.plain.how"),),
        CHAPTER,
        command,
        caution=caution,
    )


def _guest(guest: Guest) -> Text:
    if guest.service:
        sources = ", ".join(guest.sources)
        key = "check.security.guest.for" if sources else "check.security.guest.any"
        return text(key, who=guest.who, sid=guest.sid, sources=sources)
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
