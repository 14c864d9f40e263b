"""Lifecycle rules against what was promised of each prefix. Pure.

On a bucket with versions `Expiration` only hides an object: its old version lives on until
`NoncurrentVersionExpiration` ends it, for ever without one (S3 user guide, intro-lifecycle-rules).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from responder.checks.model import CheckStatus
from responder.core.settings import Settings
from responder.core.text import Text, Value, text

AUDIT = "liveness-audit/"
_LOGINS, _TEMPORARY = ("logins/", 30), ("temp/", 1)
# S3 counts in whole days and wants at least one of them for an old version.
LEAST_OLD_DAYS = 1

type LifecycleRule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RetainedDays:
    """Days until S3 ends the objects of a prefix, and their old versions; None: never."""

    current: int | None
    old: int | None


def promises(settings: Settings) -> tuple[tuple[str, int], ...]:
    """(prefix, days) as FaceAuth deploys them and the manual wants them."""
    return (AUDIT, settings.audit_days), _LOGINS, _TEMPORARY


def prefixes(settings: Settings) -> tuple[str, ...]:
    """Below which the service keeps its objects."""
    return tuple(prefix for prefix, _ in promises(settings))


def kept(rules: Iterable[LifecycleRule], prefix: str) -> RetainedDays:
    """By the enabled rules that are about every object of the prefix."""
    about = [each for each in rules if each.get("Status") == "Enabled" and _covers(each, prefix)]
    current = [each.get("Expiration", {}).get("Days") for each in about]
    old = [each.get("NoncurrentVersionExpiration", {}) for each in about]
    # A number of newest versions to retain is retained for ever.
    ends = [each.get("NoncurrentDays") for each in old if not each.get("NewerNoncurrentVersions")]
    return RetainedDays(_least(current), _least(ends))


def judged(prefix: str, promised: int, found: RetainedDays, *, versioned: bool) -> tuple[CheckStatus, Text]:
    """Faces that are kept too long break a promise today; anything else is to be put right soon."""
    broken = CheckStatus.RED if prefix == AUDIT else CheckStatus.AMBER
    given: dict[str, Value] = {"prefix": prefix, "promised": promised}
    if found.current is None:
        return broken, text("check.storage.never", **given)
    if versioned and found.old is None:
        return broken, text("check.storage.old_never", days=found.current, **given)
    whole = found.current + ((found.old or 0) if versioned else 0)
    given |= {"days": found.current, "whole": whole}
    if found.current > promised:
        return broken, text("check.storage.too_long", **given)
    # Current and old versions each for themselves: a sum of both hides an object that is gone after a day.
    if found.current < promised - (LEAST_OLD_DAYS if versioned else 0):
        return CheckStatus.AMBER, text("check.storage.too_short", **given)
    if versioned and (found.old or 0) > LEAST_OLD_DAYS:
        return CheckStatus.AMBER, text("check.storage.old_too_long", old=found.old or 0, **given)
    return CheckStatus.GREEN, text("check.storage.kept", **given)


def added(rules: Iterable[LifecycleRule], named: str, prefix: str, ends: Mapping[str, Any]) -> dict[str, Any]:
    """A new rule for a prefix beside the others: S3 wants every ID once, and no Filter beside older rules."""
    listed = list(rules)
    taken = {each.get("ID") for each in listed}
    free = next(each for n in count(1) if (each := named if n == 1 else f"{named}-{n}") not in taken)
    older = any("Filter" not in each and "Prefix" in each for each in listed)
    where = {"Prefix": prefix} if older else {"Filter": {"Prefix": prefix}}
    return {"ID": free, **where, **ends}


def prefix_of(rule: LifecycleRule) -> str | None:
    """In either form; None of a rule that a tag or a size narrows: it is not about every object."""
    where = rule.get("Filter")
    if not where:
        return str(rule.get("Prefix") or "")
    return str(where["Prefix"]) if set(where) == {"Prefix"} else None


def _covers(rule: LifecycleRule, prefix: str) -> bool:
    found = prefix_of(rule)
    return found is not None and prefix.startswith(found)


def _least(days: Iterable[Any]) -> int | None:
    return min((each for each in days if isinstance(each, int)), default=None)
