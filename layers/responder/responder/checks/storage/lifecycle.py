"""Lifecycle rules compared with what was promised for each prefix, and the command that corrects them. Pure.

On a bucket with versions `Expiration` only hides an object: its old version lives on until
`NoncurrentVersionExpiration` ends it, for ever without one (S3 user guide, intro-lifecycle-rules).

S3 replaces the whole list. Rules written the old way (a bare `Prefix`) must not reach into each other
and have no `Filter` with them, so all are written the new way, which means the same.
"""

import json
from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any, NamedTuple

from responder.checks import commands
from responder.checks.commands import FixCommand, aws
from responder.checks.finding import AMBER, GREEN, RED, CheckStatus
from responder.checks.security import object_keys
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import Strings, Text, Values, text

AUDIT = "liveness-audit/"
_LOGINS, _TEMPORARY = ("logins/", 30), ("temp/", 1)
# S3 counts in whole days and wants at least one of them for an old version.
LEAST_OLD_DAYS = 1
_ENDS = frozenset(("ID", "Status", "Filter", "Expiration", "NoncurrentVersionExpiration"))
_SMALL, _SMALL_BY_DEFAULT = "TransitionDefaultMinimumObjectSize", "all_storage_classes_128K"

type LifecycleRule = Data


class RetainedDays(NamedTuple):
    """Days until S3 ends the objects of a prefix, and their old versions; None: never."""

    current: int | None
    old: int | None


def promises(settings: Settings) -> tuple[tuple[str, int], ...]:
    """(prefix, days) as FaceAuth deploys them and the manual requires them."""
    return (AUDIT, settings.audit_days), _LOGINS, _TEMPORARY


def prefixes(settings: Settings) -> Strings:
    """Below which the service keeps its objects."""
    return tuple(prefix for prefix, _ in promises(settings))


def kept(rules: Iterable[LifecycleRule], prefix: str) -> RetainedDays:
    """The days by the enabled rules that concern every object of the prefix."""
    about = [
        each
        for each in rules
        if each.get("Status") == "Enabled"
        and (found := prefix_of(each)) is not None
        and prefix.startswith(found)
    ]
    old = [each.get("NoncurrentVersionExpiration", {}) for each in about]
    # A number of newest versions to retain is retained for ever.
    ends = [each.get("NoncurrentDays") for each in old if not each.get("NewerNoncurrentVersions")]
    return RetainedDays(_least([each.get("Expiration", {}).get("Days") for each in about]), _least(ends))


def judged(prefix: str, promised: int, found: RetainedDays, *, versioned: bool) -> tuple[CheckStatus, Text]:
    """Faces that are kept too long are red; anything else is amber."""
    broken = RED if prefix == AUDIT else AMBER
    given: Values = {"prefix": prefix, "promised": promised}
    if found.current is None:
        return broken, text("check.storage.never", **given)
    if versioned and found.old is None:
        return broken, text("check.storage.old_never", days=found.current, **given)
    whole = found.current + ((found.old or 0) if versioned else 0)
    given |= {"days": found.current, "whole": whole}
    if found.current > promised:
        return broken, text("check.storage.too_long", **given)
    # Current and old versions are judged separately: their sum would hide an object that is deleted after a
    # day.
    if found.current < promised - (LEAST_OLD_DAYS if versioned else 0):
        return AMBER, text("check.storage.too_short", **given)
    if versioned and (found.old or 0) > LEAST_OLD_DAYS:
        return AMBER, text("check.storage.old_too_long", old=found.old or 0, **given)
    return GREEN, text("check.storage.kept", **given)


def added(rules: Iterable[LifecycleRule], named: str, prefix: str, ends: Data) -> Json:
    """A new rule for a prefix in addition to the others: S3 requires every ID once, and no Filter among older
    rules."""
    listed = list(rules)
    taken = {each.get("ID") for each in listed}
    free = next(each for n in count(1) if (each := named if n == 1 else f"{named}-{n}") not in taken)
    older = any("Filter" not in each and "Prefix" in each for each in listed)
    where = {"Prefix": prefix} if older else {"Filter": {"Prefix": prefix}}
    return {"ID": free, **where, **ends}


def prefix_of(rule: LifecycleRule) -> str | None:
    """The rule's prefix, in either form; None if a tag or a size restricts the rule."""
    where = rule.get("Filter")
    if not where:
        return str(rule.get("Prefix") or "")
    return str(where["Prefix"]) if set(where) == {"Prefix"} else None


def _least(days: Iterable[Any]) -> int | None:
    return min((each for each in days if isinstance(each, int)), default=None)


# --- the command that puts them right


def mend(found: Data, settings: Settings, *, versioned: bool) -> FixCommand:
    """The command that keeps every promise, while the rules are as `found` says: an answer of
    GetBucketLifecycleConfiguration, or empty where the bucket has no rules.

    Where adding to the rules cannot fix it (another rule ends the objects first), or they are too many for
    one line, the command shows them.
    """
    call, where = "s3api {}-bucket-lifecycle-configuration", {"bucket": settings.bucket}
    show = aws(call.format("get"), settings.region, **where)
    before, rules = list(found.get("Rules", ())), _mended(found.get("Rules", ()), settings, versioned)
    cdk = text("check.storage.cdk")
    if object_keys.named([each["Filter"] for each in rules], prefixes(settings)):
        return FixCommand(show, (text("check.storage.by_hand.named"), cdk))
    if _broken(rules, settings, versioned):
        return FixCommand(show, (text("check.storage.by_hand.other"), cdk))
    options = {"lifecycle_configuration": commands.written({"Rules": rules})}
    small = str(found.get(_SMALL) or _SMALL_BY_DEFAULT)
    if small != _SMALL_BY_DEFAULT:
        options["transition_default_minimum_object_size"] = small
    if before:
        said = json.dumps(before, default=_moment, separators=(",", ":"))
        state = f"{show} --query 'to_string(Rules)' --output text", said
    else:
        state = commands.refused(show, "NoSuchLifecycleConfiguration")
    command = commands.unchanged(*state, aws(call.format("put"), settings.region, **where, **options))
    if len(command) > commands.LONGEST:
        return FixCommand(show, (text("check.storage.by_hand.long"), cdk))
    lost = tuple(_lost(before, rules, settings, versioned))
    longer = text("check.storage.caution.longer")
    caution = text("check.storage.caution", lost=text("report.all", parts=lost)) if lost else longer
    return FixCommand(command, (text("check.storage.whole_list"), cdk), caution)


def _moment(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _lost(
    before: list[LifecycleRule], after: list[Json], settings: Settings, versioned: bool
) -> Iterable[Text]:
    """What S3 deletes by the new rules and would have kept by the old ones, prefix by prefix."""
    for prefix in prefixes(settings):
        was, will = kept(before, prefix), kept(after, prefix)
        if _sooner(was.current, will.current):
            until = "" if was.current is None else f"{was.current}"
            key = "check.storage.lost.between" if until else "check.storage.lost.older"
            yield text(key, prefix=prefix, days=will.current or 0, until=until)
        if versioned and _sooner(was.old, will.old):
            yield text("check.storage.lost.old", prefix=prefix, days=will.old or 0)


def _sooner(was: int | None, will: int | None) -> bool:
    return will is not None and (was is None or will < was)


def _broken(rules: list[Json], settings: Settings, versioned: bool) -> list[tuple[str, int]]:
    return [
        (prefix, days)
        for prefix, days in promises(settings)
        if judged(prefix, days, kept(rules, prefix), versioned=versioned)[0] is not GREEN
    ]


def _mended(rules: Iterable[LifecycleRule], settings: Settings, versioned: bool) -> list[Json]:
    """An expiration goes into the rules of this prefix, otherwise into a new one. A disabled rule that would
    do more than expire objects stays disabled."""
    listed = [_as_filter(each) for each in rules]
    more = {"NoncurrentVersionExpiration": {"NoncurrentDays": LEAST_OLD_DAYS}} if versioned else {}
    for prefix, days in _broken(listed, settings, versioned):
        ends = {"Status": "Enabled", "Expiration": {"Days": days}, **more}
        ours = [
            each
            for each in listed
            if prefix_of(each) == prefix and (each.get("Status") == "Enabled" or set(each) <= _ENDS)
        ]
        for each in ours:
            each.update(ends)
        if not ours:
            listed.append(added(listed, prefix, prefix, ends))
    return listed


def _as_filter(rule: LifecycleRule) -> Json:
    new = {name: value for name, value in rule.items() if name != "Prefix"}
    return new if "Filter" in new else {**new, "Filter": {"Prefix": str(rule.get("Prefix") or "")}}
