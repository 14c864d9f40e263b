"""restore-object: one version of one object becomes the current one, within the promise of its prefix."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from liveness_ops.backups import steps
from liveness_ops.backups.steps import Step
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from responder.checks.storage.lifecycle import promises
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.timestamps import stamp

_COLUMNS = ("ops.version_id", "ops.version_made", "ops.version_what", "ops.version_size")


@frozen
class Version:
    """`made` is UTC; `marker`: no object, only the note that it was deleted."""

    id: str
    made: datetime
    latest: bool
    marker: bool
    size: int = 0

    @property
    def kind(self) -> str:
        """The key of what it is."""
        return f"ops.version_{'marker' if self.marker else 'latest' if self.latest else 'old'}"


@frozen
class _Seen:
    status: str
    mfa: bool
    versions: tuple[Version, ...]


def restore(session: OperatorSession, key: str, version: str, do: bool) -> Json:
    """List the versions; with a version show the steps; with `do` take them.

    Raises:
        EarlyExit: the bucket keeps no versions, there is none of this key, no such version, or it is past the
            promised days; S3 could do it only by losing another version, or only by the root user;
            a person changed the object meanwhile.
    """
    seen = _read(session, key)
    if not seen.status:
        turn_on = session.typed("enable-versioning")
        said = text("ops.not_versioned", bucket=session.settings.bucket, command=turn_on)
        raise EarlyExit(Exit.NOT_DONE, said)
    if not seen.versions:
        raise EarlyExit(Exit.NOTHING_OPEN, text("ops.no_versions"))
    rows = [(each.id, stamp(each.made), text(each.kind), str(each.size)) for each in seen.versions]
    session.screen.table(text("ops.versions"), map(text, _COLUMNS), rows)
    about = {"versions": [_shape(session, key, each) for each in seen.versions]}
    if not version:
        session.screen.say(text("ops.choose_version"))
        return {**about, "dry_run": True, "steps": []}
    planned = _plan(session, key, seen, _chosen(session, key, seen.versions, version))
    shown = steps.show(session, planned)
    session.screen.say(text("ops.deletion_asked"), style="bold")
    if do:
        if _read(session, key) != seen:
            raise EarlyExit(Exit.NOT_DONE, text("ops.object_changed"))
        steps.carry_out(session, planned)
        session.screen.say(text("ops.object_restored"), style="green")
    else:
        steps.rehearsed(session)
    return {**about, "version": version, "dry_run": not do, "steps": shown}


def _read(session: OperatorSession, key: str) -> _Seen:
    bucket = session.settings.bucket
    found = session.aws.call("s3", "get_bucket_versioning", Bucket=bucket)
    status = found.get("Status", "")
    listed = _versions(session, bucket, key) if status else ()
    return _Seen(status, found.get("MFADelete") == "Enabled", listed)


def _chosen(session: OperatorSession, key: str, found: tuple[Version, ...], version: str) -> Version:
    chosen = next((each for each in found if each.id == version and not each.marker), None)
    if chosen is None:
        raise EarlyExit(Exit.USAGE, text("ops.no_such_version"), {"version": version})
    if chosen.latest:
        raise EarlyExit(Exit.NOTHING_OPEN, text("ops.version_current"), {"version": version})
    end = _kept_until(chosen, key, session.settings)
    if session.clock() >= end:
        said = text("ops.version_past", made=stamp(chosen.made), end=stamp(end))
        raise EarlyExit(Exit.NOT_DONE, said, {"version": version})
    return chosen


def _plan(session: OperatorSession, key: str, seen: _Seen, chosen: Version) -> tuple[Step, ...]:
    """Without its delete marker a version keeps its age; a copy has a new age, so its expiry is shown."""
    bucket = session.settings.bucket
    where = {"Bucket": bucket, "Key": key}
    if markers := _covering(seen.versions, chosen):
        if seen.mfa:
            raise EarlyExit(Exit.NOT_DONE, text("ops.mfa_delete", bucket=bucket))
        said = text("ops.step_marker")
        return tuple(Step(said, "s3", "delete_object", {**where, "VersionId": each.id}) for each in markers)
    if seen.status != "Enabled":
        # What is put while versioning is suspended takes the place of the version "null" (S3 user guide).
        turn_on = session.typed("enable-versioning")
        raise EarlyExit(Exit.NOT_DONE, text("ops.versioning_suspended", bucket=bucket, command=turn_on))
    session.screen.say(text("ops.copy_begins_anew", end=stamp(_kept_until(chosen, key, session.settings))))
    # The SDK encodes the key.
    source = f"{bucket}/{key}?versionId={chosen.id}"
    return (Step(text("ops.step_copy"), "s3", "copy_object", {**where, "CopySource": source}),)


def _shape(session: OperatorSession, key: str, version: Version) -> Json:
    return {
        "version": version.id,
        "made": stamp(version.made),
        "latest": version.latest,
        "deleted": version.marker,
        "size": version.size,
        "until": None if version.marker else stamp(_kept_until(version, key, session.settings)),
    }


# --- the versions of the object, as S3 lists them; no other key leaves here


def _versions(session: OperatorSession, bucket: str, key: str) -> tuple[Version, ...]:
    """The newest first. S3 lists by key: the one that is the whole prefix comes before all others."""
    found: list[Version] = []
    for page in session.aws.pages("s3", "list_object_versions", Bucket=bucket, Prefix=key):
        listed = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        found += _of(page, key)
        if any(each["Key"] != key for each in listed):
            break
    return tuple(sorted(found, key=lambda each: (each.latest, each.made), reverse=True))


def _of(page: Json, key: str) -> Iterator[Version]:
    for kind, marker in (("Versions", False), ("DeleteMarkers", True)):
        for each in page.get(kind, []):
            if each["Key"] == key:
                made = each["LastModified"].astimezone(UTC)
                size = each.get("Size", 0)
                yield Version(each["VersionId"], made, each.get("IsLatest", False), marker, size)


def _kept_until(version: Version, key: str, settings: Settings) -> datetime:
    """The last day until which it may be kept; a prefix without a promise has that of audit images."""
    days = next((each for prefix, each in promises(settings) if key.startswith(prefix)), settings.audit_days)
    return version.made + timedelta(days=days)


def _covering(found: tuple[Version, ...], wanted: Version) -> tuple[Version, ...]:
    """The delete markers above a version, where nothing else is: without them it is the current one again.

    S3 lists versions and markers apart, with whole seconds: a marker of the same second may be above, too.
    """
    if not all(each.marker for each in found[: found.index(wanted)]):
        return ()
    return tuple(each for each in found if each.marker and (each.latest or each.made >= wanted.made))
