"""File a check in the bucket of reports: a page in each language, one file for machines."""

from typing import Any

from responder.checks.model import CheckReport
from responder.checks.report.summary import Summary
from responder.core.context import Context
from responder.core.permissions import Permission
from responder.core.text import text
from responder.evidence.base import reason
from responder.incident_report.filing import pages_and_data, put

BUCKET_KEYS = "${ReportsBucket.Arn}/checks/*"
NEEDS = (Permission("s3:PutObject", BUCKET_KEYS, "the page of a check is filed"),)


def file(context: Context, told: CheckReport) -> Summary:
    """Put them; a repeat of the same day overwrites them. Never raises: people are told without a page."""
    if not context.settings.reports_bucket:
        return Summary(told, problem=text("checks.not_filed", reason=text("checks.no_bucket")))

    # Imported where they are used: what cannot be imported is not drawn, and keeps back nothing else.
    def page(language: str) -> str:
        from responder.checks.report.page import page as drawn

        return drawn(told, language)

    def data() -> dict[str, Any]:
        from responder.checks.report.json_report import machine

        return machine(told)

    _, url, problem = put(context, told.folder, pages_and_data(page, data))
    key = "checks.partly_filed" if url else "checks.not_filed"
    return Summary(told, url, text(key, reason=reason(problem)) if problem else None)
