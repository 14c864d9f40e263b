"""The quicker parts of botocore give what its own would. Every test's process has them."""

import http.client
from email.parser import Parser
from io import BytesIO

import pytest
from botocore.awsrequest import AWSRequest, HeadersDict


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Type: text/xml\r\nx-amz-id:  a:b \r\nEmpty:\r\nTwice: 1\r\ntwice: 2\r\n\r\n",
        b"Folded: a\r\n b\r\nNext: 1\r\n\r\n",
        b"No colon\r\nNext: 1\r\n\r\n",
        b"With space : 1\r\n\r\n",
        b"Latin: \xe9\r\n\r\n",
        b"\r\n",
    ],
)
def test_the_headers_of_an_answer_are_read_as_python_does(sent: bytes) -> None:
    read = http.client.parse_headers(BytesIO(sent))
    by_python = Parser(_class=http.client.HTTPMessage).parsestr(sent.decode("iso-8859-1"))
    assert read.items() == by_python.items()
    assert list(map(repr, read.defects)) == list(map(repr, by_python.defects))
    assert (read.get_payload() or "") == by_python.get_payload()
    assert read.get_all("TWICE") == by_python.get_all("TWICE")


def test_the_names_of_headers_are_equal_in_any_letters_and_stay_as_written() -> None:
    headers = HeadersDict({"Content-Type": "a"})
    headers["content-type"] = "b"
    headers["X-Other"] = "c"
    assert list(headers.items()) == [("Content-Type", "b"), ("X-Other", "c")]
    assert headers.copy()["x-other"] == headers["X-OTHER"] == "c"
    assert "x-other" in headers
    assert "x-missing" not in headers
    assert repr(headers) == "{'Content-Type': 'b', 'X-Other': 'c'}"


def test_headers_of_a_request_that_is_signed_repeat_and_go_as_in_any_message() -> None:
    headers = AWSRequest(method="GET", url="http://127.0.0.1/", headers={"A": "1"}).headers
    headers["a"] = "2"
    assert (headers.items(), headers.get_all("A"), "a" in headers) == (
        [("A", "1"), ("a", "2")],
        ["1", "2"],
        True,
    )
    headers.replace_header("A", "3")
    del headers["A"]
    assert headers.items() == []
