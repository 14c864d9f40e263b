"""The images bucket every week: its size, the age of what it keeps, the rules that end it (manual, 週次)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from responder.check import Item, Light, Section
from responder.checks.storage_asked import Answer, ask
from responder.checks.storage_mend import mend
from responder.checks.storage_rules import judged, kept, promises
from responder.checks.storage_sample import CHAPTER, sample
from responder.checks.storage_size import size
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError, Missing
from responder.evidence import metrics
from responder.permissions import IMAGES_BUCKET, Permission
from responder.settings import Settings
from responder.text import text

_RIGHTS = ("ListBucket", "GetLifecycleConfiguration", "GetBucketVersioning")


@dataclass(frozen=True, slots=True)
class Storage:
    """Figures of CloudWatch, a bounded look at the prefix, settings; never an object."""

    name: str = "storage"

    def needs(self) -> tuple[Permission, ...]:
        """Metrics, settings, and names of objects (of which only times are kept)."""
        return (*metrics.NEEDS, *(Permission(f"s3:{each}", IMAGES_BUCKET) for each in _RIGHTS))

    def run(self, context: Context) -> Section:
        """Four requests side by side."""
        where = {"Bucket": context.settings.bucket}
        with ThreadPoolExecutor(4) as pool:
            figures = pool.submit(size, context)
            oldest = pool.submit(sample, context)
            rules = pool.submit(ask, context, "s3", "get_bucket_lifecycle_configuration", **where)
            versions = pool.submit(ask, context, "s3", "get_bucket_versioning", **where)
        sized, charts = figures.result()
        ends = lifecycle(rules.result(), versions.result(), context.settings)
        return Section(self.name, (*sized, oldest.result(), *ends), charts)


def lifecycle(rules: Answer, versions: Answer, settings: Settings) -> tuple[Item, ...]:
    """One item for each prefix. Where versions are unknown, a rule that would do without them is no proof."""
    if isinstance(rules, AwsError):
        item = unread(text("check.storage.part.rules"), rules, CHAPTER)
        return (Item(Light.RED, item.said, (), CHAPTER) if isinstance(rules, Missing) else item,)
    unclear = isinstance(versions, AwsError)
    versioned = not isinstance(versions, AwsError) and bool(versions.get("Status"))
    listed = rules.get("Rules", [])
    items = []
    for prefix, days in promises(settings):
        light, said = judged(prefix, days, kept(listed, prefix), versioned=versioned)
        bad = light is not Light.GREEN
        # An end for old versions does no harm where there are none.
        command, details = mend(rules, settings, versioned=versioned or unclear) if bad else ("", ())
        # Without knowing of versions, nothing that only holds without them is called well.
        sure = light if bad or not unclear else Light.UNKNOWN
        items.append(Item(sure, said, details, CHAPTER, command))
    if isinstance(versions, AwsError):
        items.append(unread(text("check.storage.part.versions"), versions, CHAPTER))
    return tuple(items)
