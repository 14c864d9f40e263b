"""A Text becomes a sentence. Nothing here raises: a message must always go out.

The sources of the texts are `locale/*.po` (gettext): `msgctxt` is the key, `msgid` the English and `msgstr`
the Japanese; a command, which is the same in both, has no `msgstr`. A key is in the file whose name is the
longest beginning of it: `check.storage.size` in `check.storage.po`, `remedy.undo.memory_increase` in
`remedy.po`.

A text with a plural is about its value `count`, or without one about the first number in it: `msgid` is the
English for 1, `msgid_plural` for any other number, `msgstr[0]` the Japanese for all.

`compile_texts.py` compiles each file for each language, with the key as `msgid`. A compiled file is loaded
when the first of its texts is needed.
"""

import gettext
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from responder.core.errors import BadEvent
from responder.core.log import log
from responder.core.text import Text, Texts, Value, text
from responder.core.timestamps import stamp, zone

LOCALE = Path(__file__).parent / "locale"


def form(key: str, language: str, count: int = 0) -> str | None:
    """The text with its `{placeholders}`, in `ja` or (anything else) `en`; None if there is no such key.

    `count` chooses between singular and plural, where English has both (`msgid_plural`).
    """
    name = file_of(key, _files())
    if not name:
        return None
    return _form(_readable(name, "ja" if language == "ja" else "en"), key, count)


@lru_cache(8192)
def _form(texts: gettext.NullTranslations, key: str, count: int) -> str | None:
    said = texts.ngettext(key, key, count)
    said = texts.gettext(key) if said == key else said
    return None if said == key else said


def known(key: str) -> bool:
    """Whether the catalogue has this text: a newer version may have stored one that is not here."""
    return form(key, "en") is not None


@lru_cache(8192)
def file_of(key: str, names: frozenset[str]) -> str:
    """The one of these files in which the key is, without suffix; empty if in none."""
    name = key
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name


@cache
def _files() -> frozenset[str]:
    return frozenset(path.stem for path in LOCALE.glob("*/LC_MESSAGES/*.mo"))


def _readable(name: str, language: str) -> gettext.NullTranslations:
    """The other language if the file cannot be read, otherwise no text: a message must be sent in any
    case."""
    for each in (language, "en" if language == "ja" else "ja"):
        try:
            return _texts(name, each)
        except Exception as error:
            log().error("texts not read", extra={"file": f"{each}/{name}", "kind": type(error).__name__})
    return gettext.NullTranslations()


@cache
def _texts(name: str, language: str) -> gettext.GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES" / f"{name}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


# Of the message that is being written; None: the zone of its language.
_ZONE: ContextVar[tzinfo | None] = ContextVar("zone", default=None)
JST = timezone(timedelta(hours=9), "JST")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST_VALUE = 1_000
LONGEST_SENTENCE = 4_000
MOST_PARTS = 50
# Of more targets than this, one is named and the others are counted.
MOST_NAMED = 2
# Beginning and end of a value in a sentence. In Japanese a blank is where a value in Latin letters and
# Japanese meet, and none where a value ends in Japanese and a particle follows.
_BEGIN, _END = "\x01", "\x02"
_WIDE = "[ぁ-んァ-ヶー一-龠々]"
_NARROW = "[A-Za-z0-9%]"
_NO_BLANK = re.compile(f"(?<=[ぁ-んァ-ヶー一-龠々」）]{_END}) (?!ほか)(?=[ぁ-ん])")
_BLANK = re.compile(f"(?<={_NARROW}){_END}(?={_WIDE})|(?<={_WIDE}){_BEGIN}(?={_NARROW})")
_EDGES = re.compile(f"[{_BEGIN}{_END}]")
# What a remedy stores in the place of a value that is not shown: alone, or after the names of variables.
_MARKED = re.compile(r"(?:\w+ )?\((?:missing|wrong|chosen|changed|expected|kept)\)(?:, \w+ \(\w+\))*")
_MARK = re.compile(r"( ?)\((\w+)\)")
# A day of a year, as ISO 8601 had it and XML Schema has it.
_DAY_OF_MONTH = re.compile(r"--(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)")
# `30 分`, `95% 以上`, `5 MB`
_UNIT = re.compile(
    "(?<=[0-9%]) (?=件|時|分|日|秒|ミリ秒|年|月|週|か月|人|個|回|つ|点|文|行|か所|種類|項目|段階|倍"
    r"|以上|以下|未満|超|関数|ページ|ポイント|コマンド|セッション|リクエスト|ユニット|バイト|(?:[KMG]?B|ms|USD)\b)"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(?P<zone>Z|\+00:00)")


class _Gaps(dict[str, str]):
    """A value that was not given is seen as `<name>`; a shell refuses to run it."""

    def __missing__(self, name: str) -> str:
        return f"<{name}>"


def either(named: Text, other: Text) -> Text:
    """`named` where the catalogue has it, else `other`."""
    return named if known(named.key) else other


def say(text: Text, language: str) -> str:
    """The sentence in `ja` or (anything else) `en`; an unknown key shows itself and its values."""
    values = {name: _shown(value, language) for name, value in text.values.items()}
    words = form(text.key, language)
    if words and _counted(words, text) == 1:
        words = form(text.key, language, 1)
    try:
        said = _filled(words, values, spaced=language == "ja") if words else _bare(text, values)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        said = _bare(text, values)
    return cut(said, LONGEST_SENTENCE)


def _filled(form: str, values: dict[str, str], *, spaced: bool) -> str:
    if not spaced:
        return form.format_map(_Gaps(values))
    said = form.format_map(_Gaps({name: f"{_BEGIN}{value}{_END}" for name, value in values.items()}))
    return _EDGES.sub("", _BLANK.sub(" ", _NO_BLANK.sub("", said)))


def _counted(form: str, text: Text) -> float | None:
    """The number by which singular and plural differ: `count`, else the first number in the sentence."""
    numbers = {name: value for name, value in text.values.items() if isinstance(value, int | float)}
    if not numbers or "count" in numbers:
        return numbers.get("count")
    return next((numbers[name] for name in re.findall(r"\{(\w+)\}", form) if name in numbers), None)


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Times are shown in the zone of this IANA name while this lasts; empty or unknown: in the language's."""
    try:
        token = _ZONE.set(zone(name) if name else None)
    except BadEvent:
        token = _ZONE.set(None)
    try:
        yield
    finally:
        _ZONE.reset(token)


def moment(at: datetime, language: str, *, year: bool = False) -> str:
    """`11/24 03:07 JST` or `Nov 23 18:07 UTC`; `year`: `2027/11/24 03:07 JST` or `Nov 23 2027 18:07 UTC`."""
    local = at.astimezone(_ZONE.get() or (JST if language == "ja" else UTC))
    if language == "ja":
        return f"{local:{'%Y/' if year else ''}%m/%d %H:%M %Z}"
    return f"{MONTHS[local.month - 1]} {local:%d{' %Y' if year else ''} %H:%M %Z}"


def day_of_month(at: date) -> Text:
    """Its month and day, without the year, in the form of the language."""
    return text("report.all", parts=f"--{at:%m-%d}")


def clean(value: str) -> str:
    """One line of printable characters; control and direction characters would disfigure a message."""
    if value.isprintable():
        return value
    for character in set(value):
        if not character.isprintable():
            value = value.replace(character, " ")
    return value


def no_break(said: str) -> str:
    """Words in which no line ends between a number and the Japanese or short unit after it; for what is
    shown and not pasted."""
    return _UNIT.sub("\u00a0", said)


def cut(value: str, longest: int) -> str:
    """At most `longest` characters; a cut is visible."""
    return value if len(value) <= longest else f"{value[: longest - 1]}…"


def number(value: float) -> str:
    """Thousands separators; at most one decimal, two below 1."""
    if isinstance(value, int):
        return f"{value:,}"
    if not math.isfinite(value):
        return "–"
    if 0 < abs(value) < 0.005:
        return "<0.01"
    shown = f"{value:,.{2 if abs(value) < 1 else 1}f}"
    return shown.rstrip("0").rstrip(".")


def digits_beside(value: float, limits: Iterable[float | None], least: int) -> int:
    """So many digits after the point, and no fewer than `least`, that a value does not read like a limit
    beside which it is shown, unless it is that limit."""
    others = [each for each in limits if each is not None and math.isfinite(each) and each != value]
    return next((each for each in range(least, 6) if round(value, each) not in others), 6)


def _shown(value: Value | Any, language: str) -> str:
    if isinstance(value, Text):
        return say(value, language)
    if isinstance(value, tuple):
        return _joined(value, language)
    if isinstance(value, int | float):
        return number(value)
    return _string(str(value), language)


def in_a_row(parts: Iterable[str], language: str, *, statements: bool = False) -> str:
    """Names, one after another; or `statements`, which may contain commas, such as the causes that were
    ruled out."""
    japanese, other = ("。", "; ") if statements else ("、", ", ")
    return (japanese if language == "ja" else other).join(parts)


def _joined(parts: Texts, language: str) -> str:
    said = [_shown(part, language) for part in _together(parts[:MOST_PARTS], language)]
    if len(parts) > MOST_PARTS:
        said.append(f"… (+{len(parts) - MOST_PARTS:,})")
    sentences = bool(said) and all(part.endswith(("。", ".")) for part in said)
    if sentences:
        return ("" if language == "ja" else " ").join(said)
    return in_a_row(said, language)


def _together(parts: Texts, language: str) -> list[Text]:
    """One sentence for several that differ only in their target."""
    groups: dict[object, list[Text]] = {}
    for place, part in enumerate(parts):
        alone = not isinstance(part.values.get("target"), str)
        rest = repr({name: value for name, value in part.values.items() if name != "target"})
        groups.setdefault((part.key, rest, place if alone else -1), []).append(part)
    found = []
    for same in groups.values():
        values = dict(same[0].values)
        targets = [str(each.values["target"]) for each in same if len(same) > 1]
        if len(targets) > MOST_NAMED:
            values["target"] = Text("report.and_others", {"first": targets[0], "count": len(targets) - 1})
        elif targets:
            values["target"] = in_a_row(targets, language)
        found.append(replace(same[0], values=values))
    return found


def _marked(mark: str, language: str) -> str:
    return say(either(Text(f"change.mark.{mark}"), Text(f"({mark})")), language)


def _string(value: str, language: str) -> str:
    if found := _MOMENT.fullmatch(value):
        try:
            return moment(datetime.fromisoformat(value), language, year=found["zone"] != "Z")
        except (OverflowError, ValueError):
            return value
    if found := _DAY_OF_MONTH.fullmatch(value):
        month, day = found["month"], found["day"]
        return f"{month}/{day}" if language == "ja" else f"{MONTHS[int(month) - 1]} {day}"
    if _MARKED.fullmatch(value):
        # There is no blank before a wide parenthesis.
        blank = "" if language == "ja" else r"\1"
        value = _MARK.sub(lambda mark: mark.expand(blank) + _marked(mark[2], language), value)
    return clean(cut(value, LONGEST_VALUE))


def _bare(text: Text, values: dict[str, str]) -> str:
    shown = ", ".join(f"{name}={value}" for name, value in values.items())
    return f"{clean(text.key)} ({shown})" if shown else clean(text.key)


_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def duration(span: timedelta | None) -> Text:
    """Seconds below two minutes (but 1 min), then minutes, hours, days; `not on record` of None."""
    if span is None:
        return text("closing.unknown")
    seconds = max(0, round(span.total_seconds()))
    if seconds < 2 * _MINUTE and seconds != _MINUTE:
        return text("closing.seconds", seconds=seconds)
    if seconds < 2 * _HOUR:
        return text("closing.minutes", minutes=seconds // _MINUTE)
    if seconds < 2 * _DAY:
        return _parts("hours", seconds // _HOUR, "minutes", seconds % _HOUR // _MINUTE)
    return _parts("days", seconds // _DAY, "hours", seconds % _DAY // _HOUR)


def due(key: str, until: datetime, now: datetime, **values: Value) -> Text:
    """The text of `key`, which names a time that is still to come. A message sent at that time or later has
    the text `<key>_overdue`, which says that it has passed."""
    return Text(key if until > now else f"{key}_overdue", {**values, "until": stamp(until)})


def _parts(unit: str, whole: int, smaller: str, rest: int) -> Text:
    """`2 h 5 min`, and `2 h` where there is no rest."""
    if rest:
        return Text(f"closing.{unit}", {unit: whole, smaller: rest})
    return Text(f"closing.whole_{unit}", {unit: whole})
