"""How large the images bucket is, by CloudWatch's daily storage metrics: no listing, no cost.

`BucketSizeBytes` is put once a day for each storage class, old versions and half uploads included, and
only for the bucket as a whole (S3 user guide, metrics-dimensions).
"""

from datetime import UTC, datetime, timedelta

from responder.checks import days
from responder.checks.base import unread
from responder.checks.identity import Checked, magnitude
from responder.checks.model import Chart, CheckItem, CheckStatus, Harm
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.series import Series
from responder.core.text import Value, text
from responder.evidence import metrics

CHAPTER = "S3ストレージ使用量確認"
SPAN = 16
# A day's figure bears its first moment and comes within two more. What is older says nothing of now.
_FRESH = timedelta(days=4)
# Where the day a week before has none, the one before it will do.
_WEEK, _LATE = 7, 3
_DAY_SECONDS = 86_400
MIB, GIB = 2**20, 2**30
# The lifecycle lets as much go as comes: half as much again within a week wants a reason.
_FAST = 1.5
_SMALL = GIB
_CLASSES = (
    "StandardStorage",
    "StandardIAStorage",
    "StandardIASizeOverhead",
    "OneZoneIAStorage",
    "OneZoneIASizeOverhead",
    "ReducedRedundancyStorage",
    "IntelligentTieringFAStorage",
    "IntelligentTieringIAStorage",
    "IntelligentTieringAAStorage",
    "IntelligentTieringAIAStorage",
    "IntelligentTieringDAAStorage",
    "GlacierInstantRetrievalStorage",
    "GlacierInstantRetrievalSizeOverhead",
    "GlacierStorage",
    "GlacierStagingStorage",
    "GlacierObjectOverhead",
    "GlacierS3ObjectOverhead",
    "DeepArchiveStorage",
    "DeepArchiveStagingStorage",
    "DeepArchiveObjectOverhead",
    "DeepArchiveS3ObjectOverhead",
)
_OBJECTS = "objects"


def size(context: Context) -> tuple[tuple[CheckItem, ...], tuple[Chart, ...]]:
    """One request. The days are UTC's, as CloudWatch counts them."""
    bucket = context.settings.bucket
    asked = {each: _metric("BucketSizeBytes", bucket, each) for each in _CLASSES}
    asked[_OBJECTS] = _metric("NumberOfObjects", bucket, "AllStorageTypes")
    today = days.day_of(context.now, UTC)
    end = days.start_of(today, UTC) + timedelta(days=1)
    try:
        found = metrics.read(context, asked, end - timedelta(days=SPAN + 1), end)
    except AwsError as error:
        return (unread(Checked.BUCKET_SIZE.of(), text("check.storage.part.size"), error, CHAPTER),), ()
    objects = found.pop(_OBJECTS)
    total = summed(found)
    if not total.points:
        said = text("check.storage.no_size", days=SPAN, bucket=bucket)
        return (
            CheckItem(
                Checked.BUCKET_SIZE.of(),
                CheckStatus.UNKNOWN,
                said,
                (text("check.storage.no_size.why"),),
                CHAPTER,
            ),
        ), ()
    return (judged(total, objects, context.now),), (_chart(total, end),)


def summed(classes: dict[str, Series]) -> Series:
    """All storage classes together, day by day; not a day on which one of them has a gap."""
    known = [dict(each.points) for each in classes.values() if each.points]
    found = sorted({day for each in known for day in each})
    gaps = {day for each in known for day in found if min(each) < day < max(each) and day not in each}
    return Series(tuple((day, sum(each.get(day, 0.0) for each in known)) for day in found if day not in gaps))


def judged(total: Series, objects: Series, now: datetime) -> CheckItem:
    """The newest day against the one a week before it."""
    this = Checked.BUCKET_SIZE.of()
    at, size = total.points[-1]
    count = dict(objects.points).get(at)
    numbers = {"bytes": size} | ({} if count is None else {"objects": count})
    details = (text("check.storage.size.what"),)
    given: dict[str, Value] = {
        "size": shown(size),
        "day": f"{at:%Y-%m-%d}",
        "objects": text("checks.none") if count is None else round(count),
    }
    if now - at > _FRESH:
        said = text("check.storage.size.old", **given)
        return CheckItem(
            this,
            CheckStatus.UNKNOWN,
            said,
            (text("check.storage.no_size.why"), *details),
            CHAPTER,
            "",
            numbers,
        )
    days, before = _earlier(total)
    if before is None:
        return CheckItem(
            this, CheckStatus.GREEN, text("check.storage.size.first", **given), details, CHAPTER, "", numbers
        )
    fast = size > _SMALL and size > _FAST ** (days / _WEEK) * before
    numbers["bytes_week_before"] = before
    said = text("check.storage.size", change=_change(size - before), before=shown(before), days=days, **given)
    more = (text("check.storage.size.fast"), *details) if fast else details
    light, facts = CheckStatus.AMBER if fast else CheckStatus.GREEN, (magnitude(size),)
    return CheckItem(this, light, said, more, CHAPTER, "", numbers, harm=Harm.COST, facts=facts)


def _earlier(total: Series) -> tuple[int, float | None]:
    """How many days before the newest one, and what there was."""
    at = total.points[-1][0]
    ages = (((at - day).days, value) for day, value in reversed(total.points))
    return next((each for each in ages if _WEEK <= each[0] <= _WEEK + _LATE), (0, None))


def shown(size: float) -> str:
    """`12.3 GiB`."""
    if abs(size) >= GIB:
        return f"{size / GIB:,.1f} GiB"
    return f"{size / MIB:,.1f} MiB"


def _change(size: float) -> str:
    return f"{'+' if size >= 0 else '-'}{shown(abs(size))}"


def _metric(name: str, bucket: str, storage: str) -> metrics.Metric:
    where = (("BucketName", bucket), ("StorageType", storage))
    return metrics.Metric("AWS/S3", name, "Average", where, _DAY_SECONDS)


def _chart(total: Series, end: datetime) -> Chart:
    known = dict(total.points)
    wanted = (end - timedelta(days=number) for number in range(SPAN, 0, -1))
    points = tuple((at, None if at not in known else known[at] / GIB) for at in wanted)
    return Chart(text("check.storage.chart"), "GiB", points, 0.0)
