"""Lifecycle rules that keep every promise also with versions, and all other rules as they are. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from responder.checks.storage.lifecycle import AUDIT, added, kept, prefix_of, promises
from responder.core.settings import Settings

# S3 ends an old version a whole day after it became one, at the earliest.
_LEAST_OLD_DAYS = 1

type Rule = Mapping[str, Any]


def mended(rules: Iterable[Rule], settings: Settings) -> list[dict[str, Any]]:
    """Current and old days of audit images are at most one more than promised; what ends sooner stays so."""
    listed = [dict(each) for each in rules]
    for prefix, promised in promises(settings):
        found = kept(listed, prefix)
        days = min(found.current or promised, promised)
        most = promised + _LEAST_OLD_DAYS - days
        ends: dict[str, Any] = {}
        # Of other prefixes only old versions get an end: what is there now is not ours to delete.
        if prefix == AUDIT and (found.current is None or found.current > promised):
            ends["Expiration"] = {"Days": days}
        if found.old is None or found.old > most:
            ends["NoncurrentVersionExpiration"] = {"NoncurrentDays": max(most, _LEAST_OLD_DAYS)}
        if ends:
            _put(listed, prefix, ends)
    return listed


def endless(rules: Iterable[Rule]) -> tuple[str, ...]:
    """IDs of other rules in force that end objects, but not their old versions."""
    return tuple(str(each.get("ID", "-")) for each in _endless(rules))


def keeps_promises(rules: Iterable[Rule], settings: Settings) -> bool:
    """Nothing is left to mend."""
    listed = [dict(each) for each in rules]
    return mended(listed, settings) == listed


def _put(listed: list[dict[str, Any]], prefix: str, ends: Mapping[str, Any]) -> None:
    """Into the rule in force that is of this very prefix, else into a new one."""
    for each in listed:
        if each.get("Status") == "Enabled" and prefix_of(each) == prefix:
            each.update(ends)
            return
    named = f"liveness-versions-{prefix.strip('/')}"
    listed.append(added(listed, named, prefix, {"Status": "Enabled", **ends}))


def _endless(rules: Iterable[Rule]) -> Iterator[Rule]:
    for each in rules:
        on = each.get("Status") == "Enabled" and "Days" in each.get("Expiration", {})
        if on and "NoncurrentVersionExpiration" not in each:
            yield each
