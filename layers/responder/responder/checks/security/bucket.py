"""A bucket: whom its policy and its ACL let in, public access block, encryption, copies, versions."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from responder.checks import commands
from responder.checks.base import AwsAnswer, ask, unusable
from responder.checks.commands import aws
from responder.checks.finding import (
    AMBER,
    GREEN,
    RED,
    Checked,
    CheckItem,
    CheckStatus,
    Harm,
    Identity,
    Items,
    worst,
)
from responder.checks.security import object_keys
from responder.checks.security.external_principals import Guest, guests, only_tls, serving, without_guests
from responder.checks.security.policy_rules import facts, settled
from responder.checks.storage.lifecycle import AUDIT, judged, kept, mend, prefixes
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import Permission, Permissions
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence import policies
from responder.evidence.bucket import denies
from responder.evidence.policies import Statement, Statements

CHAPTER, VERSIONS = "S3バケットセキュリティ", "S3バージョニング有効化"
_EVERYONE = ("/AllUsers", "/AuthenticatedUsers")
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_TLS = "OnlyTls"
# Conditions on the organization of who asks, which keep others out and not the service.
_PRINCIPAL = frozenset(("aws:principalorgid", "aws:principalorgpaths"))
_RIGHTS = (
    "GetBucketAcl",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPublicAccessBlock",
    "GetEncryptionConfiguration",
    "GetReplicationConfiguration",
)


def needs(arn: str) -> Permissions:
    """What `look` takes on a bucket."""
    return tuple(Permission(f"s3:{each}", arn) for each in _RIGHTS)


def look(context: Context, name: str, *, tls: bool) -> Items:
    """Whom a bucket lets in, its encryption and its copies; one red item where the bucket is gone.

    `tls`: its policy is to refuse everything without TLS.
    """
    s3 = partial(ask, context, "s3", Bucket=name)
    found, answer = _Bucket(name, context.settings), s3("get_bucket_policy")
    if isinstance(answer, Missing):
        part = text("check.security.part.bucket_policy", bucket=name)
        return (found.about(Checked.BUCKET_POLICY).unread(part, answer, light=RED),)
    blocks, ownership = s3("get_public_access_block"), s3("get_bucket_ownership_controls")
    acl = found.no_acl(ownership) or found.acl(s3("get_bucket_acl"), blocks)
    return (
        *policy(answer, name, context.settings, tls=tls),
        found.block(blocks),
        acl,
        found.encryption(s3("get_bucket_encryption")),
        found.replication(s3("get_bucket_replication")),
    )


@frozen
class _Bucket:
    name: str
    settings: Settings

    def about(self, kind: Checked) -> Identity:
        return kind.of(self.name, chapter=CHAPTER)

    def aws(self, call: str, **options: str) -> str:
        return aws(f"s3api {call}", self.settings.region, bucket=self.name, **options)

    def block(self, answer: AwsAnswer) -> CheckItem:
        """All four of the public access block."""
        this, bucket = self.about(Checked.BUCKET_BLOCK), self.name
        if isinstance(answer, AwsError):
            return this.unread(text("check.security.part.block", bucket=bucket), answer)
        found = answer.get("PublicAccessBlockConfiguration") or {}
        missing = [each for each in _BLOCKS if not found.get(each)]
        if not missing:
            return this.green(text("check.security.blocked", bucket=bucket))
        wanted = ",".join(f"{each}=true" for each in _BLOCKS)
        query = f"to_string(PublicAccessBlockConfiguration.[{','.join(_BLOCKS)}])"
        state = (
            self.aws("get-public-access-block", query=query, output="text"),
            commands.written([found.get(each) for each in _BLOCKS]),
        )
        none = commands.refused(self.aws("get-public-access-block"), "NoSuchPublicAccessBlockConfiguration")
        put = self.aws("put-public-access-block", public_access_block_configuration=wanted)
        return this.red(
            text("check.security.not_blocked", bucket=bucket, names=", ".join(missing)),
            command=commands.unchanged(*(state if found else none), put),
            caution=text("check.security.caution.block", bucket=bucket),
        )

    def encryption(self, answer: AwsAnswer) -> CheckItem:
        """S3 encrypts whatever is written since January 2023, with or without a setting.

        The key of another account is that account's to take away.
        """
        this, bucket = self.about(Checked.BUCKET_ENCRYPTION), self.name
        if isinstance(answer, AwsError):
            return this.unread(text("check.security.part.encryption", bucket=bucket), answer)
        if not (answer.get("ServerSideEncryptionConfiguration") or {}).get("Rules"):
            return this.green(text("check.security.encrypted.unset", bucket=bucket))
        by = _default_encryption(answer)
        how, key = str(by.get("SSEAlgorithm") or "AES256"), str(by.get("KMSMasterKeyID") or "")
        if key.startswith("arn:") and key.split(":")[4:5] != [self.settings.account]:
            said = text("check.security.encrypted.foreign", bucket=bucket, key=key)
            return this.red(said, command=self.aws("get-bucket-encryption"))
        return this.green(text("check.security.encrypted", bucket=bucket, how=how))

    def replication(self, answer: AwsAnswer) -> CheckItem:
        """Copies of every object in another bucket: nothing that was promised of this one holds for them.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html
        """
        this, bucket = self.about(Checked.BUCKET_REPLICATION), self.name
        if isinstance(answer, AwsError):
            return this.unread(text("check.security.part.replication", bucket=bucket), answer)
        rules: Any = (answer.get("ReplicationConfiguration") or {}).get("Rules") or ()
        to = [each.get("Destination") or {} for each in rules if each.get("Status") != "Disabled"]
        if not to:
            return this.green(text("check.security.replication.none", bucket=bucket))
        accounts = {str(each["Account"]) for each in to if each.get("Account")} - {self.settings.account}
        where = ", ".join(sorted({str(each.get("Bucket", "")).rpartition(":")[2] for each in to} | accounts))
        said = text("check.security.replication", bucket=bucket, where=where)
        how, command = text("check.security.replication.how"), self.aws("get-bucket-replication")
        return this.item(RED if accounts else AMBER, said, how, command=command)

    def no_acl(self, ownership: AwsAnswer) -> CheckItem | None:
        """None where ACLs count.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
        """
        this = self.about(Checked.BUCKET_ACL)
        if isinstance(ownership, AwsError):
            return this.unread(text("check.security.part.ownership", bucket=self.name), ownership)
        rules: Any = (ownership.get("OwnershipControls") or {}).get("Rules") or ({},)
        off = rules[0].get("ObjectOwnership") == "BucketOwnerEnforced"
        return this.green(text("check.security.acl.off", bucket=self.name)) if off else None

    def acl(self, answer: AwsAnswer, blocks: AwsAnswer) -> CheckItem:
        """Whom the bucket's own ACL lets in. The public access block only stops what is for everyone."""
        this, bucket = self.about(Checked.BUCKET_ACL), self.name
        if isinstance(answer, AwsError):
            return this.unread(text("check.security.part.acl", bucket=bucket), answer)
        owner = str((answer.get("Owner") or {}).get("ID") or "")
        given = [(each.get("Grantee") or {}, str(each.get("Permission") or "")) for each in answer["Grants"]]
        outside = [(grantee, right) for grantee, right in given if not owner or grantee.get("ID") != owner]
        if not outside:
            objects = text("check.security.acl.objects")
            return this.green(text("check.security.acl.none", bucket=bucket), objects)
        ignored = not isinstance(blocks, AwsError) and bool(
            (blocks.get("PublicAccessBlockConfiguration") or {}).get("IgnorePublicAcls")
        )
        light = worst(*(_grant(grantee, ignored=ignored) for grantee, _ in outside))
        who = ", ".join(sorted({_grantee(grantee) for grantee, _ in outside}))
        details = (
            text("check.security.acl.grant", who=_grantee(grantee), right=right) for grantee, right in outside
        )
        said, how = (
            text(f"check.security.acl.{light}", bucket=bucket, who=who),
            text("check.security.acl.how"),
        )
        return this.item(light, said, *details, how, command=self.aws("get-bucket-acl"))


def own_key(answer: AwsAnswer, settings: Settings) -> str:
    """ARN of the customer's key of this account under which new objects are encrypted; "" where there is
    none, or it is named by an alias. AWS's own key takes no right of the role."""
    if isinstance(answer, AwsError):
        return ""
    key = str(_default_encryption(answer).get("KMSMasterKeyID") or "")
    here = f"arn:{policies.partition(settings.region)}:kms:{settings.region}:{settings.account}:key/"
    if key.startswith(here):
        return key
    return "" if not key or ":" in key or key.startswith("alias/") else f"{here}{key}"


def _default_encryption(answer: Data) -> Data:
    rules: Any = (answer.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ({},)
    return rules[0].get("ApplyServerSideEncryptionByDefault") or {}


def _grant(grantee: Data, *, ignored: bool) -> CheckStatus:
    """A group of everyone is kept out by `IgnorePublicAcls`, until that is switched off."""
    uri = str(grantee.get("URI") or "")
    return AMBER if uri.endswith("/LogDelivery") or (uri.endswith(_EVERYONE) and ignored) else RED


def _grantee(grantee: Data) -> str:
    """A group's name, or the canonical id of an account; an e-mail address is one of a person."""
    uri = str(grantee.get("URI") or "").rpartition("/")[2]
    return uri or str(grantee.get("ID") or grantee.get("Type") or "?")


def versions(versioning: AwsAnswer, rules: AwsAnswer, settings: Settings) -> CheckItem:
    """On, and with an end for old versions: else faces outlive what was promised of them."""
    bucket = settings.bucket
    this = Checked.BUCKET_VERSIONS.of(bucket, chapter=VERSIONS)
    if isinstance(versioning, AwsError):
        return this.unread(text("check.security.part.versions", bucket=bucket), versioning)
    state = str(versioning.get("Status") or "")
    command = f"liveness-ops enable-versioning {settings.console}"
    if not state:
        said, how = text("check.security.no_versions", bucket=bucket), text("check.security.no_versions.how")
        return this.amber(said, how, command=command, harm=Harm.DATA)
    if isinstance(rules, AwsError):
        return this.unread(text("check.storage.part.rules"), rules)
    light, ends = judged(AUDIT, settings.audit_days, kept(rules.get("Rules", []), AUDIT), versioned=True)
    said = text("check.security.versions", bucket=bucket, state=state)
    if light is not GREEN:
        return this.item(light, ends, said, harm=Harm.DATA).with_fix(mend(rules, settings, versioned=True))
    if state == "Enabled":
        return this.green(said, ends)
    said = text("check.security.suspended", bucket=bucket)
    return this.amber(said, ends, command=command, harm=Harm.DATA)


# --- the policy


def policy(answer: AwsAnswer, bucket: str, settings: Settings, *, tls: bool) -> Items:
    """Whom the policy lets in from outside, whether it insists on TLS (which it is to do where `tls`), and
    whether it keeps the service itself out."""
    this = Checked.BUCKET_POLICY.of(bucket, chapter=CHAPTER)
    what = text("check.security.part.bucket_policy", bucket=bucket)
    if isinstance(answer, AwsError):
        return (this.unread(what, answer),)
    around = policies.whole(answer.get("Policy"))
    found = policies.statements(around)
    if answer and not found:
        return (this.unread(what, unusable("s3", "GetBucketPolicy")),)
    read = _Policy(bucket, settings, around, found, str(answer.get("Policy") or ""), tls)
    return read.outsiders(), read.plain(), *read.refused()


@frozen
class _Policy(_Bucket):
    """`around`: the document; `said`: the same as S3 answered it."""

    around: Data
    statements: Statements
    said: str
    tls: bool

    @property
    def arn(self) -> str:
        return f"arn:{policies.partition(self.settings.region)}:s3:::{self.name}"

    @property
    def show(self) -> str:
        return self.aws("get-bucket-policy", query="Policy", output="text")

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
        if object_keys.named(self.around, prefixes(self.settings)) or not self.said.isprintable():
            return self.show
        if listed:
            written = {"Version": "2012-10-17", **self.around, "Statement": listed}
            change = self.aws("put-bucket-policy", policy=json.dumps(written, separators=(",", ":")))
        else:
            change = self.aws("delete-bucket-policy")
        state = (self.show, self.said) if self.said else commands.refused(self.show, "NoSuchBucketPolicy")
        whole = commands.unchanged(*state, change)
        return whole if len(whole) <= commands.LONGEST else self.show

    def outsiders(self) -> CheckItem:
        this, bucket = self.about(Checked.BUCKET_POLICY), self.name
        outside = guests(self.statements, self.settings.account)
        deputies = serving(self.statements, self.settings.account)
        if not outside and not deputies:
            closed = text("check.security.closed", bucket=bucket)
            return this.green(closed, text("check.security.closed.what"))
        details = tuple(_guest(each) for each in (*outside, *deputies))
        # To accept it is to accept the whole policy, of which the sentences name only parts.
        shown = {"command": self.show, "facts": policies.written(self.statements)}
        if not outside:
            said = text("check.security.deputy", bucket=bucket, who=_who(deputies))
            return this.amber(said, text("check.security.deputy.how"), *details, **shown)
        if all(each.conditional for each in outside):
            said = text("check.security.conditional", bucket=bucket)
            return this.amber(said, text("check.security.conditions"), *details, **shown)
        public = any(each.who == "*" and not each.conditional for each in outside)
        said = text("check.security.public" if public else "check.security.foreign", bucket=bucket)
        command = self.put(tls=self.tls)
        who = _who(each for each in outside if not each.conditional)
        caution = text("check.security.caution.policy", who=who) if command != self.show else None
        return this.red(said, *details, command=command, caution=caution)

    def plain(self) -> CheckItem:
        """Requests without TLS."""
        this, bucket = self.about(Checked.BUCKET_TLS), self.name
        if self.only_tls:
            return this.green(text("check.security.tls", bucket=bucket))
        command, caution = self.put(tls=True), None
        if command != self.show:
            every = guests(self.statements, self.settings.account)
            out = [each for each in every if not each.conditional]
            lost = text("check.security.caution.tls", bucket=bucket)
            caution = text("check.security.caution.policy", who=_who(out)) if out else lost
        if self.tls:
            said = text("check.security.no_tls", bucket=bucket)
            return this.amber(said, command=command, caution=caution)
        said, how = text("check.security.plain", bucket=bucket), text("check.security.plain.how")
        return this.green(said, how, command=command, caution=caution)

    def refused(self) -> Iterator[CheckItem]:
        """A Deny of the policy that keeps the service itself out."""
        if self.name != self.settings.bucket:
            return
        hit = [
            each
            for each in denies(settled(self.statements, facts(self.settings)), self.settings)
            if {"s3:PutObject", "s3:GetObject"} & {*each.actions}
            and (not each.conditions or set(map(str.lower, each.conditions)) - _PRINCIPAL)
        ]
        sure = [each for each in hit if not each.conditions]
        if not hit:
            return
        said = text(
            "check.security.refused" if sure else "check.security.refused.if",
            bucket=self.name,
            role=self.settings.service_role,
            actions=", ".join(sorted({action for each in sure or hit for action in each.actions})),
            sids=", ".join(each.sid for each in sure or hit),
        )
        this, written = self.about(Checked.BUCKET_DENIES), policies.written(self.statements)
        yield this.item(RED if sure else AMBER, said, command=self.show, facts=written)


def _who(found: Iterable[Guest]) -> str:
    return ", ".join(sorted({each.who for each in found}))


def _guest(guest: Guest) -> Text:
    if not guest.service:
        return guest.said
    sources = ", ".join(guest.sources)
    key = "check.security.guest.for" if sources else "check.security.guest.any"
    return text(key, who=guest.who, sid=guest.sid, sources=sources)


def _deny(arn: str) -> Statement:
    return {
        "Sid": _TLS,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
