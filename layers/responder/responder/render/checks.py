"""A scheduled check as one page: opens offline, prints well, says first what needs a person."""

from collections.abc import Iterator
from datetime import tzinfo
from html import escape

from responder.check import Chart, CheckReport, Item, Light, Section
from responder.render.bilingual import moment
from responder.render.check_chart import chart, normal, unit
from responder.render.check_style import CSS as MORE
from responder.render.check_words import TO_DO, counts, heading, mark, news, since, title
from responder.render.language import say
from responder.render.page import document
from responder.render.style import CSS
from responder.render.tags import Html, bullets, link, pairs, section, words
from responder.text import Text, text
from responder.zones import zone


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
        *(_section(told, place, each, language) for place, each in enumerate(told.sections)),
    )
    return f'<article class="report check {told.light.value}" id="{told.id}">{"".join(parts)}</article>'


def _counts(told: CheckReport, language: str) -> Html:
    given = counts(told)
    return bullets((f"{badge(each, language)} {given[each.value]}" for each in Light), "counts")


def _about(told: CheckReport, language: str) -> Html:
    made = text("checks.at", at=moment(told.at) or "–")
    return pairs(
        (
            (words(text("label.place"), language), words(f"{told.account} / {told.region}", language)),
            (words(text("checks.made"), language), words(made, language)),
        )
    )


def badge(one: Light, language: str) -> Html:
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


def _same(told: CheckReport, item: Item, language: str) -> Html:
    """The findings that this one stands for."""
    return bullets(
        f"{words(heading(one), language)}: {words(other.said, language)}" for one, other in told.same(item)
    )


def _section(told: CheckReport, place: int, one: Section, language: str) -> Html:
    items = sorted(one.items, key=lambda item: (item.light.rank, not item.new))
    lines = bullets((_item(item, language) for item in items), "items")
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


def _item(item: Item, language: str) -> Html:
    said = f"{badge(item.light, language)} {escape(mark(item, language))}{words(item.said, language)}"
    details = bullets(words(each, language) for each in item.details)
    return said + details + "".join(_after(item, language))


def _after(item: Item, language: str) -> Iterator[Html]:
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
