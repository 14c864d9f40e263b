"""settings: the document of who may approve what and how the responder behaves: shown, checked, set, its
history."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from liveness_ops.console.leases import Cells
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.screen import Screen
from liveness_ops.settings_docs import default
from responder.core.declined import DeclineReason
from responder.core.errors import ResponderError, SettingsUnusable
from responder.core.plain_data import Data, Json
from responder.core.refusals import SettingsProblem
from responder.core.settings_document import EMPTY, LARGEST, Person, SettingsDocument, differences, parse
from responder.core.settings_fields import FIELDS
from responder.core.switches import SETTINGS, read_document, set_by_people, stored
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.people.request import PersonRequest, RequestKind
from responder.people.switches import digest
from responder.store.switches import document_versions, last_valid, read_parameters

# Texts are kept as they are.
_BLANKS = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')
_PEOPLE = ("ops.col_person", "ops.col_identities", "ops.col_may")
_SETTINGS = ("ops.col_setting", "ops.col_value", "ops.col_source", "ops.col_meaning")
_HISTORY = ("ops.col_version", "ops.col_at", "ops.col_set_by", "ops.col_changed")


def show(session: OperatorSession) -> Json:
    """What is in force: the people, and every setting with where its value comes from. Where the document
    cannot be used, why, and the newest version that can be."""
    path, parameters = session.settings.parameters_path, read_parameters(session.aws, session.settings)
    value = stored(path, parameters, SETTINGS) or ""
    try:
        document, problem = read_document(path, parameters), None
    except SettingsUnusable as error:
        session.screen.say(error.reason.text, style="bold red")
        session.screen.say(text("ops.settings_fallback"))
        document, problem = EMPTY, error.reason.kind.value
        with suppress(ResponderError):
            document = last_valid(
                session.aws, session.settings, read_parameters(session.aws, session.settings)
            )
    people = () if problem else tuple(document.people)
    rows = [(each.name, ", ".join(each.identities), _may(each)) for each in people]
    session.screen.table(text("ops.people", count=len(rows)), map(Text, _PEOPLE), rows)
    session.screen.say("")
    session.screen.table(text("ops.settings"), map(Text, _SETTINGS), _settings(document))
    values = {
        name: {"value": document.given.get(name, default(name)), "default": name not in document.given}
        for name in FIELDS
    }
    data = {"document": value, "people": [each.name for each in people], "settings": values}
    return data | _retired(session.screen, document) | ({"problem": problem} if problem else {})


def check(screen: Screen, file: Path) -> Json:
    """A file, on this machine alone. Raises EarlyExit with a line for each mistake."""
    written = _read(file)
    document = _valid(written)
    size = len(written.encode())
    data = {"people": len(tuple(document.people)), "settings": len(document.given), "bytes": size}
    screen.say(text("ops.settings_valid", **data, most=LARGEST), style="green")
    return data | _retired(screen, document)


def put(session: OperatorSession, file: Path) -> Json:
    """What changes is shown before it is sent; the entry for people checks all of it again."""
    wanted = _read(file)
    made = _valid(wanted)
    parameters = read_parameters(session.aws, session.settings)
    before = stored(session.settings.parameters_path, parameters, SETTINGS) or ""
    was = _usable(before) or EMPTY
    changes = list(_changes(was, made))
    session.screen.say(*changes)
    retired = _retired(session.screen, made)
    session.screen.confirm(text("ops.ask_settings", count=len(changes)))
    return session.ask(PersonRequest(RequestKind.SETTINGS, document=wanted, shown=digest(before))) | retired


def history(session: OperatorSession) -> Json:
    """The history of the document that people have set, newest first: when, by whom, and what changed."""
    versions = document_versions(session.aws, session.settings)
    if not versions:
        path, parameters = session.settings.parameters_path, read_parameters(session.aws, session.settings)
        deleted = SETTINGS in set_by_people(path, parameters)
        session.screen.say(SettingsProblem.DELETED().text if deleted else text("ops.settings_never_set"))
    rows, data, was = list[Cells](), list[Json](), EMPTY
    for each in versions:
        made = _usable(each["Value"])
        changes = [text("ops.settings_unusable")] if made is None else list(_changes(was, made))
        was = made or was
        row = _version(each)
        at = text("ops.at", at=row["at"]) if row["at"] else "–"
        rows.append(
            (row["version"], at, row["by"], text("ops.lines", lines=tuple(changes)) if changes else "–")
        )
        data.append({**row, "valid": made is not None, "document": each["Value"]})
    session.screen.table(text("ops.settings_history"), map(Text, _HISTORY), reversed(rows))
    return {"versions": data[::-1]}


def _retired(screen: Screen, document: SettingsDocument) -> Json:
    """Names the settings that this version ignores; nothing where there are none."""
    if not document.retired:
        return {}
    screen.say(text("check.ready.settings_retired", names=", ".join(document.retired)), style="yellow")
    return {"retired": list(document.retired)}


def _version(row: Data) -> dict[str, str]:
    at = row.get("LastModifiedDate")
    # `people` writes who asked for it; of any other writer SSM knows the principal.
    by = (row.get("Description") or "").removeprefix("Set by ") or row.get("LastModifiedUser", "–")
    when = stamp(at) if isinstance(at, datetime) else ""
    return {"version": str(row["Version"]), "at": when, "by": by}


def _settings(document: SettingsDocument) -> Iterator[Cells]:
    for name in FIELDS:
        given = name in document.given
        value = document.given.get(name, default(name))
        source = text("ops.from_document" if given else "ops.from_default")
        yield name, json.dumps(value, ensure_ascii=False), source, text(f"setting.{name}")


def _read(file: Path) -> str:
    """As it is written; without the blanks between its parts where it is too large otherwise."""
    try:
        # Some editors write a byte order mark before UTF-8.
        written = file.read_text(encoding="utf-8-sig").strip()
        return written if len(written.encode()) <= LARGEST else _BLANKS.sub(r"\1", written)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        said = text("ops.unreadable_file", file=str(file), kind=why)
        raise EarlyExit(Exit.USAGE, said) from None


def _valid(written: str) -> SettingsDocument:
    try:
        return parse(written)
    except SettingsUnusable as error:
        said, *more = (DeclineReason.SETTINGS_INVALID(reason=each.reason.text).text for each in error.all)
        mistakes = [{"problem": each.problem.value, "where": each.where} for each in error.all]
        raise EarlyExit(Exit.USAGE, said, {"where": error.where, "mistakes": mistakes}, more) from None


def _usable(value: str) -> SettingsDocument | None:
    try:
        return parse(value)
    except SettingsUnusable:
        return None


def _changes(was: SettingsDocument, made: SettingsDocument) -> Iterator[Text]:
    before, after = ({each.name: each for each in one.people} for one in (was, made))
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            one, other = (_entry(each.get(name)) for each in (before, after))
            yield text("ops.person_changed", name=name, before=one, after=other)
    for key, old, new in differences(was, made):
        usual = text("notice.default")
        yield text("notice.setting", key=key, before=old or usual, after=new or usual)


def _entry(person: Person | None) -> str:
    return "–" if person is None else f"{', '.join(person.identities)} ({_may(person) or '-'})"


def _may(person: Person) -> str:
    return ", ".join(sorted(person.may))
