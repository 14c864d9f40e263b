"""A scheduled check as JSON for machines. The keys are stable: `docs/check-report.md` describes them."""

from typing import Any

from responder.checks.model import Acceptance, Chart, CheckItem, CheckReport, CheckSection
from responder.checks.report.words import counts, heading, news
from responder.messages.json_report import both, finite, moment

SCHEMA = "liveness-responder/check/1"


def machine(told: CheckReport) -> dict[str, Any]:
    """Everything in it; each text with its key, its values and its words in both languages."""
    return {
        "schema": SCHEMA,
        "id": told.id,
        "rhythm": told.rhythm.value,
        "day": told.day.isoformat(),
        "zone": told.zone,
        "at": moment(told.at),
        "region": told.region,
        "account": told.account,
        "compared_with": told.compared.day.isoformat() if told.compared.day else None,
        "light": told.light.value,
        "news": both(news(told)),
        "counts": counts(told),
        "sections": [_section(each) for each in told.sections],
    }


def item(one: CheckItem, section: CheckSection) -> dict[str, Any]:
    """One thing that was checked, in its section."""
    return {
        "id": section.id(one),
        "kind": one.identity.kind.value,
        "subject": one.identity.subject or None,
        "light": one.light.value,
        "new": one.new,
        "accepted": _accepted(one.accepted) if one.accepted else None,
        "again": both(one.again) if one.again else None,
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


def _accepted(found: Acceptance) -> dict[str, Any]:
    return {
        "person": found.person,
        "at": moment(found.at),
        "until": found.until.isoformat(),
        "reason": found.reason,
    }


def _section(one: CheckSection) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": both(heading(one)),
        "light": one.light.value,
        "items": [item(each, one) for each in one.items],
        "charts": [_chart(each) for each in one.charts],
        "facts": {name: dict(values) for name, values in one.facts.items()},
    }


def _chart(drawn: Chart) -> dict[str, Any]:
    return {
        "title": both(drawn.title),
        "unit": drawn.unit,
        "points": [[moment(at), None if value is None else finite(value)] for at, value in drawn.points],
        "floor": None if drawn.floor is None else finite(drawn.floor),
        "ceiling": None if drawn.ceiling is None else finite(drawn.ceiling),
    }
