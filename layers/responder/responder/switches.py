"""What people control at run time: modes, named pauses, mute rules, the settings document. Missing means
observe."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from responder.errors import SettingsUnusable
from responder.mode import Mode, stricter
from responder.moments import endless
from responder.refusal import Refusal, SettingsProblem
from responder.settings_document import EMPTY, NOBODY, People, SettingsDocument, parse
from responder.silence import Silence


@dataclass(frozen=True, slots=True)
class Pause:
    """A named pause. `until` None lasts until somebody resumes; so does one unreadable, or for centuries.

    `since`: it holds only from then on (a maintenance window told ahead); None: at once.
    """

    name: str
    who: str
    why: str
    until: datetime | None
    since: datetime | None = None

    def over(self, now: datetime) -> bool:
        """It holds nothing any more."""
        return self.until is not None and self.until <= now

    def state(self, now: datetime) -> str:
        """`planned`, `active` or `over`."""
        return "active" if self.active(now) else "over" if self.over(now) else "planned"

    def active(self, now: datetime) -> bool:
        """It holds right now."""
        return not self.over(now) and (self.since is None or self.since <= now)


@dataclass(frozen=True, slots=True)
class Switches:
    """As read for one response.

    Attributes:
        everywhere: the global mode; None where it could not be read.
        silences: of the incident's alarm.
        document: the settings; where they cannot be used, why.
    """

    everywhere: Mode | None = None
    remedies: Mapping[str, Mode] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    silences: tuple[Silence, ...] = ()
    readable: bool = True
    document: SettingsDocument | SettingsUnusable = EMPTY

    @property
    def people(self) -> People:
        """Who may approve what; nobody where the document cannot be used."""
        return NOBODY if isinstance(self.document, SettingsUnusable) else self.document.people

    def mode(self, remedy: str) -> Mode | None:
        """The stricter of the global and the remedy's mode; None where either is unreadable."""
        own = self.remedies.get(remedy)
        return None if self.everywhere is None or own is None else stricter(self.everywhere, own)

    def and_silences(self, more: Iterable[Silence]) -> "Switches":
        """With these, too. A rule in force that the event names ends when the event says."""
        told = [*self.silences]
        for each in more:
            rule = Refusal.MUTED(name=each.reason.values.get("name", ""))
            place = next((place for place, one in enumerate(told) if one.reason == rule), None)
            if each.reason.kind is Refusal.MUTED_EVENT and place is not None:
                told[place] = Silence(rule, each.until)
            elif each not in told:
                told.append(each)
        return replace(self, silences=tuple(told))

    def active(self, now: datetime) -> tuple[Pause, ...]:
        """The pauses in force."""
        return tuple(pause for pause in self.pauses if pause.active(now))

    def until(self, now: datetime) -> datetime | None:
        """When no pause holds any more, one that begins before another ends included; None: no end."""
        end: datetime | None = now
        for pause in sorted(self.pauses, key=lambda each: each.since or now):
            if end is not None and (pause.since is None or pause.since <= end):
                end = None if pause.until is None else max(end, pause.until)
        return end


UNREADABLE = Switches(readable=False)


def switches(path: str, parameters: Mapping[str, str], silences: tuple[Silence, ...] = ()) -> Switches:
    """From SSM parameters by full name under `path`, and what silences the alarm."""
    prefix = f"{path}/mode/"
    pauses = f"{path}/pauses/"
    named = {name.removeprefix(prefix): _mode(v) for name, v in parameters.items() if name.startswith(prefix)}
    return Switches(
        everywhere=_mode(parameters.get(f"{path}/mode")),
        remedies={name: mode for name, mode in named.items() if mode is not None},
        pauses=tuple(
            _pause(n.removeprefix(pauses), v) for n, v in parameters.items() if n.startswith(pauses)
        ),
        silences=silences,
        document=_document(parameters.get(f"{path}/settings")),
    )


def read_document(value: str | None) -> SettingsDocument:
    """From the value of the parameter, None where there is none. Raises SettingsUnusable."""
    if value is None:
        raise SettingsUnusable(SettingsProblem.MISSING)
    return parse(value)


def _document(value: str | None) -> SettingsDocument | SettingsUnusable:
    try:
        return read_document(value)
    except SettingsUnusable as error:
        return error


def _mode(value: str | None) -> Mode | None:
    return Mode(value) if value in tuple(Mode) else None


def _pause(name: str, value: str) -> Pause:
    try:
        stored = json.loads(value)
        until, since = _end(stored.get("until")), _time(stored.get("from"))
        # A window that ends before it begins was meant to hold: better at once than never.
        begins = since if since is None or until is None or since < until else None
        return Pause(name, str(stored.get("who", "?")), str(stored.get("why", "?")), until, begins)
    except (ValueError, AttributeError, RecursionError):
        return Pause(name, "?", "?", None)


def _end(value: object) -> datetime | None:
    found = _time(value)
    return None if found is None or endless(found) else found


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
