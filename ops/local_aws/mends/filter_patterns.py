"""CloudWatch Logs' filter patterns: terms, regular expressions and JSON. Pure.

Refuses what AWS refuses, and what its documentation does not promise (Filter pattern syntax; Supported
regular expressions). Patterns in brackets and the rarer conditions on JSON are not served.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LONGEST = 1024
REGEXES_IN_A_PATTERN = 2

_TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))')
_JSON = re.compile(
    r"""\s*(?:(?P<sign>&&|\|\||=(?!=)|[()]) | (?P<path>\$(?:\.[\w-]+|\[\d+\])+)
        | "(?P<quoted>(?:[^"\\]|\\.)*)" | %(?P<regex>[^%]*)% | (?P<bare>[\w.*-]+))""",
    re.VERBOSE | re.ASCII,
)
# Brackets and braces are operators too, which the compiler checks. Of the pages that list the symbols, not
# all have ":".
_SIGNS = frozenset("_#=@/;,-^$?[]{}|*+.")
_CLASSES = frozenset("dDsSwW")

type Test = Callable[[str], bool]


class RefusedPatternError(ValueError):
    """AWS answers InvalidParameterException."""


class UnservedPatternError(RefusedPatternError):
    """A pattern of a kind that is not served here; AWS would understand it."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that AWS takes: what it matches, and how many regular expressions it has."""

    matches: Test
    regexes: int = 0


def read(raw: str) -> Pattern:
    """The pattern.

    Raises:
        RefusedPatternError: AWS does not take it, or it is of a kind that is not served here.
    """
    pattern = (raw or "").strip()
    if len(pattern) > LONGEST:
        raise RefusedPatternError(f"Member must have length less than or equal to {LONGEST}")
    if pattern[:1] == "%":
        return _alone(pattern)
    if pattern[:1] == "{":
        return _json(pattern)
    if pattern[:1] == "[":
        raise UnservedPatternError(f"pattern {pattern} is not served by the local AWS")
    return _terms(pattern)


def _terms(pattern: str) -> Pattern:
    """Terms are ANDed, ``-`` ones excluded; ``?`` terms are ORed, and ignored beside any other."""
    found: dict[str, list[str]] = {"": [], "?": [], "-": []}
    at = 0
    for match in _TERM.finditer(pattern):
        _nothing_left(pattern[at : match.start()])
        sign, quoted, bare = match.groups()
        if bare and not re.fullmatch(r"\w+", bare, re.ASCII):
            raise RefusedPatternError(f"Invalid character(s) in term '{bare}'")
        found[sign].append(bare or re.sub(r"\\(.)", r"\1", quoted))
        at = match.end()
    _nothing_left(pattern[at:])
    every, none = found[""], found["-"]
    either = [] if every or none else found["?"]

    def matches(message: str) -> bool:
        if any(term in message for term in none) or not all(term in message for term in every):
            return False
        return not either or any(term in message for term in either)

    return Pattern(matches)


def _nothing_left(rest: str) -> None:
    if rest.strip():
        raise RefusedPatternError(f"Invalid character(s) in term '{rest.strip()}'")


def _alone(pattern: str) -> Pattern:
    """A regular expression by itself; it cannot be combined with terms."""
    if len(pattern) < 3 or pattern[-1] != "%" or "%" in pattern[1:-1]:
        raise RefusedPatternError(f"Invalid regular expression in '{pattern}'")
    found = regex(pattern[1:-1])
    return Pattern(lambda message: found.search(message) is not None, 1)


def regex(raw: str) -> re.Pattern[str]:
    r"""One regular expression, without its percent signs.

    ``^`` and ``$`` are the ends of the whole string. No groups, no spaces, no multi-byte characters: an
    unsupported symbol is written ``\xhh``, whitespace ``\s``.
    """
    made, at = [], 0
    while at < len(raw):
        step, part = _escaped(raw, at) if raw[at] == "\\" else (1, _plain(raw[at]))
        made.append(r"\Z" if part == "$" and not _in_class(raw[:at]) else part)
        at += step
    try:
        return re.compile("".join(made), re.ASCII | re.DOTALL)
    except re.error as error:
        raise RefusedPatternError(f"Invalid regular expression '{raw}': {error}") from error


def _plain(character: str) -> str:
    if not (character.isascii() and (character.isalnum() or character in _SIGNS)):
        raise RefusedPatternError(f"Invalid character(s) in term '{character}'")
    return character


def _escaped(raw: str, at: int) -> tuple[int, str]:
    if found := re.match(r"\\x[0-9A-F]{2}", raw[at:]):
        return 4, found[0]
    after = raw[at + 1 : at + 2]
    if after in _CLASSES or after in set("^$?[]{}|\\*+.") - {""}:
        return 2, raw[at : at + 2]
    raise RefusedPatternError(f"Invalid escape '\\{after}' in a regular expression")


def _in_class(before: str) -> bool:
    opened = re.sub(r"\\.", "", before)
    return opened.rfind("[") > opened.rfind("]")


def _json(pattern: str) -> Pattern:
    if pattern[-1] != "}":
        raise RefusedPatternError(f"Invalid pattern '{pattern}'")
    reader = _Json(_tokens(pattern[1:-1]))
    holds = reader.either()
    if reader.left:
        raise RefusedPatternError(f"Invalid pattern '{pattern}'")
    if reader.regexes > REGEXES_IN_A_PATTERN:
        raise RefusedPatternError("A filter pattern can have at most 2 regular expressions")

    def matches(message: str) -> bool:
        try:
            fields = json.loads(message)
        except (ValueError, RecursionError):
            return False
        return isinstance(fields, dict) and holds(fields)

    return Pattern(matches, reader.regexes)


type Token = tuple[str, str]
type Holds = Callable[[Any], bool]


def _tokens(raw: str) -> list[Token]:
    found, at = [], 0
    while raw[at:].strip():
        match = _JSON.match(raw, at)
        if match is None:
            raise UnservedPatternError(f"condition '{raw[at:].strip()}' is not served by the local AWS")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return found


class _Json:
    """Reads conditions: brackets bind before ``&&``, and that before ``||``."""

    def __init__(self, tokens: list[Token]) -> None:
        self.left = tokens
        self.regexes = 0

    def either(self) -> Holds:
        found = [self._both()]
        while self._next(("sign", "||")):
            found.append(self._both())
        return lambda fields: any(holds(fields) for holds in found)

    def _both(self) -> Holds:
        found = [self._one()]
        while self._next(("sign", "&&")):
            found.append(self._one())
        return lambda fields: all(holds(fields) for holds in found)

    def _one(self) -> Holds:
        if self._next(("sign", "(")):
            inner = self.either()
            if not self._next(("sign", ")")):
                raise RefusedPatternError("')' is missing")
            return inner
        path = self._take("path")
        if not self._next(("sign", "=")):
            raise UnservedPatternError(f"a condition on {path} is not served by the local AWS")
        test = self._value()
        return lambda fields: test(selected(fields, path))

    def _value(self) -> Test:
        kind, value = self.left.pop(0) if self.left else ("", "")
        if kind == "regex":
            self.regexes += 1
            found = regex(value)
            return lambda text: found.search(text) is not None
        if kind not in ("quoted", "bare"):
            raise RefusedPatternError("A condition needs a value")
        plain = re.sub(r"\\(.)", r"\1", value)
        wild = re.compile(".*".join(re.escape(part) for part in plain.split("*")), re.DOTALL)
        return lambda text: wild.fullmatch(text) is not None

    def _take(self, kind: str) -> str:
        if not self.left or self.left[0][0] != kind:
            raise RefusedPatternError("A condition begins with a property selector")
        return self.left.pop(0)[1]

    def _next(self, token: Token) -> bool:
        if self.left[:1] != [token]:
            return False
        self.left.pop(0)
        return True


def selected(fields: Any, path: str) -> str:
    """The selected value; what is no string or number matches nothing."""
    for name, number in re.findall(r"\.([\w-]+)|\[(\d+)\]", path):
        if name and isinstance(fields, dict):
            fields = fields.get(name)
        elif number and isinstance(fields, list) and int(number) < len(fields):
            fields = fields[int(number)]
        else:
            return ""
    if isinstance(fields, bool) or not isinstance(fields, str | int | float):
        return ""
    return str(fields)
