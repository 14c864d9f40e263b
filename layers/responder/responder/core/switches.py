"""What people control at run time: modes, stops, the settings document; and what silences an alarm in
CloudWatch. Missing means observe.

Modes and the settings document are one SSM parameter each, `/STACK/modes` and `/STACK/settings`, which
`people` alone writes. Until it has, those of the template count, `/STACK/first-modes` and
`/STACK/first-settings`: so no deployment changes what people have set. `/STACK/set-by-people` names which of
the two they have set: what is named there and does not exist was deleted, and the first value does not count
in its place.

A stop is the SSM parameter `/STACK/stops/NAME`. While it is in force no action is taken; with one of the kind
`ask`, one remedy is only asked for. The follow-up creates that kind, under the remedy's own name alone, where
the remedy did harm or did not help.

Its value is JSON (`who`, `why`, `until`, optional `from`), or any text at all: a stop that cannot be read,
or has no end, stops everything without end. So anyone who can create a parameter can stop the automation.
So does one of the kind `ask` for an unknown remedy, or under another name than that remedy's.
Those under a reserved name (`everything`, `ask-REMEDY`) are in force as long as they are there.
A stop is created and later removed, never written over. Pure.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from responder.core.errors import SettingsUnusable
from responder.core.frozen import frozen
from responder.core.modes import Mode, stricter
from responder.core.plain_data import Json
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, Refusal, SettingsProblem
from responder.core.remedy import REMEDIES
from responder.core.settings_document import EMPTY, NO_PEOPLE, People, SettingsDocument, parse
from responder.core.text import Text, Texts, text
from responder.core.timestamps import endless

# The stop that the printed command creates. It is in force as long as it exists, whatever its value says: if
# an ended one still existed, the command would be refused because the name is taken, and would stop nothing.
# The same goes for the names that the follow-up uses.
EVERYTHING = "everything"
_LONGEST_TEXT = 200
# Where the value does not say.
_UNSAID = "?"
_LONGEST_NAME = 255
# The kind of the stops that let a remedy be asked for, and how their names begin.
_ASK, _ASKING = "ask", "ask-"
# How long an ended stop is kept: the clocks of two machines differ, and people want to see it.
KEPT = timedelta(hours=1)


@frozen
class Stop:
    """`until` None: it lasts until a person removes it. `since`: in force only from then on (a maintenance
    window announced ahead), None: immediately. Times are UTC. `asks`: the remedy that is only asked for;
    empty: it stops everything."""

    name: str
    who: str
    why: str
    until: datetime | None
    since: datetime | None = None
    asks: str = ""

    @property
    def by(self) -> str | Text:
        """Who set it, in words: a stop can be any text, without a name."""
        return Text("person.unnamed") if self.who == _UNSAID else self.who

    def over(self, now: datetime) -> bool:
        """It has ended and stops nothing."""
        return self.until is not None and self.until <= now

    def active(self, now: datetime) -> bool:
        """It is in force."""
        return not self.over(now) and (self.since is None or self.since <= now)

    def state(self, now: datetime) -> str:
        """`planned`, `active` or `over`."""
        return "active" if self.active(now) else "over" if self.over(now) else "planned"

    def to_json(self) -> str:
        """The value of its parameter."""
        times = {"until": self.until, "from": self.since}
        given = {name: f"{at:%Y-%m-%dT%H:%M:%SZ}" for name, at in times.items() if at is not None}
        kind = {"kind": _ASK, "remedy": self.asks} if self.asks else {}
        parts = {"who": self.who, "why": self.why, **kind, **given}
        return "{" + ", ".join(f'"{name}": {_escaped(value)}' for name, value in parts.items()) + "}"


def stops_path(below: str) -> str:
    """The path under which stops are, `below` that of the stack; with a slash at its end."""
    return f"{below}/stops/"


def ask_name(remedy: str) -> str:
    """The name of the stop under which this remedy is only asked for."""
    return f"{_ASKING}{remedy}"


def asked_by(name: str) -> str:
    """The remedy that a stop of this name, created by the follow-up, concerns; empty for any other name."""
    remedy = name.removeprefix(_ASKING)
    return remedy if name.startswith(_ASKING) and remedy in REMEDIES else ""


def reserved(name: str) -> bool:
    """Names that a person's pause may not have: if one is taken, the reserved stop cannot be created."""
    return name == EVERYTHING or bool(asked_by(name))


def ask_for(remedy: str, who: str, why: str) -> Stop:
    """The stop by which this remedy is only asked for, until a person removes it."""
    return Stop(ask_name(remedy), who, why, None, asks=remedy)


def read_stop(name: str, value: str) -> Stop:
    """A stop as it is read from its parameter. Raises nothing: one that cannot be read is in force without
    end."""
    try:
        stored = json.loads(value)
        who, why = _said(stored, "who"), _said(stored, "why")
        until, since = _end(stored.get("until")), _time(stored.get("from"))
    except (ValueError, AttributeError, RecursionError):
        return Stop(name, _UNSAID, value.strip()[:_LONGEST_TEXT] or _UNSAID, None)
    if reserved(name):
        return Stop(name, who, why, None, asks=_asked(name, stored))
    # A window that ends before it begins was meant to stop something: it applies immediately.
    begins = since if since is None or until is None or since < until else None
    return Stop(name, who, why, until, begins)


def _asked(name: str, stored: Any) -> str:
    """The remedy that is only asked for; empty where it is not a known one, or the stop has another name."""
    remedy = asked_by(name)
    return remedy if stored.get("kind") == _ASK and stored.get("remedy") == remedy else ""


def _escaped(value: str) -> str:
    """SSM takes two braces in a row for a reference to another parameter."""
    packed = json.dumps(value, ensure_ascii=False)
    return packed.replace("{", "\\u007b").replace("}", "\\u007d")


def _said(stored: Any, name: str) -> str:
    """JSON can hold half a surrogate pair, which no UTF-8 does: AWS would take no row or message with it."""
    return str(stored.get(name, _UNSAID)).encode(errors="replace").decode()


def _end(value: Any) -> datetime | None:
    found = _time(value)
    return None if found is None or endless(found) else found


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


# Silences: sources are the CloudWatch API reference (DescribeAlarms, PutCompositeAlarm, PutAlarmMuteRule) and
# the CloudWatch User Guide, "Alarm events and EventBridge". EventBridge receives the alarm's state changes
# even while it is silenced.


@frozen
class Silence:
    """One silence of one alarm. `until`: when it ends (UTC), where that is known."""

    reason: ExplainedReason[Refusal]
    until: datetime | None = None


# So many mute rules are named; the others are counted.
_MOST_RULES = 3


def reasons_of(silences: Iterable[Silence]) -> tuple[ExplainedReason[Refusal], ...]:
    """Why these silences keep the automation from acting: several mute rules in force are one reason."""
    found = [each.reason for each in silences]
    rules = [text("guard.mute_rule", **each.values) for each in found if each.kind is Refusal.MUTED]
    if len(rules) < 2:
        return tuple(found)
    named: Texts = tuple(rules[:_MOST_RULES])
    left = len(rules) - len(named)
    said = text("report.and_others", first=named, count=left) if left else named
    rest = (each for each in found if each.kind is not Refusal.MUTED)
    return Refusal.MUTED_BY_SEVERAL(rules=said), *rest


# Of what AWS gives no name.
UNNAMED = "?"


def name_of(named: object) -> str:
    """The name of an alarm or a mute rule that AWS gives by its name or its ARN; `?` where it gives none."""
    name = re.split(":alarm(?:-mute(?:-rule)?)?:", named)[-1] if isinstance(named, str) else ""
    return name if name and name.isprintable() and len(name) <= _LONGEST_NAME else UNNAMED


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
    below = stops_path(path)
    named = {name: Mode(mode) for name, mode in _modes(path, parameters).items() if mode in tuple(Mode)}
    return Switches(
        everywhere=named.pop(EVERYWHERE, None),
        remedies=_NEVER_APPLIED | named,
        stops=tuple(
            read_stop(name.removeprefix(below), value)
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


def _modes(path: str, parameters: Mapping[str, str]) -> Json:
    """The modes as they are written; empty where they cannot be read, or one is given twice."""
    try:
        pairs = json.loads(stored(path, parameters, MODES) or "", object_pairs_hook=tuple)
        found = dict(pairs) if isinstance(pairs, tuple) else {}
        return found if len(found) == len(pairs) else {}
    except (ValueError, TypeError, RecursionError):
        return {}
