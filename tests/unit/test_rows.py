"""`all_rows`: a matrix in one test says which of its rows fail."""

from pathlib import Path

import pytest

from tests.rows import all_rows


def test_the_rows_that_fail_are_named_and_the_others_are_played() -> None:
    played = []

    @all_rows("left", [1, 2, 3])
    @all_rows("right, total", [(1, 2), (2, 3)])
    def adds(left: int, right: int, total: int) -> None:
        played.append((left, right))
        assert left + right == total

    with pytest.raises(BaseExceptionGroup, match="2 of 3 rows fail") as failed:
        adds()
    assert played == [(left, right) for left in (1, 2, 3) for right in (1, 2)]
    assert [each.__notes__ for each in failed.value.exceptions] == [
        ["row: {'left': 2}"],
        ["row: {'left': 3}"],
    ]
    (inner, _) = failed.value.exceptions
    assert isinstance(inner, BaseExceptionGroup)
    assert inner.exceptions[0].__notes__ == ["row: {'right': 1, 'total': 2}"]


def test_a_row_of_which_no_exception_comes_fails() -> None:
    @all_rows("number", [0, 1])
    def divides(number: int) -> None:
        with pytest.raises(ZeroDivisionError):
            _ = 1 / number

    with pytest.raises(BaseExceptionGroup, match="1 of 2 rows fail"):
        divides()


def test_a_row_that_skips_hides_no_failure() -> None:
    @all_rows("number", [1, 2])
    def skips(number: int) -> None:
        assert number != 1
        pytest.skip("none of it")

    with pytest.raises(TypeError, match="row that skips"):
        skips()


def test_a_matrix_without_rows_or_with_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        all_rows("a", [])
    with pytest.raises(TypeError, match="marks"):
        all_rows("a", [1, pytest.param(2, marks=pytest.mark.long)])
    with pytest.raises(TypeError, match="marks"):
        all_rows("a, b", [(1, 2), pytest.param(2, 3, marks=pytest.mark.long)])


@pytest.mark.parametrize("left", [1, 2])
@all_rows("right", [1, 2])
def test_a_matrix_in_a_matrix_and_a_fixture(left: int, right: int, tmp_path: Path) -> None:
    assert left + right > 1
    assert tmp_path.exists()
