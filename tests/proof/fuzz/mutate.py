"""Valid things, damaged: one or two nodes deleted, retyped, swapped, cut, doubled; by a seed."""

import copy
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

type Path = tuple[Any, ...]

DEEP = 300
HUGE = 20_000


def _nested(depth: int) -> Any:
    found: Any = "x"
    for _ in range(depth):
        found = [found]
    return found


# Unexpected values.
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2.5,
    10**40,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "0",
    "-1",
    "nan",
    "OK",
    "ALARM",
    "auto",
    "automation",
    "\ud800",
    "a\udfff\x00\u202e\u2066b",
    "\ufffe\uffff",
    "a\r\nSubject: b",
    "{}",
    "[1",
    "%s {0} {a}",
    "<script>alert(1)</script>",
    "`x` *y* <!channel> @here",
    "長" * HUGE,
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-04T10:25:00",
    "2026-02-30T10:25:00+00:00",
    [],
    {},
    [None],
    [[]],
    {"": None},
    {"key": "x"},
    {"key": None, "values": []},
    {"S": "x"},
    _nested(DEEP),
)


class Mutator:
    """`reported`: what was changed, for the message of a failure."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.reported: list[str] = [f"seed {seed}"]

    def damaged(self, value: Any, times: int | None = None) -> Any:
        """Another value; a text that holds JSON is damaged within, or as a text."""
        found = copy.deepcopy(value)
        for _ in range(times or self.random.choice((1, 1, 2))):
            found = self._one(found)
        return found

    def _one(self, value: Any) -> Any:
        paths = list(every_path(value))
        path = self.random.choice(paths)
        inner = part_at(value, path)
        packed = packed_in(inner)
        if packed is not None and self.random.random() < 0.8:
            self.reported.append(f"in {path_name(path)}:")
            # As a text it can hold what no attribute can: a lone surrogate, not a number.
            return with_part(value, path, json.dumps(self._one(packed)))
        name = self.random.choice(("delete", "retype", "retype", "swap", "cut", "double", "nudge"))
        self.reported.append(f"{name} {path_name(path)}")
        done: Any = getattr(self, f"_{name}")(value, path, paths)
        return done

    def _delete(self, value: Any, path: Path, _: list[Path]) -> Any:
        if not path:
            return None
        holder = part_at(value, path[:-1])
        del holder[path[-1]]
        return value

    def _retype(self, value: Any, path: Path, _: list[Path]) -> Any:
        odd = self.random.choice(ODD)
        self.reported.append(f"= {str(odd)[:40]!r}")
        return with_part(value, path, copy.deepcopy(odd))

    def _swap(self, value: Any, path: Path, paths: list[Path]) -> Any:
        other = self.random.choice(paths)
        self.reported.append(f"with {path_name(other)}")
        if other[: len(path)] == path or path[: len(other)] == other:
            return with_part(value, path, copy.deepcopy(part_at(value, other)))
        mine, its = part_at(value, path), part_at(value, other)
        return with_part(with_part(value, path, its), other, mine)

    def _cut(self, value: Any, path: Path, _: list[Path]) -> Any:
        found = part_at(value, path)
        if isinstance(found, str | list):
            return with_part(value, path, found[: self.random.randint(0, max(0, len(found) - 1))])
        if isinstance(found, dict) and found:
            kept = self.random.randint(0, len(found) - 1)
            return with_part(value, path, dict(list(found.items())[:kept]))
        return with_part(value, path, None)

    def _double(self, value: Any, path: Path, _: list[Path]) -> Any:
        found = part_at(value, path)
        if isinstance(found, list) and found:
            return with_part(value, path, [*found, copy.deepcopy(self.random.choice(found))])
        if isinstance(found, dict):
            return with_part(value, path, {**found, **{f"{name}2": found[name] for name in list(found)[:2]}})
        return with_part(value, path, found + found if isinstance(found, str) else [found, found])

    def _nudge(self, value: Any, path: Path, _: list[Path]) -> Any:
        found = part_at(value, path)
        if isinstance(found, bool):
            return with_part(value, path, not found)
        if isinstance(found, int | float):
            return with_part(value, path, found + self.random.choice((-1, 1, -(10**6), 10**6, 0.5)))
        if isinstance(found, datetime):
            return with_part(
                value, path, found + timedelta(seconds=self.random.choice((-(10**6), -60, 60, 10**6)))
            )
        if isinstance(found, str) and found:
            world = self.random.randrange(len(found))
            other = self.random.choice("0123456789aZ-:. あ\u202e")
            return with_part(value, path, found[:world] + other + found[world + 1 :])
        return value


def every_path(value: Any, so_far: Path = ()) -> Iterator[Path]:
    yield so_far
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from every_path(each, (*so_far, name))


def packed_in(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def part_at(value: Any, path: Path) -> Any:
    for name in path:
        value = value[name]
    return value


def with_part(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    part_at(value, path[:-1])[path[-1]] = new
    return value


def path_name(path: Path) -> str:
    return "/".join(map(str, path)) or "(all of it)"
