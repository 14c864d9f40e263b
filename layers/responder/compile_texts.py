"""Compile the message catalogue: `python compile_texts.py FOLDER`, where FOLDER has the `.po` files.

Its form is described in `responder/messages/language.py`. Run by `make`, by the layer's Makefile and for the
console's wheel: what it writes is not in git.
"""

import sys
from pathlib import Path

import polib

SOURCES = Path(__file__).parent / "responder" / "messages" / "locale"
_HEADER = {"Content-Type": "text/plain; charset=UTF-8"}


def sources(folder: Path = SOURCES) -> dict[str, polib.POFile]:
    """The catalogue's files by name."""
    return {path.stem: polib.pofile(str(path), wrapwidth=0) for path in sorted(folder.glob("*.po"))}


def _compiled(source: polib.POFile, language: str) -> bytes:
    # Without a header on plurals gettext takes those of English; Japanese has none.
    target = polib.POFile()
    target.metadata = _HEADER
    target.extend(_entry(each, language) for each in source if not each.obsolete)
    written: bytes = target.to_binary()
    return written


def _entry(entry: polib.POEntry, language: str) -> polib.POEntry:
    key, plural = entry.msgctxt, entry.msgid_plural
    if language == "ja":
        return polib.POEntry(
            msgid=key, msgstr=(entry.msgstr_plural[0] if plural else entry.msgstr) or entry.msgid
        )
    if plural:
        return polib.POEntry(msgid=key, msgid_plural=key, msgstr_plural={0: entry.msgid, 1: plural})
    return polib.POEntry(msgid=key, msgstr=entry.msgid)


def compiled(folder: Path = SOURCES) -> dict[Path, bytes]:
    """What the functions load: for each source one file for each language."""
    return {
        folder / language / "LC_MESSAGES" / f"{name}.mo": _compiled(source, language)
        for name, source in sources(folder).items()
        for language in ("en", "ja")
    }


def write(folder: Path = SOURCES) -> None:
    """Write what differs, and remove what has no source. Raises FileNotFoundError where there is no source at
    all."""
    wanted = compiled(folder)
    if not wanted:
        raise FileNotFoundError(f"{folder} has no .po files")
    for path in set(folder.rglob("*.mo")) - wanted.keys():
        path.unlink()
    for path, content in wanted.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
