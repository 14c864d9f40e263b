"""The command that keeps every promise about a bucket's objects, and every other rule as it is. Pure.

S3 takes the whole list at once. Rules written the old way (a bare `Prefix`) must not reach into each other
and bear no `Filter` beside them, so all are written the new way, which means the same.
"""

import json
import shlex
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from responder.checks import commands
from responder.checks.commands import FixCommand
from responder.checks.model import CheckStatus
from responder.checks.security import object_keys
from responder.checks.storage.lifecycle_rules import (
    LEAST_OLD_DAYS,
    LifecycleRule,
    added,
    judged,
    kept,
    prefix_of,
    prefixes,
    promises,
)
from responder.core.settings import Settings
from responder.core.text import Text, text

_ENDS = frozenset(("ID", "Status", "Filter", "Expiration", "NoncurrentVersionExpiration"))
_SMALL, _SMALL_BY_DEFAULT = "TransitionDefaultMinimumObjectSize", "all_storage_classes_128K"
_NO_RULES = "NoSuchLifecycleConfiguration"
# Characters of a line to paste, with the state it was made for.
_LONGEST = 3_000


def mend(found: Mapping[str, Any], settings: Settings, *, versioned: bool) -> FixCommand:
    """The command that puts the rules right while they are as `found` says, which is an answer of
    GetBucketLifecycleConfiguration, or empty where the bucket has no rules.

    Where adding to the rules cannot mend it (another rule ends the objects first), or they are too many for
    one line, the command shows them.
    """
    where = f"--region {settings.region} --bucket {settings.bucket}"
    rules = _mended(found.get("Rules", ()), settings, versioned=versioned)
    document = json.dumps({"Rules": rules}, default=str, separators=(",", ":"))
    if object_keys.named([each["Filter"] for each in rules], prefixes(settings)):
        return _shown(where, "named")
    if not _keeps(rules, settings, versioned=versioned):
        return _shown(where, "other")
    small = str(found.get(_SMALL) or _SMALL_BY_DEFAULT)
    more = "" if small == _SMALL_BY_DEFAULT else f" --transition-default-minimum-object-size {small}"
    put = (
        f"aws s3api put-bucket-lifecycle-configuration {where} "
        f"--lifecycle-configuration {shlex.quote(document)}{more}"
    )
    command = commands.unchanged(*_state(found, where), put)
    if len(command) > _LONGEST:
        return _shown(where, "long")
    details = (text("check.storage.whole_list"), text("check.storage.cdk"))
    return FixCommand(
        command, details, _caution(found.get("Rules", ()), rules, settings, versioned=versioned)
    )


def _state(found: Mapping[str, Any], where: str) -> tuple[str, str]:
    """What to ask before the rules are written, and the answer they were judged by: compact JSON, which the
    CLI writes with JMESPath's `to_string`. For a bucket without rules S3 answers with an error of that name,
    and a request that fails for another reason is no such answer."""
    show = f"aws s3api get-bucket-lifecycle-configuration {where}"
    if not found.get("Rules"):
        return commands.refused(show, _NO_RULES)
    said = json.dumps(found["Rules"], default=_moment, separators=(",", ":"))
    return f"{show} --query 'to_string(Rules)' --output text", said


def _moment(value: Any) -> str:
    """A date as the CLI writes it."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _caution(
    before: Iterable[LifecycleRule], after: Iterable[LifecycleRule], settings: Settings, *, versioned: bool
) -> Text:
    """What S3 deletes by the new rules and would have kept by the old ones, prefix by prefix."""
    old, new, lost = list(before), list(after), list[Text]()
    for prefix in prefixes(settings):
        was, will = kept(old, prefix), kept(new, prefix)
        if _sooner(was.current, will.current):
            until = "" if was.current is None else f"{was.current}"
            key = "check.storage.lost.between" if until else "check.storage.lost.older"
            lost.append(text(key, prefix=prefix, days=will.current or 0, until=until))
        if versioned and _sooner(was.old, will.old):
            lost.append(text("check.storage.lost.old", prefix=prefix, days=will.old or 0))
    if not lost:
        return text("check.storage.caution.longer")
    return text("check.storage.caution", lost=text("report.all", parts=tuple(lost)))


def _sooner(was: int | None, will: int | None) -> bool:
    return will is not None and (was is None or will < was)


def _shown(where: str, why: str) -> FixCommand:
    details = (text(f"check.storage.by_hand.{why}"), text("check.storage.cdk"))
    return FixCommand(f"aws s3api get-bucket-lifecycle-configuration {where}", details)


def _mended(rules: Iterable[LifecycleRule], settings: Settings, *, versioned: bool) -> list[dict[str, Any]]:
    listed = [_as_filter(each) for each in rules]
    for prefix, days in promises(settings):
        light, _ = judged(prefix, days, kept(listed, prefix), versioned=versioned)
        if light is not CheckStatus.GREEN:
            _put(listed, prefix, _ends(days, versioned=versioned))
    return listed


def _keeps(rules: Iterable[LifecycleRule], settings: Settings, *, versioned: bool) -> bool:
    listed = list(rules)
    return all(
        judged(prefix, days, kept(listed, prefix), versioned=versioned)[0] is CheckStatus.GREEN
        for prefix, days in promises(settings)
    )


def _as_filter(rule: LifecycleRule) -> dict[str, Any]:
    new = {name: value for name, value in rule.items() if name != "Prefix"}
    return new if "Filter" in new else {**new, "Filter": {"Prefix": str(rule.get("Prefix") or "")}}


def _put(listed: list[dict[str, Any]], prefix: str, ends: Mapping[str, Any]) -> None:
    """Into the rules of this very prefix, else into a new one. A rule that was switched off and would do
    more than end objects stays off."""
    ours = [
        each
        for each in listed
        if prefix_of(each) == prefix and (each.get("Status") == "Enabled" or set(each) <= _ENDS)
    ]
    for each in ours:
        each.update(ends)
    if not ours:
        listed.append(added(listed, prefix, prefix, ends))


def _ends(days: int, *, versioned: bool) -> dict[str, Any]:
    ends: dict[str, Any] = {"Status": "Enabled", "Expiration": {"Days": days}}
    more = {"NoncurrentVersionExpiration": {"NoncurrentDays": LEAST_OLD_DAYS}} if versioned else {}
    return ends | more
