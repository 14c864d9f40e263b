"""Matrices of which each row takes a fraction of what pytest takes to prepare a test."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import Signature, signature
from typing import Any

import pytest

from responder.core.plain_data import Data, Json

type Test = Callable[..., None]
in_both_languages = pytest.mark.parametrize("language", ["ja", "en"])
# Of a thing that is wrong everywhere, a few rows show it.
_SHOWN = 5


def each_of(names: str | Sequence[str], cases: Data) -> pytest.MarkDecorator:
    """A test for each case, with its key as the name."""
    return pytest.mark.parametrize(names, cases.values(), ids=cases.keys())


def all_rows(names: str | Sequence[str], rows: Iterable[Any], ids: Any = None) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`, but in one test; each row that fails is in its failure, with a note that
    names it. Not for rows with marks or that skip, nor for a fixture that a row must not find as another
    has left it: fixtures are set up once for all rows.

    `ids`: accepted so that a matrix can become one of these and back.
    """
    columns = [each.strip() for each in names.split(",")] if isinstance(names, str) else [*names]
    table = [row if len(columns) > 1 else (row,) for row in rows]
    if not table:
        raise ValueError("no rows")
    if any(hasattr(each, "marks") for row in table for each in (row, *row)):
        raise TypeError("a row with marks needs a test of its own")

    def decorate(test: Test) -> Test:
        @wraps(test)
        def run(**outer: Any) -> None:
            results = (_play(test, outer, dict(zip(columns, row, strict=True))) for row in table)
            failures = [each for each in results if each is not None]
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {len(table)} rows fail", failures[:_SHOWN])

        # Else pytest would look for the row's columns among the fixtures.
        others = [each for name, each in signature(test).parameters.items() if name not in columns]
        run.__dict__["__signature__"] = Signature(others)
        return run

    return decorate


def _play(test: Test, outer: Json, given: Json) -> BaseException | None:
    """Why a row fails."""
    try:
        test(**outer, **given)
    except pytest.skip.Exception as error:
        raise TypeError(f"a row that skips needs a test of its own: {given}") from error
    except (Exception, BaseExceptionGroup, pytest.fail.Exception) as error:
        error.add_note(f"row: {given}")
        return error
    return None
