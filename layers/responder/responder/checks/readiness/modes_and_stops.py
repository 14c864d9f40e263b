"""Modes and stops in force, with which a remedy would only be told; and the people who may approve."""

from collections.abc import Iterable
from datetime import datetime

from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
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


def switched(context: Context) -> tuple[CheckItem, ...]:
    """As the next response would read them."""
    path = context.settings.parameters_path
    try:
        pages = context.aws.pages("ssm", "get_parameters_by_path", Path=path, Recursive=True)
        known = {each["Name"]: each["Value"] for page in pages for each in page.get("Parameters", [])}
    except AwsError as error:
        return (
            CheckItem(
                Checked.MODES.of(),
                CheckStatus.UNKNOWN,
                text("check.ready.modes_unread", reason=reason(error)),
            ),
        )
    found = switches(path, known, ())
    people = registered(found.document, context)
    return (*modes(found, context.settings), *pauses(found, context.now, context.settings), *people)


def modes(found: Switches, settings: Settings) -> tuple[CheckItem, ...]:
    """The global mode first: under observe nothing else counts. Pure."""
    console = settings.console
    if found.everywhere is None or found.everywhere is Mode.OBSERVE:
        missing = found.everywhere is None
        said = text("check.ready.mode_missing" if missing else "check.ready.mode_observe")
        command = f"liveness-ops mode auto {console}"
        return (CheckItem(Checked.MODE_EVERYWHERE.of(), CheckStatus.AMBER, said, command=command),)
    missing_names = [name for name in _REMEDIES if name not in found.remedies]
    observed = [name for name in _REMEDIES if found.remedies.get(name) is Mode.OBSERVE]
    items = []
    if missing_names:
        said = text("check.ready.modes_missing", remedies=_names(missing_names))
        command = f"liveness-ops mode {missing_names[0]} approve {console}"
        items.append(CheckItem(Checked.MODES_MISSING.of(), CheckStatus.AMBER, said, command=command))
    if observed:
        said = text("check.ready.modes_observe", remedies=_names(observed))
        command = f"liveness-ops mode {observed[0]} approve {console}"
        items.append(CheckItem(Checked.MODES_OBSERVE.of(), CheckStatus.AMBER, said, command=command))
    if not items:
        details = tuple(
            text("check.ready.mode_of", remedy=text(f"remedy.name.{name}"), mode=mode.value)
            for name in _REMEDIES
            if (mode := found.mode(name)) is not None
        )
        said = text("check.ready.modes", mode=found.everywhere.value)
        items.append(CheckItem(Checked.MODES.of(), CheckStatus.GREEN, said, details))
    return tuple(items)


def pauses(found: Switches, now: datetime, settings: Settings) -> tuple[CheckItem, ...]:
    """One item for each that holds; those told ahead are only named. Pure."""
    active = found.active(now)
    ahead = tuple(_line(each, now) for each in found.stops if each not in active and not each.over(now))
    # The watchdog, which removes them, comes every five minutes.
    count = sum(each.over(now - 2 * KEPT) for each in found.stops)
    left = (
        (CheckItem(Checked.STOPS_LEFT.of(), CheckStatus.AMBER, text("check.ready.stops_left", count=count)),)
        if count
        else ()
    )
    if not active:
        return (*left, CheckItem(Checked.STOPS.of(), CheckStatus.GREEN, text("check.ready.no_pause"), ahead))
    return (
        *left,
        *(
            CheckItem(
                Checked.STOP.of(each.name),
                CheckStatus.AMBER,
                _line(each, now),
                command=f"liveness-ops resume {each.name} {settings.console}",
            )
            for each in active
        ),
    )


def _line(stop: Stop, now: datetime) -> Text:
    until = text("guard.until_resumed") if stop.until is None else stamp(stop.until, now)
    about = {"name": stop.name, "who": stop.who, "why": stop.why, "until": until}
    if stop.since is None:
        return Text(Refusal.PAUSED.value, about)
    return Text(Refusal.WINDOW.value, {**about, "since": stamp(stop.since, now)})


def _names(names: Iterable[str]) -> tuple[Text, ...]:
    return tuple(text(f"remedy.name.{name}") for name in names)
