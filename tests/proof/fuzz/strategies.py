"""What hypothesis draws: unexpected words, times and structures."""

from typing import Any

from hypothesis import strategies as st

# Lone surrogates, control and direction characters, and what is no character, among any others.
WORDS: st.SearchStrategy[str] = st.text(max_size=12) | st.sampled_from(
    [
        "\ud800",
        "a\udfffb",
        "\u202eabc\u2066",
        "\x00\x1b[31m",
        "\ufffe\uffff",
        "長" * 300,
        "",
        " ",
        "{0}%s{{}}",
        "null",
    ]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
TIMES: tuple[Any, ...] = (
    "2026-02-04T10:24:00.000+0000",
    "2026-02-04T10:24:59Z",
    "2026-02-04T19:24:00+09:00",
    "2026-02-04T10:24:00",
    "2026-02-04T10:09:59.999+0000",
    "2026-02-04T10:10:00.000+0000",
    "2026-02-04T10:30:00.000+0000",
    "2026-02-04T10:30:00.001+0000",
    "2026-02-04",
    "2026-02-03T10:24:00Z",
    "2016-02-04T10:24:00Z",
    "2027-02-04T10:24:00Z",
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T10:24:00Z",
    "2026-02-04T24:00:00Z",
    "2026-W06-3T10:24:00Z",
    "1770200640",
    1770200640,
    1770200640.5,
    20260204,
    float("nan"),
    10**30,
    -1,
    "NaN",
    "",
    None,
    True,
)
MOMENTS: st.SearchStrategy[Any] = st.sampled_from(TIMES)
