"""Reads earlier reports from the bucket of reports, so that today's can be compared with them."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from responder.checks import days
from responder.checks.base import ask, unusable
from responder.checks.days import Days
from responder.checks.finding import CheckStatus
from responder.checks.model import FILE, Cadence, folder
from responder.core.context import Context
from responder.core.errors import AwsError, Unreachable
from responder.core.frozen import frozen
from responder.core.permissions import Permission, Permissions
from responder.core.plain_data import Data, Json
from responder.core.timestamps import zone

REPORTS_BUCKET = "${ReportsBucket.Arn}"
# A report that is older by so many days is no "before".
BACK_DAYS = {Cadence.DAILY: 8, Cadence.WEEKLY: 15, Cadence.MONTHLY: 63}
_LARGEST = 8_000_000
_KEY = re.compile(rf".*/(\d{{4}}-\d\d-\d\d)/{re.escape(FILE)}")


def needs(rhythm: Cadence = Cadence.DAILY) -> Permissions:
    """The permissions to read the reports of a rhythm."""
    return (
        Permission("s3:ListBucket", REPORTS_BUCKET),
        Permission("s3:GetObject", f"{REPORTS_BUCKET}/{folder(rhythm)}*"),
    )


@frozen
class FiledReport:
    """A day's report (`checks.report.json_report`) as stored in the bucket."""

    day: date
    report: Data

    def facts(self, section: str) -> Mapping[str, Mapping[str, str]]:
        """What a section kept for the next day; empty where it kept nothing."""
        for each in _mappings(self.report.get("sections")):
            if each.get("name") == section:
                facts = each.get("facts")
                kept = facts if isinstance(facts, Mapping) else {}
                known = {name: v if isinstance(v, Mapping) else {} for name, v in kept.items()}
                return {str(name): {str(k): str(v) for k, v in each.items()} for name, each in known.items()}
        return {}

    @property
    def items(self) -> Mapping[str, Data]:
        """The report's findings by their ids."""
        return {
            str(item.get("id")): item
            for section in _mappings(self.report.get("sections"))
            for item in _mappings(section.get("items"))
        }

    def light(self, id_: str) -> CheckStatus | None:
        """How the finding of this id was reported; None where it was not, or only counted as accepted."""
        found = self.items.get(id_, {})
        light = found.get("light")
        return CheckStatus(light) if light in tuple(CheckStatus) and not found.get("accepted") else None

    def since(self, id_: str) -> date:
        """The day of the first report, of those in a row up to this one, that had the finding of this id."""
        with suppress(ValueError):
            return min(self.day, date.fromisoformat(str(self.items.get(id_, {}).get("since"))))
        return self.day


def filed(context: Context, rhythm: Cadence, **asked: object) -> Days | AwsError:
    """Days of which there is a report: those of the first page, the oldest ones."""
    bucket = context.settings.reports_bucket
    found = ask(context, "s3", "list_objects_v2", Bucket=bucket, Prefix=folder(rhythm), **asked)
    if isinstance(found, AwsError):
        return found
    keys = (_KEY.fullmatch(str(each.get("Key", ""))) for each in found.get("Contents", ()))
    days = []
    for key in keys:
        with suppress(ValueError):
            days += [date.fromisoformat(key[1])] if key else []
    return tuple(days)


def filed_days(context: Context, rhythm: Cadence = Cadence.DAILY, first: int = 1) -> Days | AwsError:
    """The days from `BACK_DAYS` ago until `first` days ago of which there is a report, the newest first."""
    settings = context.settings
    if not settings.reports_bucket:
        return ()
    today = days.day_of(context.now, zone(settings.check_zone))
    oldest, newest = days.before(today, BACK_DAYS[rhythm]), days.before(today, first)
    found = filed(context, rhythm, StartAfter=f"{folder(rhythm)}{oldest:%Y-%m-%d}")
    if isinstance(found, AwsError):
        return found
    return tuple(sorted((day for day in found if oldest <= day <= newest), reverse=True))


def read(context: Context, day: date, rhythm: Cadence = Cadence.DAILY) -> FiledReport | AwsError:
    """The report of that day."""
    found = ask(context, "s3", "get_object", **place(context, f"{folder(rhythm)}{day:%Y-%m-%d}/{FILE}"))
    if isinstance(found, AwsError):
        return found
    try:
        report = body(found, _LARGEST)
    except AwsError as error:
        return error
    return FiledReport(day, report) if isinstance(report, dict) else unusable("s3", "GetObject")


def place(context: Context, key: str) -> dict[str, str]:
    """A key in the bucket of reports, which is to be this account's."""
    settings = context.settings
    owner = {"ExpectedBucketOwner": settings.account} if settings.account else {}
    return {"Bucket": settings.reports_bucket, "Key": key, **owner}


def body(answer: Json, most: int) -> Any:
    """The JSON in an answer of GetObject, of so many bytes at most. Raises Unreachable where it is none."""
    try:
        return json.loads(answer["Body"].read(most))
    # A stream that breaks off has its own errors: the content is unknown then.
    except Exception:
        raise Unreachable("s3", "GetObject", "UnusableAnswer") from None


def newest(context: Context, rhythm: Cadence, first: int = 1) -> FiledReport | AwsError | None:
    """The last report of `first` days ago or before; None where there is none."""
    filed = filed_days(context, rhythm, first)
    if isinstance(filed, AwsError):
        return filed
    return read(context, filed[0], rhythm) if filed else None


def _mappings(found: Any) -> tuple[Data, ...]:
    return tuple(each for each in found if isinstance(each, Mapping)) if isinstance(found, list) else ()
