"""Is anything under the audit prefix older than promised? At most 1,000 objects; no key leaves here."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.check import Item, Light
from responder.checks.storage_asked import ask
from responder.checks.storage_rules import AUDIT
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError, Missing
from responder.text import text

CHAPTER = "S3ライフサイクルポリシー確認"
MOST = 1_000
# S3 rounds up to the next midnight and takes its time after it.
_GRACE = timedelta(days=3)


def sample(context: Context) -> Item:
    """One request. Keys begin with random session ids: the first ones are as good a sample as any."""
    found = ask(context, "s3", "list_objects_v2", Bucket=context.settings.bucket, Prefix=AUDIT, MaxKeys=MOST)
    if isinstance(found, AwsError):
        item = unread(text("check.storage.part.sample", prefix=AUDIT), found, CHAPTER)
        return item if not isinstance(found, Missing) else Item(Light.RED, item.said, (), CHAPTER)
    whole = not found.get("IsTruncated")
    return judged(found.get("Contents", ()), context.now, context.settings.audit_days, whole=whole)


def judged(objects: Iterable[Mapping[str, Any]], now: datetime, promised: int, *, whole: bool) -> Item:
    """By the oldest of them. `whole`: there were no more."""
    times = [each["LastModified"] for each in objects if isinstance(each.get("LastModified"), datetime)]
    if not times:
        return Item(Light.GREEN, text("check.storage.empty", prefix=AUDIT), (), CHAPTER, "", {"sample": 0.0})
    age = now - min(times)
    late = [each for each in times if now - each > timedelta(days=promised) + _GRACE]
    given = {"prefix": AUDIT, "count": len(times), "age": age.days, "promised": promised}
    numbers = {"sample": float(len(times)), "oldest_days": float(age.days), "too_old": float(len(late))}
    details = (text("check.storage.sample.whole" if whole else "check.storage.sample.part"),)
    if late:
        said = text("check.storage.outlived", late=len(late), **given)
        return Item(Light.RED, said, details, CHAPTER, "", numbers)
    return Item(Light.GREEN, text("check.storage.sample", **given), details, CHAPTER, "", numbers)
