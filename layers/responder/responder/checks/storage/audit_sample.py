"""How much lies under the audit prefix, and is any of it older than promised? No key leaves here."""

import shlex
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responder.checks.base import unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.checks.storage.bucket_size import CHAPTER as SIZE_CHAPTER
from responder.checks.storage.bucket_size import shown
from responder.checks.storage.lifecycle_rules import AUDIT
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.settings import Settings
from responder.core.text import Value, text

CHAPTER = "S3ライフサイクルポリシー確認"
# A request brings 1,000 objects (S3 API reference, ListObjectsV2). A check has 20 seconds in all, of which
# one slow request may take 8.
MOST_OBJECTS, MOST_SECONDS = 200_000, 10.0
# S3 rounds up to the next midnight and takes its time after it.
_GRACE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a listing showed. `whole`: there was no more. `oldest` is None where there was nothing."""

    objects: int
    size: int
    oldest: datetime | None
    late: int
    whole: bool


def sample(context: Context, most: int = MOST_OBJECTS, seconds: float = MOST_SECONDS) -> CheckItem:
    """Page after page, to the end or a limit. Current versions only, as the manual counts them."""
    asked = {"Bucket": context.settings.bucket, "Prefix": AUDIT}
    due = context.now - timedelta(days=context.settings.audit_days) - _GRACE
    try:
        found = listed(context.aws.pages("s3", "list_objects_v2", **asked), due, most, seconds)
    except AwsError as error:
        item = unread(
            Checked.OLDEST_OBJECT.of(AUDIT), text("check.storage.part.sample", prefix=AUDIT), error, CHAPTER
        )
        return (
            item
            if not isinstance(error, Missing)
            else CheckItem(Checked.OLDEST_OBJECT.of(AUDIT), CheckStatus.RED, item.said, (), CHAPTER)
        )
    return judged(found, context.now, context.settings)


def listed(pages: Iterable[Mapping[str, Any]], due: datetime, most: int, seconds: float) -> Listed:
    """`due`: what was written before then should be gone."""
    ends = time.monotonic() + seconds
    objects = size = late = 0
    oldest: datetime | None = None
    whole = False
    for page in pages:
        contents = page.get("Contents", ())
        objects += len(contents)
        size += sum(each["Size"] for each in contents)
        written = [each["LastModified"] for each in contents]
        late += sum(at < due for at in written)
        oldest = min(filter(None, (oldest, *written)), default=None)
        whole = not page.get("IsTruncated")
        if objects >= most or time.monotonic() >= ends:
            break
    return Listed(objects, size, oldest, late, whole)


def judged(found: Listed, now: datetime, settings: Settings) -> CheckItem:
    """By the oldest of them. What was not listed to the end is never called well."""
    this = Checked.OLDEST_OBJECT.of(AUDIT)
    numbers = {"objects": float(found.objects), "bytes": float(found.size), "too_old": float(found.late)}
    if found.whole and found.oldest is None:
        said = text("check.storage.empty", prefix=AUDIT)
        return CheckItem(this, CheckStatus.GREEN, said, (), SIZE_CHAPTER, "", numbers)
    age = (now - (found.oldest or now)).days
    numbers["oldest_days"] = float(age)
    given: dict[str, Value] = {
        "prefix": AUDIT,
        "count": found.objects,
        "age": age,
        "promised": settings.audit_days,
    }
    size = shown(found.size)
    details = () if found.whole else (text("check.storage.sample.rest"),)
    if found.late:
        said = text("check.storage.outlived", late=found.late, **given)
        of = "check.storage.sample.size" if found.whole else "check.storage.sample.least"
        details = (text(of, size=size, count=found.objects), *details)
        return CheckItem(this, CheckStatus.RED, said, details, CHAPTER, "", numbers)
    if found.whole:
        said = text("check.storage.sample", size=size, **given)
        return CheckItem(this, CheckStatus.GREEN, said, details, SIZE_CHAPTER, "", numbers)
    said = text("check.storage.sample.cut", size=size, **given)
    return CheckItem(
        this,
        CheckStatus.UNKNOWN,
        said,
        details,
        SIZE_CHAPTER,
        _total(settings),
        numbers,
    )


def _total(settings: Settings) -> str:
    """The manual's own command, without the names of the objects."""
    where = [f"s3://{settings.bucket}/{AUDIT}", "--region", settings.region]
    return f"{shlex.join(['aws', 's3', 'ls', *where, '--recursive', '--summarize'])} | tail -n 2"
