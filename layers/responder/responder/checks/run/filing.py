"""File a check in the bucket of reports: a page in each language, one file for machines."""

import json
from collections.abc import Callable, Mapping

from responder.checks.model import FILE, CheckReport
from responder.checks.report.summary import Summary
from responder.core.context import Context
from responder.core.errors import Defect, ResponderError
from responder.core.log import log
from responder.core.permissions import Permission
from responder.core.text import text
from responder.evidence.base import reason
from responder.incident_report.filing import HTML, JSON, address

BUCKET_KEYS = "${ReportsBucket.Arn}/checks/*"
NEEDS = (Permission("s3:PutObject", BUCKET_KEYS, "the page of a check is filed"),)
LANGUAGES = ("ja", "en")


def file(context: Context, told: CheckReport) -> Summary:
    """Put them; a repeat of the same day overwrites them. Never raises: people are told without a page."""
    settings = context.settings
    if not settings.reports_bucket:
        return Summary(told, problem=text("checks.not_filed", reason=text("checks.no_bucket")))
    problem: ResponderError | None = None
    kept: set[str] = set()
    for name, made in _files(told).items():
        try:
            _put(context, key(told, name), *made())
            kept.add(name)
        except ResponderError as error:
            problem = problem or error
        except Exception as error:
            # What we could not draw must not keep back what we know.
            log().error("not drawn", extra={"file": name, "kind": type(error).__name__})
            problem = problem or Defect(type(error).__name__)
    mine = f"report.{'ja' if settings.language == 'ja' else 'en'}.html"
    url = address(settings.region, settings.reports_bucket, key(told, mine)) if mine in kept else ""
    key_of_why = "checks.partly_filed" if url else "checks.not_filed"
    return Summary(told, url, text(key_of_why, reason=reason(problem)) if problem else None)


def key(told: CheckReport, name: str) -> str:
    """Where a file of a check lies in the bucket: `checks/daily/2026-02-04/report.ja.html`."""
    return f"{told.folder}{name}"


def _files(told: CheckReport) -> Mapping[str, Callable[[], tuple[str, str]]]:
    # Imported where they are used: what cannot be imported is not drawn, and keeps back nothing else.
    def packed() -> tuple[str, str]:
        from responder.checks.report.json_report import machine

        return JSON, json.dumps(machine(told), ensure_ascii=False, allow_nan=False) + "\n"

    def drawn(language: str) -> tuple[str, str]:
        from responder.checks.report.page import page

        return HTML, page(told, language)

    pages = {f"report.{each}.html": (lambda each=each: drawn(each)) for each in LANGUAGES}
    return {**pages, FILE: packed}


def _put(context: Context, stored: str, kind: str, body: str) -> None:
    settings = context.settings
    owner = {"ExpectedBucketOwner": settings.account} if settings.account else {}
    put = {"Bucket": settings.reports_bucket, "Key": stored, "ContentType": kind, **owner}
    context.aws.call("s3", "put_object", Body=body.encode("utf-8", "replace"), **put)
