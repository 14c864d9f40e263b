"""`make trace` follows tests that exist."""

from pathlib import Path

import pytest

from tests.trace import STORIES


@pytest.mark.parametrize(("file", "test"), STORIES.values())
def test_a_followed_test_exists(file: str, test: str) -> None:
    assert f"def {test}(" in (Path(__file__).parent / file).read_text()
