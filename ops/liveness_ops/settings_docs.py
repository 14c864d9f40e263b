"""What is made of the template's parameters and of the table of settings, by `make generate`:
docs/parameters.md, its Japanese twin, and the JSON schema."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from liveness_ops.template_tools.load import ROOT, template
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.settings_document import CLASSES
from responder.core.settings_fields import (
    FIELDS,
    Ascending,
    FieldType,
    Mentions,
    NameList,
    Number,
    PatternName,
    Switch,
    Unit,
    ZoneName,
)
from responder.core.text import text
from responder.messages.language import say

SCHEMA = ROOT / "docs" / "settings.schema.json"
PAGES = {"en": ROOT / "docs" / "parameters.md", "ja": ROOT / "docs" / "parameters.ja.md"}
_HEADS = {
    "en": ("| parameter | default | meaning |", "| key | default | range | meaning |"),
    "ja": ("| パラメーター | 既定値 | 意味 |", "| キー | 既定値 | 範囲 | 意味 |"),
}
_WORDS = {"en": ("(empty)", "**none**", " names"), "ja": ("（空）", "**なし**", " 個")}


def schema() -> Json:
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
    """The default of a setting, as it would be written in the document."""
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
        case PatternName() | ZoneName():
            return value
    return value or {}


def parameters(language: str) -> str:
    """One row per parameter of the template: name, default, meaning."""
    empty, none, _ = _WORDS[language]
    rows = [_HEADS[language][0], "| --- | --- | --- |"]
    for name, about in template()["Parameters"].items():
        given = about.get("Default")
        shown = none if given is None else f"`{given}`" if given != "" else empty
        rows.append(f"| `{name}` | {shown} | {say(text(f'parameter.{name}'), language)} |")
    return "\n".join(rows)


def settings(language: str) -> str:
    """One row per setting: key, default, range, meaning."""
    rows = [_HEADS[language][1], "| --- | --- | --- | --- |"]
    for name, kind in FIELDS.items():
        shown = json.dumps(default(name), ensure_ascii=False)
        meaning = say(text(f"setting.{name}"), language)
        rows.append(f"| {name} | `{shown}` | {_range(kind, language)} | {meaning} |")
    return "\n".join(rows)


def page(present: str, language: str) -> str:
    """The page with the tables in their places."""
    for name, made in (("parameters", parameters(language)), ("settings", settings(language))):
        begin, end = f"<!-- {name}: make generate -->", f"<!-- end of {name} -->"
        before, _, rest = present.partition(begin)
        present = f"{before}{begin}\n\n{made}\n\n{end}{rest.partition(end)[2]}"
    return present


def files() -> Iterator[tuple[Path, str]]:
    """Each file as it has to be."""
    yield SCHEMA, json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
    for language, path in PAGES.items():
        yield path, page(path.read_text(encoding="utf-8"), language)


def _meaning(name: str, kind: FieldType) -> str:
    unit = unit_of(kind)
    words = f" ({say(text(f'unit.{unit.value}'), 'en')})" if unit is not Unit.NONE else ""
    return f"{say(text(f'setting.{name}'), 'en')}{words}"


def unit_of(kind: FieldType) -> Unit:
    """The unit of its number or numbers."""
    if isinstance(kind, Ascending):
        return kind.of.unit
    return kind.unit if isinstance(kind, Number) else Unit.NONE


def _range(kind: FieldType, language: str) -> str:
    match kind:
        case Number():
            return f"{kind.range}{_unit(kind, language)}"
        case Ascending():
            count = f"{kind.fewest}" if kind.fewest == kind.most else f"{kind.fewest}–{kind.most}"
            return f"[{count} × {kind.of.range}, ↑]{_unit(kind, language)}"
        case Switch():
            return "`true`, `false`"
        case NameList():
            return f"0–{kind.most}{_WORDS[language][2]}"
        case Mentions():
            return '`{"2": ["<!subteam^S1>", "C0DEV"], "3": ["<@U2>"]}`'
    return "–"


def _unit(kind: FieldType, language: str) -> str:
    unit = unit_of(kind)
    return "" if unit is Unit.NONE else f" {say(text(f'unit.{unit.value}'), language)}"
