"""A scheduled check as JSON for machines. The keys are stable: `docs/check-json.md` describes them."""

from responder.checks.finding import Acceptance, CheckItem
from responder.checks.model import Chart, CheckReport, CheckSection, KeyFigure
from responder.checks.report.words import counts, heading, news
from responder.core.codec import Replacements, dump, picked
from responder.core.plain_data import Json
from responder.incident_report.filing import READABLE

SCHEMA = "liveness-responder/check/1"


def machine(report: CheckReport) -> Json:
    """Everything in it; each text with its key, its values and its words in both languages."""
    found: Json = dump({"schema": SCHEMA, **_report(report)}, _AS)
    return found


def _item(one: CheckItem, section: CheckSection) -> Json:
    return {
        "id": section.id(one),
        **_of_item(one),
        "subject": one.identity.subject or None,
        "chapter": one.chapter or None,
        "command": one.to_paste or None,
        "caution": one.caution if one.to_paste else None,
    }


_report = picked(
    *("id", "rhythm", "day", "zone", "at", "region", "account", "compared_with", "light", "news", "counts"),
    "sections",
    compared_with="compared.day",
    news=news,
    counts=counts,
)
_of_item = picked(
    *("kind", "subject", "light", "new", "accepted", "again", "since", "facts", "root", "said", "details"),
    *("chapter", "command", "caution", "numbers", "link"),
    kind="identity.kind",
    subject="identity.subject",
    facts="digest",
)
# How each type is written; keys of an item hang on its section.
_AS: Replacements = {
    **READABLE,
    Acceptance: picked("person", "at", "until", "reason"),
    Chart: picked("title", "unit", "points", "floor", "ceiling"),
    CheckSection: picked(
        *("name", "title", "light", "items", "charts", "key_figures", "facts"),
        title=heading,
        items=lambda section: [_item(each, section) for each in section.items],
    ),
    KeyFigure: picked(
        *("title", "unit", "value", "light", "earlier", "better"),
        title=lambda one: one.chart.title,
        unit=lambda one: one.chart.unit,
    ),
}
