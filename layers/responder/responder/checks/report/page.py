"""A scheduled check as one page: opens offline, prints well, says first what needs a person."""

from collections.abc import Iterator
from datetime import tzinfo
from html import escape

from responder.checks.model import Acceptance, Chart, CheckItem, CheckReport, CheckSection, CheckStatus
from responder.checks.report.chart import chart, normal, unit
from responder.checks.report.style import CSS as MORE
from responder.checks.report.words import TO_DO, accepted, counts, heading, mark, news, since, title
from responder.core.text import Text, text
from responder.core.time_zones import zone
from responder.messages.bilingual import moment
from responder.messages.language import say
from responder.messages.page import document
from responder.messages.style import CSS
from responder.messages.tags import Html, bullets, link, pairs, section, words


def page(told: CheckReport, language: str) -> str:
    """A whole HTML document in `ja` or (anything else) `en`."""
    return document(say(title(told), language), [article(told, language)], CSS + MORE, language)


def article(told: CheckReport, language: str) -> Html:
    """The page without its frame, for a page of many."""
    parts = (
        f"<h1>{words(title(told), language)}</h1>",
        f'<p class="headline">{badge(told.light, language)} {words(news(told), language)}</p>',
        _counts(told, language),
        _about(told, language),
        _to_do(told, language),
        _accepted(told, language),
        *(_section(told, place, each, language) for place, each in enumerate(told.sections)),
    )
    return f'<article class="report check {told.light.value}" id="{told.id}">{"".join(parts)}</article>'


def _counts(told: CheckReport, language: str) -> Html:
    given = counts(told)
    return bullets((f"{badge(each, language)} {given[each.value]}" for each in CheckStatus), "counts")


def _about(told: CheckReport, language: str) -> Html:
    made = text("checks.at", at=moment(told.at) or "–")
    return pairs(
        (
            (words(text("label.place"), language), words(f"{told.account} / {told.region}", language)),
            (words(text("checks.made"), language), words(made, language)),
        )
    )


def badge(one: CheckStatus, language: str) -> Html:
    """A light in words, its colour by class."""
    return f'<span class="light {one.value}">{words(Text(f"checks.light.{one}"), language)}</span>'


def _to_do(told: CheckReport, language: str) -> Html:
    places = {each.name: place for place, each in enumerate(told.sections)}
    lines = [
        f"{badge(urgent, language)} {escape(mark(item, language))}"
        f'<a href="#{_anchor(told, places[one.name])}">'
        f"{words(heading(one), language)}</a>: {words(item.said, language)}{_same(told, item, language)}"
        for urgent in TO_DO
        for one, item in told.items(urgent)
    ]
    new = since(told)
    compared = f"<p>{words(new, language)}</p>" if new else ""
    body = (
        compared + bullets(lines, "todo") if lines else f"<p>{words(text('checks.none_to_do'), language)}</p>"
    )
    return section(text("checks.to_do"), body, language)


def _accepted(told: CheckReport, language: str) -> Html:
    """What people accepted: who, until when and why."""
    found = [
        f"{words(heading(one), language)}: {words(item.said, language)}<br>"
        f"{words(_by(item.accepted), language)} <code>{words(one.id(item), language)}</code>"
        for one, item in told.accepted
        if item.accepted
    ]
    how = text("checks.accept_how")
    can = told.accepted or told.items(CheckStatus.AMBER)
    body = bullets(words(each, language) for each in accepted(told)) + bullets(found)
    shown = f"{body}<p>{words(how, language)}</p>" if can else body
    return section(text("checks.accepted.title"), shown, language) if shown else ""


def _by(found: Acceptance) -> Text:
    until = found.until.isoformat()
    return text("checks.accepted.by", person=found.person, until=until, reason=found.reason)


def _same(told: CheckReport, item: CheckItem, language: str) -> Html:
    """The findings that this one stands for."""
    return bullets(
        f"{words(heading(one), language)}: {words(other.said, language)}" for one, other in told.same(item)
    )


def _section(told: CheckReport, place: int, one: CheckSection, language: str) -> Html:
    items = sorted(one.items, key=lambda item: (item.light.rank, not item.new))
    lines = bullets((_item(one, item, language) for item in items), "items")
    where = zone(told.zone)
    key = _anchor(told, place)
    drawn = "".join(
        _figure(each, f"{key}-chart-{number}", where, language) for number, each in enumerate(one.charts)
    )
    head = f"{badge(one.light, language)} {words(heading(one), language)}"
    return f'<section id="{key}"><h2>{head}</h2>{lines}{drawn}</section>'


def _anchor(told: CheckReport, place: int) -> str:
    """Ours alone: a name from outside must not become an address."""
    return f"{told.rhythm.value}-{place}"


def _item(one: CheckSection, item: CheckItem, language: str) -> Html:
    said = f"{badge(item.light, language)} {escape(mark(item, language))}{words(item.said, language)}"
    details = bullets(words(each, language) for each in item.details)
    return said + details + "".join((*_standing(one, item, language), *_after(item, language)))


def _standing(one: CheckSection, item: CheckItem, language: str) -> Iterator[Html]:
    """Whether it was accepted, and the id by which it can be."""
    if item.light is CheckStatus.AMBER or item.accepted:
        yield f"<p>ID: <code>{words(one.id(item), language)}</code></p>"
    if item.accepted:
        yield f"<p>{words(_by(item.accepted), language)}</p>"
    if item.again:
        yield f"<p>{words(item.again, language)}</p>"


def _after(item: CheckItem, language: str) -> Iterator[Html]:
    if item.to_paste:
        caution = f'<p class="caution">⚠ {words(item.caution, language)}</p>' if item.caution else ""
        yield f"<p>{words(text('checks.command'), language)}</p>{caution}<pre>{escape(item.to_paste)}</pre>"
    if item.chapter:
        # As it is headed there: a screen reader has to know the language.
        chapter = words(item.chapter, language)
        own = chapter if language == "ja" else f'<span lang="ja">{chapter}</span>'
        yield f"<p>{words(text('checks.chapter'), language)}: {own}</p>"
    if item.link:
        yield f"<p>{link(item.link, words(text('checks.source'), language))}</p>"


def _figure(drawn: Chart, key: str, where: tzinfo, language: str) -> Html:
    inside = f" ({words(unit(drawn), language)})" if drawn.unit else ""
    between = normal(drawn)
    range_ = f"<p>{words(between, language)}</p>" if between else ""
    picture = chart(drawn, key, where, language)
    body = picture or f"<p>{words(text('checks.no_points'), language)}</p>"
    return f"<figure><figcaption>{words(drawn.title, language)}{inside}{range_}</figcaption>{body}</figure>"
