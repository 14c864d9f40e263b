"""The bucket every week: size, audit images and their age, the rules that end them (manual, 週次)."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from responder.checks import days
from responder.checks.base import AwsAnswer, ask
from responder.checks.commands import aws
from responder.checks.finding import (
    AMBER,
    GREEN,
    RED,
    UNKNOWN,
    Checked,
    CheckItem,
    Harm,
    Identity,
    Items,
    magnitude,
)
from responder.checks.model import Chart, CheckSection, KeyFigure, Since
from responder.checks.storage.lifecycle import AUDIT, judged, kept, mend, promises
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import IMAGES_BUCKET, Permission, Permissions
from responder.core.plain_data import Data, Json
from responder.core.series import Series
from responder.core.settings import Settings
from responder.core.text import Values, text
from responder.evidence import metrics

RULES, SIZE = "S3ライフサイクルポリシー確認", "S3ストレージ使用量確認"
_RIGHTS = ("ListBucket", "GetLifecycleConfiguration", "GetBucketVersioning")


@frozen
class Storage:
    """Figures of CloudWatch, a bounded count of the audit images, settings; never an object."""

    name: str = "storage"

    def needs(self) -> Permissions:
        """Metrics, settings, and names of objects (of which only times and sizes are kept)."""
        return (*metrics.NEEDS, *(Permission(f"s3:{each}", IMAGES_BUCKET) for each in _RIGHTS))

    def run(self, context: Context) -> CheckSection:
        """Four questions side by side."""
        where = {"Bucket": context.settings.bucket}
        with ThreadPoolExecutor(4) as pool:
            figures = pool.submit(size, context)
            oldest = pool.submit(sample, context)
            rules = pool.submit(ask, context, "s3", "get_bucket_lifecycle_configuration", **where)
            versions = pool.submit(ask, context, "s3", "get_bucket_versioning", **where)
        sized, charts = figures.result()
        ends = lifecycle(rules.result(), versions.result(), context.settings)
        before = sized.numbers.get("bytes_week_before")
        earlier = {} if before is None else {Since.WEEK: before / GIB}
        glance = (KeyFigure(each, sized.numbers["bytes"] / GIB, sized.light, earlier) for each in charts)
        return CheckSection(self.name, (sized, oldest.result(), *ends), charts, key_figures=tuple(glance))


def lifecycle(rules: AwsAnswer, versions: AwsAnswer, settings: Settings) -> Items:
    """One item for all prefixes whose rules break a promise, one for each other.

    Where versions are unknown, a rule that would do without them is no proof.
    """
    this = Checked.LIFECYCLE.of(chapter=RULES)
    if isinstance(rules, AwsError):
        gone = RED if isinstance(rules, Missing) else UNKNOWN
        return (this.unread(text("check.storage.part.rules"), rules, light=gone),)
    unclear = isinstance(versions, AwsError)
    versioned = not isinstance(versions, AwsError) and bool(versions.get("Status"))
    listed = rules.get("Rules", [])
    found = {
        prefix: judged(prefix, days, kept(listed, prefix), versioned=versioned)
        for prefix, days in promises(settings)
    }
    # If the state of versioning is unknown, a rule that is sufficient only without versions is not called
    # fine.
    items = [
        Checked.LIFECYCLE.of(prefix, chapter=RULES).item(UNKNOWN if unclear else GREEN, said)
        for prefix, (light, said) in found.items()
        if light is GREEN
    ]
    if bad := sorted(
        (each for each in found.values() if each[0] is not GREEN), key=lambda each: each[0].rank
    ):
        # One list of rules, one command: one finding. An end for old versions does no harm without versions.
        fix = mend(rules, settings, versioned=versioned or unclear)
        (worst, said), findings = bad[0], tuple(each for _, each in bad)
        if len(bad) > 1:
            every = text("report.all", parts=findings)
            said = text("check.storage.several", count=len(bad), findings=every)
        items.insert(0, this.item(worst, said).with_fix(fix))
    if isinstance(versions, AwsError):
        what = text("check.storage.part.versions")
        items.append(Checked.VERSIONS.of(chapter=RULES).unread(what, versions))
    return tuple(items)


# --- how large the bucket is: by CloudWatch's daily storage metrics, without a listing or a cost
#
# `BucketSizeBytes` is put once a day for each storage class, old versions and half uploads included, and
# only for the bucket as a whole (S3 user guide, metrics-dimensions).

SPAN = 16
# A day's figure has the time of its start and arrives within two more days. Older ones do not show the
# present.
_FRESH = timedelta(days=4)
# Where the day a week before has none, the one before it will do.
_WEEK, _LATE = 7, 3
_DAY_SECONDS = 86_400
MIB, GIB = 2**20, 2**30
# The lifecycle deletes as much as is added; growth by half within a week needs a reason.
_FAST = 1.5
_CLASSES = (
    *("StandardStorage", "StandardIAStorage", "StandardIASizeOverhead", "OneZoneIAStorage"),
    *("OneZoneIASizeOverhead", "ReducedRedundancyStorage"),
    *(f"IntelligentTiering{each}Storage" for each in ("FA", "IA", "AA", "AIA", "DAA")),
    *("GlacierInstantRetrievalStorage", "GlacierInstantRetrievalSizeOverhead", "GlacierStorage"),
    *("GlacierStagingStorage", "GlacierObjectOverhead", "GlacierS3ObjectOverhead", "DeepArchiveStorage"),
    *("DeepArchiveStagingStorage", "DeepArchiveObjectOverhead", "DeepArchiveS3ObjectOverhead"),
)
_OBJECTS = "objects"


def size(context: Context) -> tuple[CheckItem, tuple[Chart, ...]]:
    """One request. The days are UTC's, as CloudWatch counts them."""
    bucket, this = context.settings.bucket, Checked.BUCKET_SIZE.of(chapter=SIZE)

    def metric(name: str, storage: str) -> metrics.Metric:
        where = (("BucketName", bucket), ("StorageType", storage))
        return metrics.Metric("AWS/S3", name, "Average", where, _DAY_SECONDS)

    asked = {each: metric("BucketSizeBytes", each) for each in _CLASSES}
    asked[_OBJECTS] = metric("NumberOfObjects", "AllStorageTypes")
    end = days.start_of(days.day_of(context.now, UTC), UTC) + timedelta(days=1)
    try:
        found = metrics.read(context, asked, end - timedelta(days=SPAN + 1), end)
    except AwsError as error:
        return this.unread(text("check.storage.part.size"), error), ()
    objects = found.pop(_OBJECTS)
    total = _summed(found)
    if not total.points:
        said = text("check.storage.no_size", days=SPAN, bucket=bucket)
        return this.unknown(said, text("check.storage.no_size.why")), ()
    known = dict(total.points)
    wanted = (end - timedelta(days=number) for number in range(SPAN, 0, -1))
    points = tuple((at, None if at not in known else known[at] / GIB) for at in wanted)
    chart = Chart(text("check.storage.chart"), "GiB", points, 0.0)
    return _size_judged(this, total, objects, context.now), (chart,)


def _summed(classes: dict[str, Series]) -> Series:
    """The sum of all storage classes, day by day, without days on which one of them has a gap."""
    known = [dict(each.points) for each in classes.values() if each.points]
    found = sorted({day for each in known for day in each})
    gaps = {day for each in known for day in found if min(each) < day < max(each) and day not in each}
    return Series(tuple((day, sum(each.get(day, 0.0) for each in known)) for day in found if day not in gaps))


def _size_judged(this: Identity, total: Series, objects: Series, now: datetime) -> CheckItem:
    at, size = total.points[-1]
    count = dict(objects.points).get(at)
    numbers = {"bytes": size} | ({} if count is None else {"objects": count})
    what = text("check.storage.size.what")
    given: Values = {
        "size": shown(size),
        "day": f"{at:%Y-%m-%d}",
        "objects": text("checks.none") if count is None else round(count),
    }
    if now - at > _FRESH:
        said, why = text("check.storage.size.old", **given), text("check.storage.no_size.why")
        return this.unknown(said, why, what, numbers=numbers)
    ages = (((at - day).days, value) for day, value in reversed(total.points))
    earlier = next((each for each in ages if _WEEK <= each[0] <= _WEEK + _LATE), None)
    if earlier is None:
        return this.green(text("check.storage.size.first", **given), what, numbers=numbers)
    age, before = earlier
    fast = size > GIB and size > _FAST ** (age / _WEEK) * before
    change = f"{'+' if size >= before else '-'}{shown(abs(size - before))}"
    said = text("check.storage.size", change=change, before=shown(before), days=age, **given)
    details = (text("check.storage.size.fast"), what) if fast else (what,)
    numbers["bytes_week_before"] = before
    more: Json = {"numbers": numbers, "harm": Harm.COST, "facts": (magnitude(size),)}
    return this.item(AMBER if fast else GREEN, said, *details, **more)


def shown(size: float) -> str:
    """`12.3 GiB`."""
    return f"{size / GIB:,.1f} GiB" if abs(size) >= GIB else f"{size / MIB:,.1f} MiB"


# --- how much is under the audit prefix, and is any of it older than promised? No key leaves here

# A request brings 1,000 objects (S3 API reference, ListObjectsV2). A check has 20 seconds in all, of which
# one slow request may take 8.
MOST_OBJECTS, MOST_SECONDS = 200_000, 10.0
# S3 rounds up to the next midnight and takes its time after it.
_GRACE = timedelta(days=3)


class Listed(NamedTuple):
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
        found = _listed(context.aws.pages("s3", "list_objects_v2", **asked), due, most, seconds)
    except AwsError as error:
        gone = RED if isinstance(error, Missing) else UNKNOWN
        this = Checked.OLDEST_OBJECT.of(AUDIT, chapter=RULES)
        return this.unread(text("check.storage.part.sample", prefix=AUDIT), error, light=gone)
    return _sample_judged(found, context.now, context.settings)


def _listed(pages: Iterable[Data], due: datetime, most: int, seconds: float) -> Listed:
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


def _sample_judged(found: Listed, now: datetime, settings: Settings) -> CheckItem:
    """The item about the oldest image. An incomplete listing is never called fine."""
    sized = Checked.OLDEST_OBJECT.of(AUDIT, chapter=SIZE)
    numbers = {"objects": float(found.objects), "bytes": float(found.size), "too_old": float(found.late)}
    if found.whole and found.oldest is None:
        return sized.green(text("check.storage.empty", prefix=AUDIT), numbers=numbers)
    age, size = (now - (found.oldest or now)).days, shown(found.size)
    numbers["oldest_days"] = float(age)
    given: Values = {"prefix": AUDIT, "count": found.objects, "age": age}
    given["promised"] = settings.audit_days
    rest = () if found.whole else (text("check.storage.sample.rest"),)
    if found.late:
        key = "check.storage.sample.size" if found.whole else "check.storage.sample.least"
        said, listed = text("check.storage.outlived", late=found.late, **given), found.objects
        counted = text(key, size=size, count=listed)
        return Checked.OLDEST_OBJECT.of(AUDIT, chapter=RULES).red(said, counted, *rest, numbers=numbers)
    if found.whole:
        return sized.green(text("check.storage.sample", size=size, **given), numbers=numbers)
    # The manual's own command, without the names of the objects.
    where = f"s3 ls s3://{settings.bucket}/{AUDIT}"
    command = f"{aws(where, settings.region, recursive=(), summarize=())} | tail -n 2"
    said = text("check.storage.sample.cut", size=size, **given)
    return sized.unknown(said, *rest, command=command, numbers=numbers)
