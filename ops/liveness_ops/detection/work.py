"""What `liveness-ops detect` does: read traffic and alarms, compute, show, write the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.text import Text as Line

from liveness_ops.checks.work import settings_of
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.page_file import write_page
from liveness_ops.people.screen import Screen
from responder.aws.gateway import Paced, patient, shared, through
from responder.checks import days
from responder.checks.detection import check, observed, report
from responder.checks.detection.change import most_helpful
from responder.checks.detection.filters import without_filter
from responder.checks.detection.page import headline
from responder.checks.detection.page import page as drawn
from responder.checks.detection.report import DetectionReport, machine
from responder.checks.detection.speed import SHARES, AlarmSpeed, AlarmsSeen, Speeds, speeds
from responder.checks.finding import UNKNOWN
from responder.checks.model import Cadence
from responder.checks.run.alarm_names import alarms_by_slug, audited
from responder.checks.run.running import RATES
from responder.core.context import Context
from responder.core.plain_data import Json
from responder.core.text import Text, text
from responder.detection.traffic import SessionTraffic
from responder.messages.language import say
from responder.respond.playbook import PLAYBOOKS

# Seconds in which a read that AWS turned away for its rate is sent again.
_PATIENCE = 60.0


def detect(session: OperatorSession, back: int, page: Path | None, show: bool) -> Json:
    """Raises EarlyExit where the days are out of range, the page cannot be written, or there is no traffic to
    compute with; what is known without traffic is still shown."""
    if not 1 <= back <= observed.MOST_DAYS:
        raise EarlyExit(Exit.USAGE, text("detect.days", most=observed.MOST_DAYS), {"days": back})
    found = _found(session, back)
    _show(found, session.screen)
    path = page or Path(f"detection-{found.at:%Y-%m-%d}.html")
    written = write_page(session.screen, path, drawn(found, session.screen.language), show=show)
    data = {**machine(found), "page": written}
    if found.traffic.traffic is None:
        raise EarlyExit(Exit.NOT_DONE, headline(found), data)
    return data


def _found(session: OperatorSession, back: int) -> DetectionReport:
    settings = settings_of(session, Cadence.DAILY)
    now = session.clock()
    off = session.minutes_off
    context = patient(shared(Context(through(session.aws, Paced(RATES)), settings, now, now)), _PATIENCE)
    session.screen.note(text("detect.looking", days=back), style="dim")
    seen = check.alarms_seen(context, audited(PLAYBOOKS), alarms_by_slug(PLAYBOOKS, settings))
    figures = observed.read(context, back)
    traffic = observed.observed(figures, back, days.zone(settings.check_zone))
    missing = (*check.without_data(context, figures, seen), *without_filter(context, seen.deployed))
    alarms = _computed(check.hearing(seen, missing), traffic.traffic, context, session.screen)
    change = most_helpful(alarms, seen, traffic.traffic, settings) if traffic.traffic else None
    unread = tuple(each.said for each in missing if each.light is UNKNOWN)
    return DetectionReport(
        at=now,
        zone=settings.check_zone,
        region=settings.region,
        account=settings.account,
        traffic=traffic,
        alarms=alarms,
        missing=seen.missing,
        without_data=tuple(each for each in missing if each.light is not UNKNOWN),
        change=change,
        notes=(*check.notes(traffic), *_doubts(context, seen, off), *unread),
    )


def _computed(seen: AlarmsSeen, traffic: SessionTraffic | None, context: Context, screen: Screen) -> Speeds:
    """With the alarm that is being computed on the terminal."""
    found: list[AlarmSpeed] = []
    with _progress(screen) as shown:
        for each in speeds(seen, traffic, context.settings):
            found.append(each)
            shown(text("detect.computed", count=len(found), all=len(seen.deployed), alarm=each.name))
    return tuple(found)


@contextmanager
def _progress(screen: Screen) -> Iterator[Any]:
    """One line that is written over; none where standard error is no terminal."""
    console = screen.aside
    if not console.is_terminal:
        yield lambda said: None
        return
    # Of a string rich would read markup, whatever the console does.
    with console.status(Line(say(text("detect.computing"), screen.language))) as status:
        yield lambda said: status.update(Line(say(said, screen.language)))


def _doubts(context: Context, seen: AlarmsSeen, off: int) -> Iterator[Text]:
    """What could not be read, and a clock that is wrong, by `off` minutes."""
    for name in context.settings.functions:
        if name not in seen.timeouts:
            yield text("detect.no_timeout", function=name)
    if off:
        yield text("detect.clock", minutes=off)


def _show(found: DetectionReport, screen: Screen) -> None:
    screen.note(headline(found), style="bold")
    screen.note(*found.notes)
    for item in found.without_data:
        screen.note(item.said, style="bold red")
        screen.note(*item.details)
    columns = (
        text("detect.col.alarm"),
        text("detect.col.counts"),
        *(text("detect.col.share", percent=round(share * 100)) for share in SHARES),
        text("detect.col.falsely"),
    )
    rows = [
        (one.name, report.counts(one), *(report.minutes(one, place) for place in range(len(SHARES))), falsely)
        for one in found.ordered
        for falsely in (report.falsely(one),)
    ]
    screen.table(text("detect.table"), columns, rows)
    if found.missing:
        screen.note(text("detect.missing", names=", ".join(found.missing)))
    if found.change is not None:
        screen.note(found.change.said, style="bold")
        screen.note(found.change.fix.command)
    elif found.traffic.traffic is not None:
        screen.note(text("detect.no_change"))
