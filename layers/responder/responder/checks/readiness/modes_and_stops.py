"""Modes and stops in force, with which a remedy would only be reported; and the people who may approve."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from responder.checks.base import CheckSubject
from responder.checks.identity import Checked
from responder.checks.model import CheckItem
from responder.checks.readiness.approvers import registered
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.modes import Mode
from responder.core.refusals import Refusal
from responder.core.remedy import REMEDIES
from responder.core.settings import Settings
from responder.core.stops import KEPT, Stop
from responder.core.switches import Switches, switches
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.evidence.base import reason

_REMEDIES = tuple(name.value for name, spec in REMEDIES.items() if spec.applied)


def switched(context: Context) -> Iterator[CheckItem]:
    """As the next response would read them."""
    path = context.settings.parameters_path
    try:
        pages = context.aws.pages("ssm", "get_parameters_by_path", Path=path, Recursive=True)
        known = {each["Name"]: each["Value"] for page in pages for each in page.get("Parameters", [])}
    except AwsError as error:
        yield CheckSubject(Checked.MODES.of()).unknown(text("check.ready.modes_unread", reason=reason(error)))
        return
    found = switches(path, known, ())
    yield from _modes(found, context.settings)
    yield from pauses(found, context.now, context.settings)
    yield from registered(found.document, context)


def _modes(found: Switches, settings: Settings) -> Iterator[CheckItem]:
    """The global mode first: under observe nothing else counts."""

    def amber(about: Checked, said: Text, mode: str) -> CheckItem:
        return CheckSubject(about.of()).amber(said, command=f"liveness-ops mode {mode} {settings.console}")

    everywhere = found.everywhere
    if everywhere is None or everywhere is Mode.OBSERVE:
        said = text("check.ready.mode_missing" if everywhere is None else "check.ready.mode_observe")
        yield amber(Checked.MODE_EVERYWHERE, said, "auto")
        return
    missing = [name for name in _REMEDIES if name not in found.remedies]
    observed = [name for name in _REMEDIES if found.remedies.get(name) is Mode.OBSERVE]
    if missing:
        said = text("check.ready.modes_missing", remedies=_names(missing))
        yield amber(Checked.MODES_MISSING, said, f"{missing[0]} approve")
    if observed:
        said = text("check.ready.modes_observe", remedies=_names(observed))
        yield amber(Checked.MODES_OBSERVE, said, f"{observed[0]} approve")
    if not missing and not observed:
        modes = ((name, found.mode(name)) for name in _REMEDIES)
        details = (
            text("check.ready.mode_of", remedy=text(f"remedy.name.{name}"), mode=mode.value)
            for name, mode in modes
            if mode is not None
        )
        said = text("check.ready.modes", mode=everywhere.value)
        yield CheckSubject(Checked.MODES.of()).green(said, *details)


def pauses(found: Switches, now: datetime, settings: Settings) -> Iterator[CheckItem]:
    """One item for each that is in force; those that begin later are only named. Pure."""
    active = found.active(now)
    # The watchdog, which removes them, comes every five minutes.
    if count := sum(each.over(now - 2 * KEPT) for each in found.stops):
        yield CheckSubject(Checked.STOPS_LEFT.of()).amber(text("check.ready.stops_left", count=count))
    for each in active:
        command = f"liveness-ops resume {each.name} {settings.console}"
        yield CheckSubject(Checked.STOP.of(each.name)).amber(_line(each, now), command=command)
    if not active:
        ahead = (_line(each, now) for each in found.stops if not each.over(now))
        yield CheckSubject(Checked.STOPS.of()).green(text("check.ready.no_pause"), *ahead)


def _line(stop: Stop, now: datetime) -> Text:
    until = text("guard.until_resumed") if stop.until is None else stamp(stop.until, now)
    about = {"name": stop.name, "who": stop.who, "why": stop.why, "until": until}
    if stop.since is None:
        return Text(Refusal.PAUSED.value, about)
    return Text(Refusal.WINDOW.value, {**about, "since": stamp(stop.since, now)})


def _names(names: Iterable[str]) -> tuple[Text, ...]:
    return tuple(text(f"remedy.name.{name}") for name in names)
