"""settings: the document that says who may approve what, shown and replaced."""

from pathlib import Path
from typing import Any

from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.errors import SettingsUnusable
from responder.settings_document import People, Person, parse
from responder.shell.people.switch import digest
from responder.shell.switchboard import read_parameters
from responder.text import Text, text

_COLUMNS = ("ops.col_person", "ops.col_identities", "ops.col_may")


def show(desk: Desk) -> dict[str, Any]:
    """The document as it is stored, and below it everyone in it."""
    value = _stored(desk)
    desk.screen.say(value)
    return {"document": value, **_people(desk, value)}


def replace(desk: Desk, file: Path) -> dict[str, Any]:
    """Every person who is added, changed or removed is shown before it is sent."""
    before, wanted = _stored(desk), _read(file)
    was, made = _usable(before), _usable(wanted)
    if made is None:
        # The entry says what is wrong with it.
        return desk.ask("settings", document=wanted, shown=digest(before))
    names = {each.name for each in (*made, *(was or ()))}
    changed = [name for name in sorted(names) if _named(was, name) != _named(made, name)]
    desk.screen.say(*(_difference(name, _named(was, name), _named(made, name)) for name in changed))
    desk.screen.confirm(text("ops.ask_settings", count=len(changed)))
    return desk.ask("settings", document=wanted, shown=digest(before))


def _people(desk: Desk, value: str) -> dict[str, Any]:
    try:
        people = parse(value).people
    except SettingsUnusable as error:
        desk.screen.say(error.reason.text, style="bold red")
        return {"problem": error.reason.kind.value}
    rows = [(each.name, ", ".join(each.identities), _may(each)) for each in people]
    desk.screen.table(text("ops.people", count=len(rows)), [Text(each) for each in _COLUMNS], rows)
    return {"people": [each.name for each in people]}


def _stored(desk: Desk) -> str:
    parameter = f"{desk.settings.parameters_path}/settings"
    return read_parameters(desk.aws, desk.settings).get(parameter, "")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = text("ops.unreadable_file", file=str(file), kind=type(error).__name__)
        raise Stop(Exit.USAGE, said) from None


def _usable(value: str) -> People | None:
    try:
        return parse(value).people
    except SettingsUnusable:
        return None


def _named(people: People | None, name: str) -> Person | None:
    return next((each for each in people or () if each.name == name), None)


def _difference(name: str, was: Person | None, made: Person | None) -> Text:
    before, after = ("–" if each is None else _entry(each) for each in (was, made))
    return text("ops.person_changed", name=name, before=before, after=after)


def _entry(person: Person) -> str:
    return f"{', '.join(person.identities)} ({_may(person) or '-'})"


def _may(person: Person) -> str:
    return ", ".join(sorted(each.value for each in person.may))
