"""The command that keeps every promise about a bucket's objects, and every other rule as it is. Pure.

S3 takes the whole list at once. Rules written the old way (a bare `Prefix`) must not reach into each other
and bear no `Filter` beside them, so all are written the new way, which means the same.
"""

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from responder.check import Light
from responder.checks import keys
from responder.checks.storage_rules import (
    LEAST_OLD_DAYS,
    Rule,
    added,
    judged,
    kept,
    prefix_of,
    prefixes,
    promises,
)
from responder.settings import Settings
from responder.text import Text, text

_ENDS = frozenset(("ID", "Status", "Filter", "Expiration", "NoncurrentVersionExpiration"))
_SMALL, _SMALL_BY_DEFAULT = "TransitionDefaultMinimumObjectSize", "all_storage_classes_128K"
# As long as a line to paste may be.
_LONGEST = 3_000


def mend(found: Mapping[str, Any], settings: Settings, *, versioned: bool) -> tuple[str, tuple[Text, ...]]:
    """The command and what to know before it is run; `found`: an answer of GetBucketLifecycleConfiguration.

    Where adding to the rules cannot mend it (another rule ends the objects first), or they are too many for
    one line, the command shows them.
    """
    where = f"--region {settings.region} --bucket {settings.bucket}"
    rules = _mended(found.get("Rules", ()), settings, versioned=versioned)
    document = json.dumps({"Rules": rules}, default=str, separators=(",", ":"))
    if len(document) > _LONGEST:
        return _shown(where, "long")
    if keys.named([each["Filter"] for each in rules], prefixes(settings)):
        return _shown(where, "named")
    if not _keeps(rules, settings, versioned=versioned):
        return _shown(where, "other")
    small = str(found.get(_SMALL) or _SMALL_BY_DEFAULT)
    more = "" if small == _SMALL_BY_DEFAULT else f" --transition-default-minimum-object-size {small}"
    command = (
        f"aws s3api put-bucket-lifecycle-configuration {where} "
        f"--lifecycle-configuration {shlex.quote(document)}{more}"
    )
    return command, (text("check.storage.whole_list"), text("check.storage.cdk"))


def _shown(where: str, why: str) -> tuple[str, tuple[Text, ...]]:
    details = (text(f"check.storage.by_hand.{why}"), text("check.storage.cdk"))
    return f"aws s3api get-bucket-lifecycle-configuration {where}", details


def _mended(rules: Iterable[Rule], settings: Settings, *, versioned: bool) -> list[dict[str, Any]]:
    listed = [_as_filter(each) for each in rules]
    for prefix, days in promises(settings):
        light, _ = judged(prefix, days, kept(listed, prefix), versioned=versioned)
        if light is not Light.GREEN:
            _put(listed, prefix, _ends(days, versioned=versioned))
    return listed


def _keeps(rules: Iterable[Rule], settings: Settings, *, versioned: bool) -> bool:
    listed = list(rules)
    return all(
        judged(prefix, days, kept(listed, prefix), versioned=versioned)[0] is Light.GREEN
        for prefix, days in promises(settings)
    )


def _as_filter(rule: Rule) -> dict[str, Any]:
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
