"""How large the images bucket is, by CloudWatch's daily storage metrics: no listing, no cost.

`BucketSizeBytes` is put once a day for each storage class, old versions and half uploads included, and
only for the bucket as a whole (S3 user guide, metrics-dimensions).
"""

from datetime import UTC, datetime, timedelta

from responder.check import Chart, Item, Light
from responder.checks import days
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError
from responder.evidence import metrics
from responder.series import Series
from responder.text import text

CHAPTER = "S3ストレージ使用量確認"
SPAN = 16
_WEEK = timedelta(days=7)
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


def size(context: Context) -> tuple[tuple[Item, ...], tuple[Chart, ...]]:
    """One request. The days are UTC's, as CloudWatch counts them."""
    bucket = context.settings.bucket
    asked = {each: _metric("BucketSizeBytes", bucket, each) for each in _CLASSES}
    asked[_OBJECTS] = _metric("NumberOfObjects", bucket, "AllStorageTypes")
    today = days.day_of(context.now, UTC)
    end = days.start_of(today, UTC) + timedelta(days=1)
    try:
        found = metrics.read(context, asked, end - timedelta(days=SPAN + 1), end)
    except AwsError as error:
        return (unread(text("check.storage.part.size"), error, CHAPTER),), ()
    objects = found.pop(_OBJECTS)
    total = summed(found)
    if not total.points:
        said = text("check.storage.no_size", days=SPAN, bucket=bucket)
        return (Item(Light.UNKNOWN, said, (text("check.storage.no_size.why"),), CHAPTER),), ()
    return (judged(total, objects),), (_chart(total, end),)


def summed(classes: dict[str, Series]) -> Series:
    """All storage classes together, day by day."""
    sums: dict[datetime, float] = {}
    for series in classes.values():
        for at, value in series.points:
            sums[at] = sums.get(at, 0.0) + value
    return Series(tuple(sorted(sums.items())))


def judged(total: Series, objects: Series) -> Item:
    """The newest day against the one a week before it."""
    at, now = total.points[-1]
    earlier = next((value for day, value in total.points if day == at - _WEEK), None)
    count = objects.values[-1] if objects.values else None
    numbers = {"bytes": now} | ({} if count is None else {"objects": count})
    details = (text("check.storage.size.what"),)
    given = {
        "size": shown(now),
        "day": f"{at:%Y-%m-%d}",
        "objects": text("checks.none") if count is None else round(count),
    }
    if earlier is None:
        return Item(Light.GREEN, text("check.storage.size.first", **given), details, CHAPTER, "", numbers)
    fast = now > _SMALL and now > _FAST * earlier
    numbers["bytes_week_before"] = earlier
    said = text("check.storage.size", change=_change(now - earlier), before=shown(earlier), **given)
    more = (text("check.storage.size.fast"), *details) if fast else details
    return Item(Light.AMBER if fast else Light.GREEN, said, more, CHAPTER, "", numbers)


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
