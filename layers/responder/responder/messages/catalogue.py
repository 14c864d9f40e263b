"""The texts of both languages, by key.

The sources are `locale/*.po` (gettext): `msgctxt` is the key, `msgid` the English and `msgstr` the Japanese;
a command, which is the same in both, has no `msgstr`. A key is in the file whose name is the longest
beginning of it: `check.storage.size` in `check.storage.po`, `remedy.undo.memory_increase` in `remedy.po`.

A text with a plural is about its value `count`, or without one about the first number in it: `msgid` is the
English for 1, `msgid_plural` for any other number, `msgstr[0]` the Japanese for all.

`compile_texts.py` compiles each file for each language, with the key as `msgid`. A compiled file is loaded
when the first of its texts is needed.
"""

import gettext
from functools import cache, lru_cache
from pathlib import Path

from responder.core.log import log

LOCALE = Path(__file__).parent / "locale"


def form(key: str, language: str, count: int = 0) -> str | None:
    """The text with its `{placeholders}`, in `ja` or (anything else) `en`; None if there is no such key.

    `count` chooses between singular and plural, where English has both (`msgid_plural`).
    """
    name = file_of(key, _files())
    if not name:
        return None
    return _form(_readable(name, "ja" if language == "ja" else "en"), key, count)


@lru_cache(8192)
def _form(texts: gettext.NullTranslations, key: str, count: int) -> str | None:
    said = texts.ngettext(key, key, count)
    said = texts.gettext(key) if said == key else said
    return None if said == key else said


def known(key: str) -> bool:
    """Whether the catalogue has this text: a newer version may have stored one that is not here."""
    return form(key, "en") is not None


@lru_cache(8192)
def file_of(key: str, names: frozenset[str]) -> str:
    """The one of these files in which the key is, without suffix; empty if in none."""
    name = key
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name


@cache
def _files() -> frozenset[str]:
    return frozenset(path.stem for path in LOCALE.glob("*/LC_MESSAGES/*.mo"))


def _readable(name: str, language: str) -> gettext.NullTranslations:
    """The other language if the file cannot be read, otherwise no text: a message must be sent in any
    case."""
    for each in (language, "en" if language == "ja" else "ja"):
        try:
            return _texts(name, each)
        except Exception as error:
            log().error("texts not read", extra={"file": f"{each}/{name}", "kind": type(error).__name__})
    return gettext.NullTranslations()


@cache
def _texts(name: str, language: str) -> gettext.GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES" / f"{name}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)
