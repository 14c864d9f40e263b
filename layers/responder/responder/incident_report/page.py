"""The closing report as one page: opens offline, prints well, says the outcome first."""

from html import escape

from responder.core.text import text
from responder.incident_report import page_remedies, page_summary, page_timeline
from responder.incident_report.model import IncidentReport
from responder.incident_report.style import CSS as MORE
from responder.messages.language import say
from responder.messages.page import document
from responder.messages.style import CSS
from responder.messages.tags import bullets, link, section, step, words


def page(told: IncidentReport, language: str) -> str:
    """A whole HTML document in `ja` or (anything else) `en`."""
    title = say(text("closing.title", incident=told.incident), language)
    return document(title, [article(told, language)], CSS + MORE, language)


def article(told: IncidentReport, language: str) -> str:
    """The page without its frame, for a page of many."""
    parts = (
        page_summary.summary(told, language),
        page_summary.debts(told, language),
        page_remedies.metric(told, language),
        page_remedies.acts(told, language),
        page_timeline.times(told, language),
        page_timeline.causes(told, language),
        page_timeline.timeline(told, language),
        page_timeline.ladder(told, language),
        page_timeline.findings(told, language),
        section(
            text("closing.manual"),
            bullets((step(each, language) for each in told.manual), tag="ol"),
            language,
        ),
        page_timeline.proposals(told, language),
        page_timeline.handiwork(told, language),
        section(
            text("label.links"),
            bullets(link(url, words(label, language)) for label, url in told.links),
            language,
        ),
    )
    severity = escape(told.severity.value, quote=True)
    return f'<article class="report closing {severity}">{"".join(parts)}</article>'
