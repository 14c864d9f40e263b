"""What a back-test shows: the sentences of the terminal, and the page."""

from datetime import datetime
from pathlib import Path

from liveness_ops.backtest.results import NONE, STRENGTH
from responder.core.plain_data import Data
from responder.core.text import Text, text
from responder.messages.page import render
from responder.messages.requests import name

PAGE = Path(__file__).with_name("page.html.j2")
_BADGES = {"act": "applied", "ask": "asked", "refuse": "refused", "observe": "observed", "nothing": "already"}


def drawn(found: Data, language: str) -> str:
    """A whole HTML document in `ja` or `en`."""
    told = {"title": title(found), "summary": summary(found), "notes": notes(found), "counts": _counts(found)}
    by_row = {"mark": _mark, "remedy": _remedy, "course": course, "recovered": recovered}
    return render(PAGE, language, found=found, at=datetime.fromisoformat, **told, **by_row)


def _mark(would: str) -> tuple[str, Text]:
    """The badge of what would have been done."""
    return _BADGES.get(would, "grey"), Text(f"backtest.would.{would}")


def _remedy(proposal: Data) -> Text:
    """Its name, and the function it is about."""
    scope = proposal["scope"]
    named = name(proposal["remedy"])
    return text("backtest.scoped", remedy=named, scope=scope) if scope else named


def _counts(found: Data) -> list[tuple[Text, int, int]]:
    """(what, under the settings of then, in auto), without what never occurs."""
    rows = [(each, found["would"][each], found["in_auto"][each]) for each in (*STRENGTH, NONE)]
    return [(Text(f"backtest.would.{each}"), then, auto) for each, then, auto in rows if then or auto]


def title(found: Data) -> Text:
    """The headline."""
    return text("backtest.title", days=found["days"], until=found["until"])


def summary(found: Data) -> Text:
    """How many of what."""
    count, auto = len(found["transitions"]), found["in_auto"]
    if not count:
        return text("backtest.summary.none", days=found["days"])
    said = text("backtest.summary", count=count, act=auto["act"], ask=auto["ask"], refuse=auto["refuse"])
    unknown = (text("backtest.summary.unknown", count=auto["unknown"]),) if auto["unknown"] else ()
    return text("report.all", parts=(said, *unknown))


def notes(found: Data) -> list[Text]:
    """What is missing, and what a reader has to know of the figures."""
    judged = found["transitions"]
    said = [text("backtest.note.unread", call=call) for _, call in sorted(found["unread"].items())]
    if off := found["clock_minutes"]:
        said.append(text("detect.clock", minutes=off))
    counted = (
        ("backtest.note.not_kept", found["days_not_kept"]),
        ("backtest.note.broken", found["items_broken"]),
        ("backtest.note.ahead", found["items_ahead"]),
        ("backtest.note.deleted", len({each["alarm"] for each in judged if each["deleted"]})),
        ("backtest.note.coarse", sum(bool(each.get("coarse")) for each in judged)),
        ("backtest.note.flips", found["flips"]),
    )
    said += [text(key, count=count, oldest=found["oldest"] or "–") for key, count in counted if count]
    if found["settings"] and judged and not found["flips"]:
        said.append(text("backtest.note.no_flips", path=found["settings"]))
    if compared := found["agree"]["compared"]:
        said.append(text("backtest.note.agree", equal=found["agree"]["equal"], count=compared))
    return said


def course(each: Data, key: str) -> Text:
    """The result of an incident. `key`: `would` or `in_auto`."""
    return text("backtest.would.repeat") if each["repeat"] else Text(f"backtest.would.{each[key]}")


def recovered(each: Data) -> Text:
    """Whether the alarm was OK again, and when."""
    if each["minutes"] is None:
        return text("backtest.not_recovered")
    return text("backtest.minutes", minutes=each["minutes"])


def by_people(each: Data) -> str:
    """Who changed something while it lasted."""
    return ", ".join(dict.fromkeys(one["who"] or "?" for one in each.get("people", ()))) or "–"
