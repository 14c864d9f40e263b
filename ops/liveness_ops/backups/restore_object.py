"""restore-object: one version of one object becomes the current one, within the promise of its prefix."""

from dataclasses import replace
from typing import Any

from liveness_ops.backups import steps
from liveness_ops.backups.steps import Step
from liveness_ops.backups.versions import Version, covering, kept_until, versions
from liveness_ops.checks.work import settings_of
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.check import Rhythm
from responder.render.headline import stamp
from responder.text import Text, text


def restore(desk: Desk, key: str, version: str, do: bool) -> dict[str, Any]:
    """List; with a version show how; with `do` carry it out.

    Raises:
        Stop: the bucket keeps no versions, there is none of this key, no such version, or it is past the
            promised days; somebody changed the object meanwhile.
    """
    desk = replace(desk, settings=settings_of(desk, Rhythm.WEEKLY))
    bucket = desk.settings.bucket
    if not desk.aws.call("s3", "get_bucket_versioning", Bucket=bucket).get("Status"):
        raise Stop(Exit.NOT_DONE, text("ops.not_versioned", bucket=bucket))
    found = versions(desk, bucket, key)
    if not found:
        raise Stop(Exit.NOTHING_OPEN, text("ops.no_versions"))
    _table(desk, found)
    told = {"versions": [_shape(desk, key, each) for each in found]}
    if not version:
        desk.screen.say(text("ops.choose_version"))
        return {**told, "dry_run": True, "steps": []}
    planned = _plan(desk, key, found, _chosen(desk, key, found, version))
    shown = steps.show(desk, planned)
    desk.screen.say(text("ops.deletion_asked"), style="bold")
    if do:
        if versions(desk, bucket, key) != found:
            raise Stop(Exit.NOT_DONE, text("ops.object_changed"))
        steps.carry_out(desk, planned)
        desk.screen.say(text("ops.object_restored"), style="green")
    else:
        steps.rehearsed(desk)
    return {**told, "version": version, "dry_run": not do, "steps": shown}


def _chosen(desk: Desk, key: str, found: tuple[Version, ...], version: str) -> Version:
    chosen = next((each for each in found if each.id == version and not each.marker), None)
    if chosen is None:
        raise Stop(Exit.USAGE, text("ops.no_such_version"), {"version": version})
    if chosen.latest:
        raise Stop(Exit.NOTHING_OPEN, text("ops.version_current"), {"version": version})
    end = kept_until(chosen, key, desk.settings)
    if desk.clock() >= end:
        said = text("ops.version_past", made=stamp(chosen.made), end=stamp(end))
        raise Stop(Exit.NOT_DONE, said, {"version": version})
    return chosen


def _plan(desk: Desk, key: str, found: tuple[Version, ...], chosen: Version) -> tuple[Step, ...]:
    """Without its delete marker a version keeps its age; a copy begins anew, so its end is said."""
    where = {"Bucket": desk.settings.bucket, "Key": key}
    markers = covering(found, chosen)
    if markers:
        said = text("ops.step_marker")
        return tuple(Step(said, "s3", "delete_object", {**where, "VersionId": each.id}) for each in markers)
    desk.screen.say(text("ops.copy_begins_anew", end=stamp(kept_until(chosen, key, desk.settings))))
    # The SDK encodes the key.
    source = f"{desk.settings.bucket}/{key}?versionId={chosen.id}"
    return (Step(text("ops.step_copy"), "s3", "copy_object", {**where, "CopySource": source}),)


def _table(desk: Desk, found: tuple[Version, ...]) -> None:
    heads = (
        text("ops.version_id"),
        text("ops.version_made"),
        text("ops.version_what"),
        text("ops.version_size"),
    )
    rows = [(each.id, stamp(each.made), _what(each), str(each.size)) for each in found]
    desk.screen.table(text("ops.versions"), heads, rows)


def _what(version: Version) -> Text:
    if version.marker:
        return text("ops.version_marker")
    return text("ops.version_latest" if version.latest else "ops.version_old")


def _shape(desk: Desk, key: str, version: Version) -> dict[str, Any]:
    return {
        "version": version.id,
        "made": stamp(version.made),
        "latest": version.latest,
        "deleted": version.marker,
        "size": version.size,
        "until": None if version.marker else stamp(kept_until(version, key, desk.settings)),
    }
