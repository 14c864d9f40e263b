"""A sentence survives being stored, whole."""

import json

from hypothesis import given
from hypothesis import strategies as st

from responder.core.codec import dump, load
from responder.core.refusals import Refusal
from responder.core.text import Text, Value, text

FLAT = st.text() | st.integers() | st.floats(allow_nan=False)


def texts(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Text]:
    return st.builds(Text, st.text(), st.dictionaries(st.text(), values, max_size=3))


NESTED: st.SearchStrategy[Text] = st.recursive(
    texts(FLAT), lambda inner: texts(FLAT | inner | st.lists(inner, max_size=3).map(tuple)), max_leaves=6
)


@given(NESTED)
def test_what_is_stored_is_what_was_said(said: Text) -> None:
    assert load(Text, json.loads(json.dumps(dump(said)))) == said


def test_a_text_is_written_like_a_call() -> None:
    assert text("errors.rate", percent=7.5) == Text("errors.rate", {"percent": 7.5})


def test_a_value_may_be_called_key() -> None:
    assert text("some.text", key="value").values == {"key": "value"}


def test_texts_inside_texts_keep_their_order() -> None:
    said = Refusal.PRECONDITION(detail=(text("one"), text("two", names="a, b")))
    assert dump(said) == {
        "key": "guard.precondition",
        "values": {
            "detail": [
                {"key": "one", "values": {}},
                {"key": "two", "values": {"names": "a, b"}},
            ]
        },
    }
