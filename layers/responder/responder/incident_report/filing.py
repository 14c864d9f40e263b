"""File a report in the bucket of reports: pages to read, also in Markdown, and one file for machines."""

import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from responder.core import console_links
from responder.core.codec import Replacements
from responder.core.context import Context
from responder.core.errors import Defect, ResponderError
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.permissions import Permission
from responder.core.settings_document import NO_PEOPLE, People
from responder.core.text import Strings, Text, text
from responder.evidence.base import reason
from responder.followup_rules import FollowUpMemory
from responder.incident_report.model import IncidentReport, Requests
from responder.messages.json_report import both, finite, moment
from responder.store import IncidentHead, Incidents, approvals

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
DATA, LANGUAGES = "report.json", ("ja", "en")
BUCKET_KEYS = "${ReportsBucket.Arn}/incidents/*"
# What the files for machines hold of these types; of times whole seconds.
READABLE: Replacements = {
    Text: both,
    datetime: moment,
    timedelta: lambda span: round(span.total_seconds(), 3),
    float: finite,
}
NEEDS = (Permission("s3:PutObject", BUCKET_KEYS, "the report of an incident that is over is filed"),)


@frozen
class FiledIncident:
    """What was filed: `keys` in the bucket, `url` of the page in the stack's language in the console.

    `problem`: why something of it is missing; `url` is empty where that page is."""

    keys: Strings = ()
    url: str = ""
    problem: Text | None = None


def file(  # noqa: PLR0913  one value per source
    context: Context,
    incidents: Incidents,
    head: IncidentHead,
    memory: FollowUpMemory,
    closed_at: datetime,
    people: People = NO_PEOPLE,
) -> FiledIncident:
    """Read, measure, render, put. Never raises: no incident stays open because its report is missing.

    `people`: who may approve what; others' rows count for nothing. Filing again overwrites what was filed,
    so a repeat is harmless.
    """
    if not context.settings.reports_bucket:
        return FiledIncident(problem=text("chronicle.no_bucket"))
    try:
        # Imported here, because only the end of an incident needs it.
        from responder.incident_report.json_report import machine
        from responder.incident_report.page import markdown, page

        report = _report(context, incidents, head, memory, closed_at, people)
        pages = {each: page(report, each) for each in LANGUAGES}
        texts, data = {each: markdown(report, each) for each in LANGUAGES}, machine(report)
    except ResponderError as error:
        return FiledIncident(problem=text("chronicle.not_filed", reason=reason(error)))
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = text("evidence.failed.ours", kind=f"{type(error).__name__} {last.name}:{last.lineno}")
        return FiledIncident(problem=text("chronicle.not_filed", reason=where))
    files = pages_and_data(pages.__getitem__, lambda: data, texts.__getitem__)
    keys, url, problem = put(context, f"incidents/{head.incident}/", files)
    return FiledIncident(keys, url, text("chronicle.not_filed", reason=reason(problem)) if problem else None)


def _report(  # noqa: PLR0913  one value per source
    context: Context,
    incidents: Incidents,
    head: IncidentHead,
    memory: FollowUpMemory,
    closed_at: datetime,
    people: People,
) -> IncidentReport:
    """The report as of now; an unreadable ledger or unreadable approvals are a gap in it. Raises if the steps
    cannot be read."""
    from responder.incident_report import impact
    from responder.incident_report.build import build
    from responder.incident_report.metric import measure
    from responder.messages.steps import with_values

    aws, table = context.aws, context.settings.approvals_table
    steps, gaps = incidents.steps(head.incident), list[Text]()
    try:
        leases = incidents.ledger().leases
    except ResponderError as error:
        leases, gaps = (), [text("chronicle.no_ledger", reason=reason(error))]
    requests: Requests = ()
    try:
        requests = tuple(
            approvals.answer(approvals.rows(aws, table, each.id), each, people, context.now)
            for each in incidents.proposals(head.incident)
        )
    except ResponderError as error:
        gaps.append(text("chronicle.no_approvals", reason=reason(error)))
    report = build(steps, head, memory, leases, measure(context, head, closed_at), closed_at, requests)
    report = replace(
        report,
        impact=impact.measure(context, report),
        console=context.settings.console,
        # On record they are without the contact of level 2 and the like.
        manual=with_values(report.manual, context.settings),
    )
    page = ((text("label.link_alarm"), console_links.alarm(context.settings.region, head.alarm)),)
    return replace(report, gaps=tuple(gaps), links=page)


# --- any report: of an incident, of a scheduled check

type Files = Mapping[str, Callable[[], tuple[str, str]]]


def pages_and_data(
    page: Callable[[str], str], data: Callable[[], object], markdown: Callable[[str], str] | None = None
) -> Files:
    """The content type and the content of each file, by name: `page`, and `markdown` where there is one, in
    each language, `data` as JSON."""

    def packed() -> tuple[str, str]:
        return JSON, json.dumps(data(), ensure_ascii=False, allow_nan=False) + "\n"

    files: dict[str, Callable[[], tuple[str, str]]] = {}
    for each in LANGUAGES:
        files[f"report.{each}.html"] = lambda each=each: (HTML, page(each))  # type: ignore[misc]
        if markdown is not None:
            files[f"report.{each}.md"] = lambda each=each: (MARKDOWN, markdown(each))  # type: ignore[misc]
    return {**files, DATA: packed}


def put(context: Context, folder: str, files: Files) -> tuple[Strings, str, ResponderError | None]:
    """The keys of what could be put, the address of the page in the stack's language ("" where it could not),
    and the first problem. Never raises: a file that cannot be drawn keeps back no other."""
    settings = context.settings
    owner = {"ExpectedBucketOwner": settings.account} if settings.account else {}
    keys: list[str] = []
    problem: ResponderError | None = None
    for name, made in files.items():
        try:
            kind, body = made()
            where = {
                "Bucket": settings.reports_bucket,
                "Key": f"{folder}{name}",
                "ContentType": kind,
                **owner,
            }
            context.aws.call("s3", "put_object", Body=body.encode("utf-8", "replace"), **where)
            keys.append(f"{folder}{name}")
        except ResponderError as error:
            problem = problem or error
        except Exception as error:
            log().error("not drawn", extra={"file": name, "kind": type(error).__name__})
            problem = problem or Defect(type(error).__name__)
    mine = f"{folder}report.{'ja' if settings.language == 'ja' else 'en'}.html"
    url = address(settings.region, settings.reports_bucket, mine) if mine in keys else ""
    return tuple(keys), url, problem


def address(region: str, bucket: str, stored: str) -> str:
    """The console's page of one object."""
    host = {"cn": "console.amazonaws.cn/s3", "us-gov": "console.amazonaws-us-gov.com/s3"}.get(
        region.rpartition("-")[0].rpartition("-")[0], "s3.console.aws.amazon.com/s3"
    )
    where = f"{quote(bucket, safe='')}?region={quote(region, safe='')}&prefix={quote(stored, safe='/')}"
    return f"https://{host}/object/{where}"
