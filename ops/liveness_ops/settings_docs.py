"""What is made of the table of settings: the JSON schema, and the table in docs/parameters.md.

python -m liveness_ops.settings_docs            says whether both are as they should be
python -m liveness_ops.settings_docs --write    writes them
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from liveness_ops.template_tools.load import ROOT
from responder.core.settings import Settings
from responder.core.settings_document import CLASSES
from responder.core.settings_fields import (
    FIELDS,
    Ascending,
    FieldType,
    Mentions,
    NameList,
    Number,
    Switch,
    Unit,
)
from responder.core.text import text
from responder.messages.language import say

SCHEMA = ROOT / "docs" / "settings.schema.json"
PAGE = ROOT / "docs" / "parameters.md"
BEGIN, END = "<!-- settings: python -m liveness_ops.settings_docs --write -->", "<!-- end of settings -->"


def schema() -> dict[str, Any]:
    """Of the whole document, as JSON Schema draft 4: only there is 15.0 no integer (JSON Schema: Core, draft
    4, section 3.5), as it is none for us. It knows neither contradictions between keys nor who is the same
    person."""
    person = {
        "type": "object",
        "properties": {
            "slack": {"type": "string", "pattern": "^([UW][A-Z0-9]{1,20})?$"},
            "aws": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            "may": {"type": "array", "items": {"enum": [*CLASSES]}, "uniqueItems": True},
        },
        "additionalProperties": False,
    }
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Settings of the Liveness Responder (SSM parameter /STACK/settings, at most 4 KB)",
        "type": "object",
        "properties": {
            "roles": {
                "type": "object",
                "patternProperties": {"^[A-Za-z0-9._-]{1,32}$": {"type": "string"}},
                "additionalProperties": False,
                "description": "Role sessions by a short name, arn:aws:sts::ACCOUNT:assumed-role/ROLE",
            },
            "people": {
                "type": "object",
                "additionalProperties": person,
                "description": "Who may approve what, by name",
            },
            **{
                name: {**kind.schema, "description": _meaning(name, kind), "default": default(name)}
                for name, kind in FIELDS.items()
            },
        },
        "additionalProperties": False,
    }


def default(name: str) -> Any:
    """Of a setting, as it would be written in the document."""
    value, kind = getattr(Settings(), name), FIELDS[name]
    match kind:
        case Switch():
            return value == "on"
        case Ascending():
            return [int(each) for each in value]
        case NameList():
            return list(value)
        case Number():
            return int(value) if value == int(value) else value
    return value or {}


def table() -> str:
    """One row per setting: key, default, range, meaning in both languages."""
    rows = [
        "| key | default | range · 範囲 | English | 日本語 |",
        "| --- | --- | --- | --- | --- |",
        *(_row(name, kind) for name, kind in FIELDS.items()),
    ]
    return "\n".join(rows)


def page(present: str) -> str:
    """The page with the table in its place."""
    before, _, rest = present.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _row(name: str, kind: FieldType) -> str:
    shown = json.dumps(default(name), ensure_ascii=False)
    meaning = " | ".join(say(text(f"setting.{name}"), language) for language in ("en", "ja"))
    return f"| {name} | `{shown}` | {_range(kind)} | {meaning} |"


def _meaning(name: str, kind: FieldType) -> str:
    unit = unit_of(kind)
    words = f" ({say(text(f'unit.{unit.value}'), 'en')})" if unit is not Unit.NONE else ""
    return f"{say(text(f'setting.{name}'), 'en')}{words}"


def unit_of(kind: FieldType) -> Unit:
    """Of its number or numbers."""
    if isinstance(kind, Ascending):
        return kind.of.unit
    return kind.unit if isinstance(kind, Number) else Unit.NONE


def _range(kind: FieldType) -> str:
    match kind:
        case Number():
            return f"{kind.range}{_unit(kind)}"
        case Ascending():
            count = f"{kind.fewest}" if kind.fewest == kind.most else f"{kind.fewest}–{kind.most}"
            return f"[{count} × {kind.of.range}, ↑]{_unit(kind)}"
        case Switch():
            return "`true`, `false`"
        case NameList():
            return f"0–{kind.most} names · 個"
        case Mentions():
            return '`{"2": ["<!subteam^S1>", "C0DEV"], "3": ["<@U2>"]}`'
    return "–"


def _unit(kind: FieldType) -> str:
    unit = unit_of(kind)
    if unit is Unit.NONE:
        return ""
    words = dict.fromkeys(say(text(f"unit.{unit.value}"), language) for language in ("en", "ja"))
    return f" {' · '.join(words)}"


def main(arguments: list[str] | None = None, where: tuple[Path, Path] = (SCHEMA, PAGE)) -> int:
    """Write both, or say whether they are up to date."""
    parser = argparse.ArgumentParser(prog="python -m liveness_ops.settings_docs", description=__doc__)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args(arguments).write
    at, beside = where
    made = {
        at: json.dumps(schema(), ensure_ascii=False, indent=2) + "\n",
        beside: page(beside.read_text(encoding="utf-8")),
    }
    stale = [path for path, wanted in made.items() if not path.exists() or path.read_text("utf-8") != wanted]
    for path in stale:
        if write:
            path.write_text(made[path], encoding="utf-8")
        print(f"{path}: {'written' if write else 'not up to date'}")
    return 0 if write or not stale else 1


if __name__ == "__main__":
    sys.exit(main())
