"""The closing report as one page: opens offline, prints well, says the outcome first."""

from html import escape

from responder.incident_report import Chronicle
from responder.render import chronicle_course, chronicle_deeds, chronicle_summary
from responder.render.chronicle_style import CSS as MORE
from responder.render.language import say
from responder.render.page import document
from responder.render.style import CSS
from responder.render.tags import bullets, link, section, step, words
from responder.text import text


def page(told: Chronicle, language: str) -> str:
    """A whole HTML document in `ja` or (anything else) `en`."""
    title = say(text("closing.title", incident=told.incident), language)
    return document(title, [article(told, language)], CSS + MORE, language)


def article(told: Chronicle, language: str) -> str:
    """The page without its frame, for a page of many."""
    parts = (
        chronicle_summary.summary(told, language),
        chronicle_summary.debts(told, language),
        chronicle_deeds.metric(told, language),
        chronicle_deeds.acts(told, language),
        chronicle_course.times(told, language),
        chronicle_course.causes(told, language),
        chronicle_course.timeline(told, language),
        chronicle_course.ladder(told, language),
        chronicle_course.findings(told, language),
        section(
            text("closing.manual"),
            bullets((step(each, language) for each in told.manual), tag="ol"),
            language,
        ),
        chronicle_course.proposals(told, language),
        chronicle_course.handiwork(told, language),
        section(
            text("label.links"),
            bullets(link(url, words(label, language)) for label, url in told.links),
            language,
        ),
    )
    severity = escape(told.severity.value, quote=True)
    return f'<article class="report closing {severity}">{"".join(parts)}</article>'
