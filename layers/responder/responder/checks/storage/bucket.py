"""The bucket every week: size, audit images and their age, the rules that end them (manual, 週次)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from responder.checks.base import AwsAnswer, ask, unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection, CheckStatus
from responder.checks.storage.audit_sample import CHAPTER, sample
from responder.checks.storage.bucket_size import size
from responder.checks.storage.lifecycle_fix import mend
from responder.checks.storage.lifecycle_rules import judged, kept, promises
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.permissions import IMAGES_BUCKET, Permission
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence import metrics

_RIGHTS = ("ListBucket", "GetLifecycleConfiguration", "GetBucketVersioning")


@dataclass(frozen=True, slots=True)
class Storage:
    """Figures of CloudWatch, a bounded count of the audit images, settings; never an object."""

    name: str = "storage"

    def needs(self) -> tuple[Permission, ...]:
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
        return CheckSection(self.name, (*sized, oldest.result(), *ends), charts)


def lifecycle(rules: AwsAnswer, versions: AwsAnswer, settings: Settings) -> tuple[CheckItem, ...]:
    """One item for all prefixes whose rules break a promise, one for each other.

    Where versions are unknown, a rule that would do without them is no proof.
    """
    this = Checked.LIFECYCLE.of()
    if isinstance(rules, AwsError):
        item = unread(this, text("check.storage.part.rules"), rules, CHAPTER)
        return (
            CheckItem(this, CheckStatus.RED, item.said, (), CHAPTER) if isinstance(rules, Missing) else item,
        )
    unclear = isinstance(versions, AwsError)
    versioned = not isinstance(versions, AwsError) and bool(versions.get("Status"))
    listed = rules.get("Rules", [])
    found = [
        judged(prefix, days, kept(listed, prefix), versioned=versioned) for prefix, days in promises(settings)
    ]
    bad = [each for each in found if each[0] is not CheckStatus.GREEN]
    # Without knowing of versions, nothing that only holds without them is called well.
    fine = CheckStatus.UNKNOWN if unclear else CheckStatus.GREEN
    items = [
        CheckItem(Checked.LIFECYCLE.of(prefix), fine, said, (), CHAPTER)
        for (prefix, _), (light, said) in zip(promises(settings), found, strict=True)
        if light is CheckStatus.GREEN
    ]
    if bad:
        # One list of rules, one command: one finding. An end for old versions does no harm without versions.
        mended = mend(rules, settings, versioned=versioned or unclear)
        worst = min((light for light, _ in bad), key=lambda each: each.rank)
        findings = tuple(said for light, said in sorted(bad, key=lambda each: each[0].rank))
        several = text("check.storage.several", count=len(bad), findings=text("report.all", parts=findings))
        said = several if len(bad) > 1 else findings[0]
        item = CheckItem(this, worst, said, mended.details, CHAPTER, mended.command, caution=mended.caution)
        items.insert(0, item)
    if isinstance(versions, AwsError):
        items.append(unread(Checked.VERSIONS.of(), text("check.storage.part.versions"), versions, CHAPTER))
    return tuple(items)
