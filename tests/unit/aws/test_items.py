from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from responder.aws.items import from_item, plain, to_item, typed

numbers = st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9, allow_nan=False).filter(
    lambda f: abs(f) > 1e-9
)
values = st.recursive(
    st.text() | st.booleans() | st.none() | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(value=values)
def test_what_is_stored_comes_back(value: Any) -> None:
    assert plain(typed(value)) == value


def test_a_row_leaves_out_what_is_not_there() -> None:
    row = {"pk": "A", "n": 1, "share": 0.1, "none": None, "list": ("a", 2)}
    item = to_item(row)
    assert item["share"] == {"N": "0.1"}
    assert from_item(item) == {"pk": "A", "n": 1, "share": 0.1, "list": ["a", 2]}


def test_a_binary_value_can_be_shown() -> None:
    found = from_item({"at": {"B": b"x"}, "in": {"L": [{"B": b"y"}]}})
    assert found == {"at": b"x", "in": [b"y"]}
    assert str(found["at"]) == "b'x'"
