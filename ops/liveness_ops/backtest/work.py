"""backtest: read once, judge one change of state after the other, show what would have been done."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

from liveness_ops.backtest import page, reading, results, state
from liveness_ops.backtest.paced import PacedReads
from liveness_ops.backtest.reading import Known, Period
from liveness_ops.backtest.state import OtherFileError, StateFile
from liveness_ops.backtest.writes import Writes
from liveness_ops.people.entry import endpoint
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.page_file import write_page
from responder.aws.gateway import through
from responder.core.context import Gateway
from responder.core.errors import SettingsUnusable
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.settings_document import parse
from responder.core.text import Strings, Text, text
from responder.core.timestamps import stamp
from responder.store import Incidents

_SAVE_SECONDS = 5.0
_COLUMNS = ("at", "alarm", "would", "in_auto", "cause", "recovered", "people")
# USD for a thousand metrics of GetMetricData (CloudWatch pricing, us-east-1).
_COST = 0.01 / 1000


@frozen
class Asked:
    """The command as typed."""

    days: int = 30
    alarms: Strings = ()
    settings: Path | None = None
    page: Path | None = None
    show: bool = True
    state: Path | None = None
    pause: Callable[[float], None] = field(default=time.sleep)


def backtest(session: OperatorSession, asked: Asked) -> Json:
    """Raises EarlyExit where the settings file or the state file cannot be used, or there is nothing to judge
    by."""
    document = _document(asked.settings)
    stack, region = session.settings.stack, session.settings.region
    given = {"days": asked.days, "alarms": asked.alarms, "document": document}
    account, url = session.me.principal.split(":")[4:5], endpoint(os.environ)
    digest = state.digest(**given, stack=stack, region=region, account=account, endpoint=url)
    path = asked.state or Path(f"backtest-{stack}-{region}.state.json")
    try:
        kept = state.resumed(path, digest, session.clock())
    except OtherFileError:
        raise EarlyExit(
            Exit.USAGE, text("backtest.other_file", path=str(path)), {"path": str(path)}
        ) from None
    written = asked.page or Path(f"backtest-{results.stamp(kept.now)[:10]}.html")
    _apart({"--settings": asked.settings, "--state": path, "--page": written})
    reads = PacedReads(region, pause=asked.pause)
    period = None
    try:
        period = _read(session, through(session.aws, reads), asked, kept)
        _judge(session, period, kept, document)
    except KeyboardInterrupt:
        raise _interrupted(kept, period) from None
    found = _document_of(session, period, kept, asked)
    _shown(session, found, reads)
    drawn = page.drawn(found, session.screen.language)
    where = write_page(session.screen, written, drawn, show=asked.show)
    with suppress(OSError):
        # Left behind, it counts for an hour at most.
        kept.remove()
    return {"page": where, **found}


def _apart(files: Mapping[str, Path | None]) -> None:
    """Raises EarlyExit where two options name one file: the state would replace the page, and be removed."""
    given = [(name, path) for name, path in files.items() if path is not None]
    for (first, one), (second, other) in combinations(given, 2):
        if _same(one, other):
            said = text("backtest.same_file", first=first, second=second, path=str(other))
            raise EarlyExit(Exit.USAGE, said, {"path": str(other)})


def _same(one: Path, other: Path) -> bool:
    # Where neither exists yet, a file system may still take both spellings for one file.
    if str(one.resolve()).casefold() == str(other.resolve()).casefold():
        return True
    try:
        return one.samefile(other)
    except OSError:
        # One of them does not exist, or cannot: writing it says so.
        return False


def _document(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        written = path.read_text(encoding="utf-8")
        parse(written)
    except OSError as error:
        said = text("backtest.no_settings", path=str(path), why=type(error).__name__)
        raise EarlyExit(Exit.USAGE, said) from None
    except (SettingsUnusable, UnicodeDecodeError) as error:
        why = error.reason.text if isinstance(error, SettingsUnusable) else type(error).__name__
        raise EarlyExit(Exit.USAGE, text("backtest.bad_settings", path=str(path), why=why)) from None
    return written


def _read(session: OperatorSession, aws: Gateway, asked: Asked, kept: StateFile) -> Period:
    base = reading.base_settings(aws, session.settings.stack)
    if not base:
        raise EarlyExit(Exit.AWS, text("backtest.no_functions", stack=session.settings.stack))
    if kept.done:
        session.screen.note(text("backtest.resumed", done=len(kept.done), path=str(kept.path)), style="dim")

    def say_part(part: str) -> None:
        session.screen.note(Text(f"backtest.reading.{part}"), style="dim")

    since = kept.now - timedelta(days=asked.days)
    incidents = Incidents(aws, session.settings.incidents_table)
    known = Known(kept.trails, session.clock()) if kept.trails is not None else None

    def keep(service: str, read: Writes) -> None:
        kept.trails = {**(kept.trails or {}), service: read}

    period = reading.read(aws, incidents, base, since, kept.now, asked.alarms, known, say_part, keep)
    if period.history.unread and not period.history.states:
        calls = ", ".join(sorted(set(period.history.unread.values())))
        raise EarlyExit(Exit.AWS, text("backtest.no_history", calls=calls))
    kept.trails = dict(period.writes)
    return period


def _judge(session: OperatorSession, period: Period, kept: StateFile, document: str) -> None:
    count, saved = len(period.transitions), time.monotonic()
    for number, transition in enumerate(period.transitions, start=1):
        if transition.id in kept.done:
            continue
        kept.done[transition.id] = results.of_transition(period.inputs, transition, document)
        if number % 25 == 0 or time.monotonic() - saved > _SAVE_SECONDS:
            session.screen.note(text("backtest.progress", done=number, all=count), style="dim")
            _save(kept)
            saved = time.monotonic()


def _save(kept: StateFile) -> bool:
    """Whether it could be written: a disk that is full only prevents that it continues later."""
    try:
        kept.save()
    except OSError:
        return False
    return True


def _interrupted(kept: StateFile, period: Period | None) -> EarlyExit:
    """`period`: None where not everything was read yet."""
    path = str(kept.path)
    saved = bool(period or kept.trails) and _save(kept)
    if period is None:
        said = (
            text("backtest.interrupted_reading", path=path) if saved else text("backtest.interrupted_early")
        )
    else:
        counts = {"done": len(kept.done), "all": len(period.transitions)}
        key = "backtest.interrupted" if saved else "backtest.interrupted_unsaved"
        said = text(key, **counts, path=path)
    return EarlyExit(Exit.INTERRUPTED, said, {"state": path} if saved else None)


def _document_of(session: OperatorSession, period: Period, kept: StateFile, asked: Asked) -> Json:
    history = period.history
    judged = [kept.done[each.id] for each in period.transitions]
    agreeing = [found for each in judged if (found := results.agrees(each)) is not None]
    return {
        "since": results.stamp(history.since),
        "until": results.stamp(history.until),
        "oldest": results.stamp(history.oldest) if history.oldest else None,
        "days": asked.days,
        "days_not_kept": history.not_kept,
        "alarms": list(asked.alarms),
        "settings": str(asked.settings) if asked.settings else None,
        "unread": {**history.unread, **{n: w.unread for n, w in period.writes.items() if w.unread}},
        "items_broken": history.broken,
        "items_ahead": history.ahead,
        "clock_minutes": session.minutes_off,
        "would": _count(judged, "would"),
        "in_auto": _count(judged, "in_auto"),
        "flips": sum(each["flips"] for each in judged),
        "agree": {"compared": len(agreeing), "equal": sum(agreeing)},
        "transitions": judged,
    }


def _count(judged: Sequence[Data], key: str) -> dict[str, int]:
    return {word: sum(each[key] == word for each in judged) for word in (*results.STRENGTH, results.NONE)}


def _shown(session: OperatorSession, found: Data, reads: PacedReads) -> None:
    screen, language = session.screen, session.screen.language
    screen.note(*page.notes(found), style="yellow")
    columns = [f"backtest.col.{each}" for each in _COLUMNS]
    if found["settings"]:
        columns.insert(4, "backtest.col.with_settings")
    rows = [_row(each, language, with_settings=bool(found["settings"])) for each in found["transitions"]]
    if rows:
        screen.table(page.title(found), map(Text, columns), rows)
    screen.note(page.summary(found))
    calls = sum(reads.calls.values())
    screen.note(text("backtest.calls", calls=calls, cost=round(reads.metrics * _COST, 2)), style="dim")


def _row(each: Data, language: str, *, with_settings: bool) -> list[Text | str]:
    row: list[Text | str] = [
        text("ops.at", at=stamp(datetime.fromisoformat(each["at"]))),
        each["alarm"],
        page.course(each, "would"),
        page.course(each, "in_auto"),
        each["cause"][language] if "cause" in each else "–",
        page.recovered(each),
        page.by_people(each),
    ]
    if with_settings:
        other = each.get("with_settings")
        row.insert(4, Text(f"backtest.would.{other['would']}") if other else "–")
    return row
