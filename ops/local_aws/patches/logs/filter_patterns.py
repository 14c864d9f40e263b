"""CloudWatch Logs' filter patterns: terms, regular expressions, conditions on JSON and on fields. Pure.

Amazon CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters, filter log
events, and Live Tail" and "Supported regular expressions (regex) syntax". What AWS refuses, and what these
pages do not promise, is refused.
"""

from __future__ import annotations

import json
import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

LONGEST = 1024
REGEXES_IN_A_PATTERN = 2
WILDCARDS_IN_A_SELECTOR = 1
WILDCARDS_IN_A_PATTERN = 3
# All patterns of a log group are matched against the same messages.
_MESSAGES = 4096

_VERBOSE = re.VERBOSE | re.ASCII
_TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\w++))\s*+', re.ASCII)
_TERMS = re.compile(f"(?:{_TERM.pattern})*+", re.ASCII)
_STEP = r"\.[\w-]+ | \.\* | \.?\['[^']+'\] | \[\d+\] | \[\*\]"
_TOKEN = re.compile(
    rf"""\s*(?:(?P<sign>&&|\|\||!=|<=|>=|[=<>(),]) | (?P<path>\$(?:{_STEP})+)
        | "(?P<quoted>(?:[^"\\]|\\.)*)" | %(?P<regex>[^%]*)% | (?P<bare>[\w.*+-]+))""",
    _VERBOSE,
)
_SELECTOR = re.compile(rf"\$(?=\.)(?:{_STEP})+", _VERBOSE)
_STEPS = re.compile(r"\.([\w-]+)|\.?\['([^']+)'\]|\[(\d+)\]|(\.\*|\[\*\])", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_FIELD = re.compile(r'\[([^\]]*)\](?=\s|$)|"([^"]*)"(?=\s|$)|(\S+)')
_REST = "..."
# Of the pages that list the symbols, not all have ":".
_REGEX = re.compile(
    r"(?:[\w#=@/;,\-^$?[\]{}|*+.]|\\x[0-9A-F]{2}|\\[dDsSwW^$?[\]{}|\\*+.])+",
    re.ASCII,
)
_ENDS = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$")

type Test = Callable[[str], bool]
# Whether a value fits: its text, and its number where it is one.
type Fits = Callable[[str, float | None], bool]


class RefusedPatternError(ValueError):
    """AWS answers InvalidParameterException."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that AWS takes.

    Attributes:
        matches: whether an event's message fits.
        regexes: how many regular expressions it has.
        field: the text of a selector (``$.took`` of JSON, ``$bytes`` or ``$7`` of fields) in a message;
            "" where there is none.
        selects: whether its messages have fields, and it is a selector of one.
        extracts: its messages have fields (JSON, or fields between spaces).
    """

    matches: Test
    regexes: int = 0
    field: Callable[[str, str], str] = lambda _message, _selector: ""
    selects: Test = lambda _selector: False
    extracts: bool = False


def read(raw: str) -> Pattern:
    """The pattern.

    Raises:
        RefusedPatternError: AWS does not take it.
    """
    pattern = (raw or "").strip()
    _demand(len(pattern) <= LONGEST, f"Member must have length less than or equal to {LONGEST}")
    kinds = {"%": (_alone, "%"), "{": (_json, "}"), "[": (_fields, "]")}
    if pattern[:1] not in kinds:
        return _terms(pattern)
    kind, end = kinds[pattern[0]]
    _demand(pattern[1:].endswith(end), f"Invalid pattern '{pattern}'")
    return kind(pattern[1:-1])


def _demand(holds: object, otherwise: str) -> None:
    if not holds:
        raise RefusedPatternError(otherwise)


# --- terms ----------------------------------------------------------------------------------------


def _terms(pattern: str) -> Pattern:
    """Terms are ANDed, ``-`` ones excluded; ``?`` terms are ORed, and ignored together with any other."""
    _demand(_TERMS.fullmatch(pattern), f"Invalid character(s) in '{pattern}'")
    terms = [(sign, bare or _unescaped(quoted)) for sign, quoted, bare in _TERM.findall(pattern)]
    every, none, either = ([term for sign, term in terms if sign == wanted] for wanted in ("", "-", "?"))

    def matches(message: str) -> bool:
        if any(term in message for term in none) or not all(term in message for term in every):
            return False
        return bool(every or none or not either) or any(term in message for term in either)

    return Pattern(matches)


def _unescaped(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


# --- regular expressions --------------------------------------------------------------------------


def _alone(pattern: str) -> Pattern:
    """A regular expression alone; it cannot be combined with terms."""
    found = regex(pattern)
    return Pattern(lambda message: found.search(message) is not None, 1)


def regex(raw: str) -> re.Pattern[str]:
    r"""One regular expression, without its percent signs.

    ``^`` and ``$`` are the ends of the whole string. No groups, no spaces, no multi-byte characters: an
    unsupported symbol is written ``\xhh``, whitespace ``\s``.
    """
    _demand(_REGEX.fullmatch(raw), f"Invalid character(s) in regular expression '{raw}'")
    try:
        return re.compile(_ENDS.sub(lambda part: part[1] or r"\Z", raw), re.ASCII | re.DOTALL)
    except re.error as error:
        raise RefusedPatternError(f"Invalid regular expression '{raw}': {error}") from error


# --- conditions -----------------------------------------------------------------------------------

type Token = tuple[str, str]
# Whether a JSON document fits.
type Holds = Callable[[Any], bool]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _tokens(raw: str) -> list[Token]:
    found, at = [], 0
    while raw[at:].strip():
        match = _TOKEN.match(raw, at)
        if match is None:
            raise RefusedPatternError(f"Invalid character(s) in '{raw[at:].strip()}'")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return found


class _Reader[**Given](ABC):
    """Reads conditions on what `one` reads about: brackets bind before ``&&``, and that before ``||``."""

    def __init__(self, tokens: list[Token]) -> None:
        self.left = tokens
        self.regexes = self.wildcards = 0

    @abstractmethod
    def one(self) -> Callable[Given, bool]:
        """A single condition."""

    def either(self) -> Callable[Given, bool]:
        """Conditions that are joined with `||`, as many as follow."""
        return self._joined(any, "||", lambda: self._joined(all, "&&", self.one))

    def _joined(
        self, join: Callable[[Iterable[bool]], bool], sign: str, read_one: Callable[[], Callable[Given, bool]]
    ) -> Callable[Given, bool]:
        found = [read_one()]
        while self.next(("sign", sign)):
            found.append(read_one())
        if len(found) == 1:
            return found[0]
        return lambda *given, **named: join(holds(*given, **named) for holds in found)

    def comparison(self) -> Fits:
        """An operator and what it compares with."""
        kind, sign = self.take()
        _demand(kind == "sign" and sign in ("=", "!=", *_COMPARE), "A condition needs an operator")
        kind, value = self.take()
        if sign in _COMPARE:
            _demand(kind == "bare" and _NUMBER.fullmatch(value), f"'{sign}' compares with a number")
            compare, limit = _COMPARE[sign], float(value)
            return lambda _, number: number is not None and compare(number, limit)
        equal = self._equal(kind, value)
        return equal if sign == "=" else lambda text, number: not equal(text, number)

    def _equal(self, kind: str, value: str) -> Fits:
        if kind == "regex":
            self.regexes += 1
            most = REGEXES_IN_A_PATTERN
            _demand(self.regexes <= most, f"A pattern can have {most} regular expressions at most")
            found = regex(value)
            return lambda text, _: found.search(text) is not None
        _demand(kind in ("quoted", "bare"), "A condition needs a value")
        wild = _wild(_unescaped(value))
        if kind == "quoted" or not _NUMBER.fullmatch(value):
            return lambda text, _: wild(text)
        same = float(value)
        return lambda text, number: wild(text) or number == same

    def take(self) -> Token:
        """The next token; an empty one at the end."""
        return self.left.pop(0) if self.left else ("", "")

    def next(self, *tokens: Token) -> bool:
        """Take these, if they are the next ones."""
        if self.left[: len(tokens)] != list(tokens):
            return False
        del self.left[: len(tokens)]
        return True


def _wild(value: str) -> Test:
    """An asterisk matches any text at the ends only: "Ev*ent will only match the actual string Ev*ent"."""
    kept = value.removeprefix("*")
    inner = kept.removesuffix("*")
    if kept != value:
        return (lambda text: inner in text) if inner != kept else lambda text: text.endswith(inner)
    return (lambda text: text.startswith(inner)) if inner != kept else value.__eq__


# --- JSON -----------------------------------------------------------------------------------------


def _json(pattern: str) -> Pattern:
    reader = _Json(_tokens(pattern))
    holds = reader.either()
    _demand(not reader.left, f"Invalid pattern '{pattern}'")
    most = WILDCARDS_IN_A_PATTERN
    _demand(reader.wildcards <= most, f"A pattern can have {most} wildcard selectors at most")

    def matches(message: str) -> bool:
        # Most messages are text.
        fields = _document(message) if "{" in message else None
        return fields is not None and holds(fields)

    def selects(selector: str) -> bool:
        return bool(_SELECTOR.fullmatch(selector)) and None not in _steps(selector)

    return Pattern(
        matches,
        reader.regexes,
        field=lambda message, selector: selected(_document(message), selector),
        selects=selects,
        extracts=True,
    )


@lru_cache(_MESSAGES)
def _document(message: str) -> dict[str, Any] | None:
    if message.lstrip()[:1] != "{":
        return None
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


class _Json(_Reader[Any]):
    _IS: tuple[tuple[str, str, Any], ...] = (
        ("IS", "NULL", None),
        ("IS", "TRUE", True),
        ("IS", "FALSE", False),
    )

    def one(self) -> Holds:
        if self.next(("sign", "(")):
            inner = self.either()
            _demand(self.next(("sign", ")")), "')' is missing")
            return inner
        steps = self._selector()
        if self.next(("bare", "NOT"), ("bare", "EXISTS")):
            return lambda fields: not reached(fields, steps)
        for first, second, value in self._IS:
            if self.next(("bare", first), ("bare", second)):
                return lambda fields: any(found is value for found in reached(fields, steps))
        fits = self.comparison()
        return lambda fields: any(
            is_value(found) and fits(str(found), None if isinstance(found, str) else found)
            for found in reached(fields, steps)
        )

    def _selector(self) -> Sequence[Step]:
        kind, path = self.take()
        _demand(kind == "path" and _SELECTOR.fullmatch(path), "A condition begins with a property selector")
        steps = _steps(path)
        wildcards = steps.count(None)
        most = WILDCARDS_IN_A_SELECTOR
        _demand(wildcards <= most, f"{path}: {most} wildcard in a selector at most")
        self.wildcards += wildcards
        return steps


# A property's name, an element's number, or any of them.
type Step = str | int | None


def _steps(path: str) -> list[Step]:
    return [
        None if any_of else int(number) if number else name or quoted
        for name, quoted, number, any_of in _STEPS.findall(path)
    ]


def reached(fields: Any, steps: Sequence[Step]) -> list[Any]:
    """What a selector points to: nothing, one value, or with a wildcard any number of them."""
    found = [fields]
    for step in steps:
        found = [inner for each in found for inner in _inside(each, step)]
    return found


def _inside(given: Any, step: Step) -> list[Any]:
    if isinstance(given, dict) and not isinstance(step, int):
        return list(given.values()) if step is None else [given[step]] if step in given else []
    if isinstance(given, list) and not isinstance(step, str):
        return given if step is None else given[step : step + 1]
    return []


def is_value(found: Any) -> bool:
    """A string or a number: anything else fits no comparison, whatever its operator."""
    return isinstance(found, str | int | float) and not isinstance(found, bool)


def selected(fields: Any, path: str) -> str:
    """The text of a string or number that the selector points to; "" where there is none."""
    return next((str(found) for found in reached(fields, _steps(path)) if is_value(found)), "")


# --- fields between spaces ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """One of the fields: its name, "" where it has none, and what must hold for it."""

    name: str
    fits: Fits | None = None

    def holds(self, text: str) -> bool:
        """The text fits here."""
        return self.fits is None or self.fits(text, float(text) if _NUMBER.fullmatch(text) else None)


def _fields(pattern: str) -> Pattern:
    reader = _Fields(_tokens(pattern))
    places = reader.places()
    names = [each.name for each in places if each.name and each.name != _REST]
    once = [each.name for each in places].count(_REST) < 2 and len(set(names)) == len(names)
    _demand(once, f"Invalid pattern '{pattern}'")

    rest = next((at for at, each in enumerate(places) if each.name == _REST), None)
    placed = partial(_placed, [each for each in places if each.name != _REST], rest)
    # Most messages fail at their first field: the others are then not looked for.
    first = places[0] if len(places) > 1 and rest != 0 else _Place("")
    first_fits = lru_cache(_MESSAGES)(first.holds)

    def matches(message: str) -> bool:
        if not first_fits(_first_field(message)):
            return False
        found = placed(message)
        return found is not None and all(place.holds(text) for place, text in found)

    def field(message: str, selector: str) -> str:
        name = selector.removeprefix("$")
        found = {place.name: text for place, text in placed(message) or ()}
        every = _split(message)
        numbered = every[int(name) - 1][0] if name.isdigit() and 0 < int(name) <= len(every) else ""
        return found.get(name, numbered)

    def selects(selector: str) -> bool:
        return selector[:1] == "$" and (selector[1:] in names or selector[1:].isdigit())

    return Pattern(matches, reader.regexes, field, selects, extracts=True)


class _Fields(_Reader[str, float | None]):
    name = ""

    def places(self) -> list[_Place]:
        found = [self._place()]
        while self.next(("sign", ",")):
            found.append(self._place())
        _demand(not self.left, f"Invalid fields '{self.left}'")
        return found

    def _place(self) -> _Place:
        if not self.left or self.left[0] == ("sign", ","):
            return _Place("")
        if self.next(("bare", _REST)):
            return _Place(_REST)
        kind, self.name = self.left[0]
        _demand(
            kind == "bare" and re.fullmatch(r"[\w-]+", self.name, re.ASCII), f"Invalid field '{self.name}'"
        )
        if len(self.left) == 1 or self.left[1] == ("sign", ","):
            self.take()
            return _Place(self.name)
        return _Place(self.name, self.either())

    def one(self) -> Fits:
        """Conditions at one place are about the field at that place."""
        own = self.next(("bare", self.name))
        _demand(own, f"A condition at the place of '{self.name}' is about another field")
        return self.comparison()


@lru_cache(_MESSAGES)
def _first_field(message: str) -> str:
    found = _FIELD.search(message)
    return found[found.lastindex or 0] if found else ""


@lru_cache(_MESSAGES)
def _split(message: str) -> list[tuple[str, int]]:
    """The fields and where each begins: text between brackets or quotation marks is one field."""
    return [(each[each.lastindex or 0], each.start()) for each in _FIELD.finditer(message)]


def _placed(places: Sequence[_Place], rest: int | None, message: str) -> Iterable[tuple[_Place, str]] | None:
    """Each named place with its text; None where the message has too few fields. `rest`: before which place
    the ellipsis stands.

    Without an ellipsis the last place takes all that is left, as the pages' ``[w1=ERROR, w2]`` does with
    whole lines.
    """
    every, wanted = _split(message), len(places)
    if len(every) < wanted:
        return None
    if rest is not None:
        every = every[:rest] + every[len(every) - wanted + rest :]
    elif len(every) > wanted:
        at = every[wanted - 1][1]
        every = [*every[: wanted - 1], (message[at:].rstrip(), at)]
    return zip(places, (text for text, _ in every), strict=True)
