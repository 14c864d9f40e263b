"""The versions of one object, as S3 lists them. No other key leaves here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from liveness_ops.people.desk import Desk
from responder.checks.storage.lifecycle import promises
from responder.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Version:
    """`made` is UTC; `marker`: no object, only the note that it was deleted."""

    id: str
    made: datetime
    latest: bool
    marker: bool
    size: int = 0


def versions(desk: Desk, bucket: str, key: str) -> tuple[Version, ...]:
    """The newest first. S3 lists by key: the one that is the whole prefix comes before all others."""
    found: list[Version] = []
    for page in desk.aws.pages("s3", "list_object_versions", Bucket=bucket, Prefix=key):
        listed = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        found += _of(page, key)
        if any(each["Key"] != key for each in listed):
            break
    return tuple(sorted(found, key=lambda each: (each.latest, each.made), reverse=True))


def _of(page: dict[str, Any], key: str) -> Iterator[Version]:
    for kind, marker in (("Versions", False), ("DeleteMarkers", True)):
        for each in page.get(kind, []):
            if each["Key"] == key:
                made = each["LastModified"].astimezone(UTC)
                size = int(each.get("Size", 0))
                yield Version(str(each["VersionId"]), made, bool(each.get("IsLatest")), marker, size)


def kept_until(version: Version, key: str, settings: Settings) -> datetime:
    """Until when it was promised to be kept at most; a prefix without a promise has that of audit images."""
    days = next((each for prefix, each in promises(settings) if key.startswith(prefix)), settings.audit_days)
    return version.made + timedelta(days=days)


def covering(found: tuple[Version, ...], wanted: Version) -> tuple[Version, ...]:
    """The delete markers above a version, where nothing else is: without them it is the current one again.

    S3 lists versions and markers apart, with whole seconds: a marker of the same second may be above, too.
    """
    if not all(each.marker for each in found[: found.index(wanted)]):
        return ()
    return tuple(each for each in found if each.marker and (each.latest or each.made >= wanted.made))
