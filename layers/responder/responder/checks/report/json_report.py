"""A scheduled check as JSON for machines. The keys are stable: `docs/check-json.md` describes them."""

from typing import Any

from responder.checks.model import CheckItem, CheckReport, CheckSection, KeyFigure
from responder.checks.report.words import counts, heading, news
from responder.messages.json_report import both, finite, moment

SCHEMA = "liveness-responder/check/1"


def machine(report: CheckReport) -> dict[str, Any]:
    """Everything in it; each text with its key, its values and its words in both languages."""
    return {
        "schema": SCHEMA,
        "id": report.id,
        "rhythm": report.rhythm.value,
        "day": report.day.isoformat(),
        "zone": report.zone,
        "at": moment(report.at),
        "region": report.region,
        "account": report.account,
        "compared_with": report.compared.day.isoformat() if report.compared.day else None,
        "light": report.light.value,
        "news": both(news(report)),
        "counts": counts(report),
        "sections": [_section(each) for each in report.sections],
    }


def _section(one: CheckSection) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": both(heading(one)),
        "light": one.light.value,
        "items": [item(each, one) for each in one.items],
        "charts": [
            {
                "title": both(each.title),
                "unit": each.unit,
                "points": [[moment(at), _number(value)] for at, value in each.points],
                "floor": _number(each.floor),
                "ceiling": _number(each.ceiling),
            }
            for each in one.charts
        ],
        "key_figures": [_figure(each) for each in one.key_figures],
        "facts": {name: dict(values) for name, values in one.facts.items()},
    }


def _figure(one: KeyFigure) -> dict[str, Any]:
    return {
        "title": both(one.chart.title),
        "unit": one.chart.unit,
        "value": _number(one.value),
        "light": one.light.value,
        "earlier": {since.value: _number(value) for since, value in one.earlier.items()},
        "better": one.better.value if one.better else None,
    }


def item(one: CheckItem, section: CheckSection) -> dict[str, Any]:
    """One checked item, in its section."""
    accepted = one.accepted and {
        "person": one.accepted.person,
        "at": moment(one.accepted.at),
        "until": one.accepted.until.isoformat(),
        "reason": one.accepted.reason,
    }
    return {
        "id": section.id(one),
        "kind": one.identity.kind.value,
        "subject": one.identity.subject or None,
        "light": one.light.value,
        "new": one.new,
        "accepted": accepted,
        "again": both(one.again) if one.again else None,
        "since": one.since.isoformat() if one.since else None,
        "facts": one.digest,
        "root": one.root.value if one.root else None,
        "said": both(one.said),
        "details": [both(each) for each in one.details],
        "chapter": one.chapter or None,
        "command": one.to_paste or None,
        "caution": both(one.caution) if one.to_paste and one.caution else None,
        "numbers": {name: finite(value) for name, value in one.numbers.items()},
        "link": one.link,
    }


def _number(value: float | None) -> float | None:
    return None if value is None else finite(value)
