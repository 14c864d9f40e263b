"""The local AWS decodes forms, and makes ids, as Python does."""

from urllib.parse import quote, unquote
from uuid import RFC_4122, UUID

import pytest

from local_aws.launcher import new_uuid, unquoted


@pytest.mark.parametrize(
    "text",
    [
        quote("応答の結果=100% \n\r\t ~_.\x00é\U0001f600", safe=""),
        "a=b%3D=3D=%3d%2B+ %20 ",
        "=0A%=0",
        "%zz%4",
        "100%",
        "%E5%BF%9C%ff%FE",
        "line\nend%20 \n",
        "応%E5%BF%9C",
        "",
    ],
)
def test_what_is_quoted_becomes_the_same_text(text: str) -> None:
    assert unquoted(unquote, text) == unquote(text)
    assert unquoted(unquote, text, "latin-1") == unquote(text, "latin-1")


def test_an_id_is_a_random_uuid() -> None:
    made = [new_uuid() for _ in range(100)]
    read = [UUID(each) for each in made]
    assert {(each.version, each.variant) for each in read} == {(4, RFC_4122)}
    assert [str(each) for each in read] == made
    assert len({*made}) == 100
