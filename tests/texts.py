"""The message catalogue as in its sources, for tests that read all of it."""

import re
from collections.abc import Mapping
from functools import cache

import pytest

from compile_texts import sources
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, Reasons
from responder.messages import language as loaded

files = cache(sources)


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Japanese and English (of several the plural), by key."""
    return {
        each.msgctxt: (
            each.msgstr or each.msgstr_plural.get(0) or each.msgid,
            each.msgid_plural or each.msgid,
        )
        for source in files().values()
        for each in source
    }


def piece(key: str, language: str = "en") -> str:
    """The longest piece of this text without a value in it: in a message whatever the values are."""
    form = catalogue()[key][language != "ja"]
    pieces = (each.lstrip(" .:;,)。、）") for each in re.split(r"\{\w+\}|\n", form))
    return max((each.rstrip(" :;,(、（") for each in pieces), key=len)


def explained(kind: Reasons) -> Because:
    """This reason, with some value for whatever it names."""
    return ExplainedReason(kind, dict.fromkeys(re.findall(r"{(\w+)", catalogue()[kind.value][0]), "x"))


def replaced(monkeypatch: pytest.MonkeyPatch, samples: Mapping[str, tuple[str, str]]) -> None:
    """Until the end of the test these texts take the place of the catalogue's, or are added to it."""
    form = loaded.form

    def sample(key: str, language: str, count: int = 0) -> str | None:
        return samples[key][language != "ja"] if key in samples else form(key, language, count)

    monkeypatch.setattr(loaded, "form", sample)
