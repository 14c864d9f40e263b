"""What people control at run time: modes, stops, mute rules, the settings document. Missing means observe.

Modes and the settings document are one SSM parameter each, `/STACK/modes` and `/STACK/settings`, which
`people` alone writes. Until it has, those of the template count, `/STACK/first-modes` and
`/STACK/first-settings`: so no deployment changes what people have set. `/STACK/set-by-people` names which of
the two they have set: what is named there and does not exist was deleted, and the first value does not count
in its place.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from responder.core import stops
from responder.core.errors import SettingsUnusable
from responder.core.frozen import frozen
from responder.core.modes import Mode, stricter
from responder.core.refusals import Because, Refusal, SettingsProblem
from responder.core.remedy import REMEDIES
from responder.core.settings_document import EMPTY, NO_PEOPLE, People, SettingsDocument, parse
from responder.core.stops import Silence, Stop


@frozen
class Switches:
    """As read for one response.

    Attributes:
        everywhere: the global mode; None where it could not be read.
        silences: of the incident's alarm.
        document: the settings; where they cannot be used, why.
    """

    everywhere: Mode | None = None
    remedies: Mapping[str, Mode] = field(default_factory=dict)
    stops: tuple[Stop, ...] = ()
    silences: tuple[Silence, ...] = ()
    readable: bool = True
    document: SettingsDocument | SettingsUnusable = EMPTY

    @property
    def people(self) -> People:
        """Who may approve what; empty where the document cannot be used."""
        return NO_PEOPLE if isinstance(self.document, SettingsUnusable) else self.document.people

    @property
    def answered(self) -> bool:
        """People's answers are accepted: not while the document cannot be used."""
        return not isinstance(self.document, SettingsUnusable)

    def mode(self, remedy: str) -> Mode | None:
        """The stricter of the global and the remedy's mode; None where either is unreadable."""
        own = self.remedies.get(remedy)
        return None if self.everywhere is None or own is None else stricter(self.everywhere, own)

    def and_silences(self, more: Iterable[Silence]) -> "Switches":
        """The switches with these silences as well. A mute rule in force that the event names ends at the
        event's time."""
        silences = [*self.silences]
        for each in more:
            rule = Refusal.MUTED(name=each.reason.values.get("name", ""))
            place = next((place for place, one in enumerate(silences) if one.reason == rule), None)
            if each.reason.kind is Refusal.MUTED_EVENT and place is not None:
                silences[place] = Silence(rule, each.until)
            elif each not in silences:
                silences.append(each)
        return replace(self, silences=tuple(silences))

    def active(self, now: datetime) -> tuple[Stop, ...]:
        """The stops in force that stop everything."""
        return tuple(stop for stop in self.stops if not stop.asks and stop.active(now))

    def asking(self, remedy: str, now: datetime) -> Stop | None:
        """The stop in force by which this remedy is only asked for."""
        return next((stop for stop in self.stops if stop.asks == remedy and stop.active(now)), None)

    def until(self, now: datetime) -> datetime | None:
        """When the last stop ends, one that begins before another ends included; None: no end."""
        end: datetime | None = now
        whole = (stop for stop in self.stops if not stop.asks)
        for stop in sorted(whole, key=lambda each: each.since or now):
            if end is not None and (stop.since is None or stop.since <= end):
                end = None if stop.until is None else max(end, stop.until)
        return end


# They need no parameter: a remedy that is only suggested cannot have a higher mode.
_NEVER_APPLIED = {name.value: Mode.OBSERVE for name, spec in REMEDIES.items() if not spec.applied}
UNREADABLE = Switches(readable=False)
# Names of parameters below the stack's path.
SETTINGS, MODES, SET_BY_PEOPLE = "settings", "modes", "set-by-people"
# The global mode in the document of the modes, with those of the remedies by their names.
EVERYWHERE = "everywhere"


def switches(path: str, parameters: Mapping[str, str], silences: tuple[Silence, ...] = ()) -> Switches:
    """The switches from SSM parameters (by full name under `path`), and what silences the alarm."""
    below = stops.path(path)
    named = {name: Mode(mode) for name, mode in _modes(path, parameters).items() if mode in tuple(Mode)}
    return Switches(
        everywhere=named.pop(EVERYWHERE, None),
        remedies=_NEVER_APPLIED | named,
        stops=tuple(
            stops.read(name.removeprefix(below), value)
            for name, value in parameters.items()
            if name.startswith(below)
        ),
        silences=silences,
        document=_document(path, parameters),
    )


def stored(path: str, parameters: Mapping[str, str], name: str) -> str | None:
    """The value of SETTINGS or MODES in force: what people have set, else the template's first one; None
    where there is neither, or what people had set was deleted."""
    own = parameters.get(f"{path}/{name}")
    if own is None and name not in set_by_people(path, parameters):
        return parameters.get(f"{path}/first-{name}")
    return own


def set_by_people(path: str, parameters: Mapping[str, str]) -> frozenset[str]:
    """Which of SETTINGS and MODES people have ever set: both, where the record of it cannot be read."""
    value, known = parameters.get(f"{path}/{SET_BY_PEOPLE}"), frozenset({SETTINGS, MODES})
    found = frozenset(value.split()) if value is not None else frozenset[str]()
    return found if value is None or (found and found <= known) else known


def read_document(path: str, parameters: Mapping[str, str]) -> SettingsDocument:
    """The document in force, parsed. Raises SettingsUnusable."""
    value = stored(path, parameters, SETTINGS)
    if value is None:
        deleted = SETTINGS in set_by_people(path, parameters)
        raise SettingsUnusable(SettingsProblem.DELETED if deleted else SettingsProblem.MISSING)
    return parse(value)


def unusable(path: str, parameters: object) -> Because | None:
    """Why the document cannot be used; None where it can, or was not read."""
    document = _document(path, parameters) if isinstance(parameters, Mapping) else None
    return document.reason if isinstance(document, SettingsUnusable) else None


def _document(path: str, parameters: Mapping[str, str]) -> SettingsDocument | SettingsUnusable:
    try:
        return read_document(path, parameters)
    except SettingsUnusable as error:
        return error


def _modes(path: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The modes as they are written; empty where they cannot be read, or one is given twice."""
    try:
        pairs = json.loads(stored(path, parameters, MODES) or "", object_pairs_hook=tuple)
        found = dict(pairs) if isinstance(pairs, tuple) else {}
        return found if len(found) == len(pairs) else {}
    except (ValueError, TypeError, RecursionError):
        return {}
