"""What an earlier parent recorded is used only where it can be read; otherwise the first worker reports."""

import sys

import pytest

from local_aws import worker_parent


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "[]", "null", '{"path": [], "modules": 1}', '{"path": ["/la']
)
def test_a_list_of_modules_that_cannot_be_read_is_none(text: str) -> None:
    before = sys.path[:]
    assert worker_parent._import(text) is False
    assert sys.path == before
