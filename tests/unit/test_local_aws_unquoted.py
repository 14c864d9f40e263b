"""The local AWS decodes forms as Python does."""

from urllib.parse import quote, unquote

import pytest

from local_aws.launcher import unquoted


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
