"""File the report of an incident in the bucket of reports: two pages to read, one file for machines."""

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.permissions import Permission
from responder.core.settings_document import NOBODY, People
from responder.core.text import Text, text
from responder.evidence.base import reason
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import OpenRequest
from responder.incident_report.model import IncidentReport
from responder.store import IncidentHead, Incidents, approvals

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
BUCKET_KEYS = "${ReportsBucket.Arn}/incidents/*"
NEEDS = (Permission("s3:PutObject", BUCKET_KEYS, "the report of an incident that is over is filed"),)


@dataclass(frozen=True, slots=True)
class FiledIncident:
    """What was filed: `keys` in the bucket, `url` of the page in the stack's language in the console.

    `problem`: why something of it is missing; `url` is empty where that page is."""

    keys: tuple[str, ...] = ()
    url: str = ""
    problem: Text | None = None


def file(  # noqa: PLR0913  one value per source
    context: Context,
    incidents: Incidents,
    head: IncidentHead,
    watch: FollowUpMemory,
    closed_at: datetime,
    people: People = NOBODY,
) -> FiledIncident:
    """Read, measure, render, put. Never raises: no incident stays open for want of its report.

    `people`: who may approve what; rows of nobody else are believed. Filing again overwrites what was filed,
    so a repeat is harmless.
    """
    if not context.settings.reports_bucket:
        return FiledIncident(problem=text("chronicle.no_bucket"))
    try:
        told = chronicle(context, incidents, head, watch, closed_at, people)
        return _put(context, head.incident, _files(told))
    except ResponderError as error:
        return FiledIncident(problem=text("chronicle.not_filed", reason=reason(error)))
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} {last.name}:{last.lineno}"
        return FiledIncident(
            problem=text("chronicle.not_filed", reason=text("evidence.failed.ours", kind=where))
        )


def chronicle(  # noqa: PLR0913  one value per source
    context: Context,
    incidents: Incidents,
    head: IncidentHead,
    watch: FollowUpMemory,
    closed_at: datetime,
    people: People,
) -> IncidentReport:
    """The story as of now; a ledger or approvals that cannot be read are a gap in it. Raises where the steps
    cannot be."""
    # Only a closing needs any of this: no other start pays for it.
    from responder.incident_report.build import build
    from responder.incident_report.metric import measure

    steps = incidents.steps(head.incident)
    gaps: tuple[Text, ...] = ()
    try:
        leases = incidents.ledger().leases
    except ResponderError as error:
        leases, gaps = (), (text("chronicle.no_ledger", reason=reason(error)),)
    askings: tuple[OpenRequest, ...] = ()
    try:
        askings = _askings(context, incidents, head.incident, people)
    except ResponderError as error:
        gaps = (*gaps, text("chronicle.no_approvals", reason=reason(error)))
    told = build(steps, head, watch, leases, measure(context, head, closed_at), closed_at, askings)
    page = ((text("label.link_alarm"), console_links.alarm(context.settings.region, head.alarm)),)
    return replace(told, gaps=gaps, links=page)


def _askings(
    context: Context, incidents: Incidents, incident: str, people: People
) -> tuple[OpenRequest, ...]:
    aws, table = context.aws, context.settings.approvals_table
    return tuple(
        approvals.answer(approvals.rows(aws, table, asked.id), asked, people, context.now)
        for asked in incidents.proposals(incident)
    )


def key(incident: str, name: str) -> str:
    """Where a file of an incident lies in the bucket."""
    return f"incidents/{incident}/{name}"


def address(region: str, bucket: str, stored: str) -> str:
    """The console's page of one object."""
    host = {"cn": "console.amazonaws.cn/s3", "us-gov": "console.amazonaws-us-gov.com/s3"}.get(
        region.rpartition("-")[0].rpartition("-")[0], "s3.console.aws.amazon.com/s3"
    )
    where = f"{quote(bucket, safe='')}?region={quote(region, safe='')}&prefix={quote(stored, safe='/')}"
    return f"https://{host}/object/{where}"


def _files(told: IncidentReport) -> Mapping[str, tuple[str, str]]:
    from responder.incident_report.json_report import machine
    from responder.incident_report.page import page

    packed = json.dumps(machine(told), ensure_ascii=False, allow_nan=False)
    pages = {f"report.{language}.html": (HTML, page(told, language)) for language in ("ja", "en")}
    return {**pages, "report.json": (JSON, packed + "\n")}


def _put(context: Context, incident: str, files: Mapping[str, tuple[str, str]]) -> FiledIncident:
    settings = context.settings
    owner = {"ExpectedBucketOwner": settings.account} if settings.account else {}
    keys: list[str] = []
    problem: Text | None = None
    for name, (kind, body) in files.items():
        stored = key(incident, name)
        put = {"Bucket": settings.reports_bucket, "Key": stored, "ContentType": kind, **owner}
        try:
            context.aws.call("s3", "put_object", Body=body.encode("utf-8", "replace"), **put)
        except ResponderError as error:
            problem = problem or text("chronicle.not_filed", reason=reason(error))
        else:
            keys.append(stored)
    mine = key(incident, f"report.{'ja' if settings.language == 'ja' else 'en'}.html")
    url = address(settings.region, settings.reports_bucket, mine) if mine in keys else ""
    return FiledIncident(tuple(keys), url, problem)
