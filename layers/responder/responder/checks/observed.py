"""What would have been done about the week's alarms, where the mode lets the responder only observe.

All of it was recorded when each alarm went off: no log and no metric is read again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from responder.checks.base import pages
from responder.checks.finding import Checked, CheckItem, Identity
from responder.checks.model import CheckSection
from responder.checks.previous import REPORTS_BUCKET
from responder.core.alarm_event import AlarmState
from responder.core.context import Context
from responder.core.errors import AwsError, ResponderError
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.permissions import INCIDENTS_TABLE, SETTINGS, Permission, Permissions
from responder.core.switches import switches
from responder.core.text import Strings, Text, text
from responder.guards import Ends
from responder.messages.requests import name
from responder.store import Incidents
from responder.store.incidents import slug_of
from responder.store.rows import TimelineStep
from responder.store.switches import read_parameters

WEEK = timedelta(days=7)
_FOLDER = "incidents"
# From the most on.
_MOST = (Ends.ACT, Ends.ASK, Ends.REFUSE, Ends.OBSERVE)


@frozen
class ObservedIncident:
    """One incident of the week.

    Attributes:
        would: its remedies, by what the guards left of them in mode `auto`.
        minutes: until its alarm was OK again; None where it has not been.
        applied: something was applied all the same, as a person had approved it.
    """

    alarm: str
    at: datetime
    would: Mapping[Ends, Strings] = field(default_factory=dict)
    minutes: float | None = None
    applied: bool = False

    @property
    def said(self) -> Text:
        """The result as one line."""
        first = next((ends for ends in _MOST if ends in self.would), None)
        done: Text = text("check.observed.nothing")
        if first is not None:
            done = Text(f"check.observed.{first}", {"remedies": tuple(map(name, self.would[first]))})
        calm = text("check.observed.raised")
        if self.minutes is not None:
            key = "check.observed.calm_after" if self.applied else "check.observed.calm"
            calm = text(key, minutes=round(self.minutes))
        return text(
            "check.observed.line", alarm=self.alarm, at=f"{self.at:%Y-%m-%dT%H:%M:%SZ}", done=done, calm=calm
        )


@frozen
class Observed:
    """The incidents of the last seven days, from their own rows; nothing in any mode but `observe`."""

    name: str = "observed"

    def needs(self) -> Permissions:
        """The mode, our own rows, and the names of the closing reports, which name older incidents."""
        return (
            *SETTINGS,
            Permission("dynamodb:Query", INCIDENTS_TABLE),
            Permission("s3:ListBucket", REPORTS_BUCKET),
        )

    def run(self, context: Context) -> CheckSection:
        """No more than a few requests an incident."""
        this, settings = Checked.OBSERVED.of(), context.settings
        try:
            parameters = read_parameters(context.aws, settings)
            if switches(settings.parameters_path, parameters).everywhere is not Mode.OBSERVE:
                return CheckSection(self.name, ())
            incidents = Incidents(context.aws, settings.incidents_table)
            found = tuple(_week(context, incidents, context.now - WEEK))
        except ResponderError as error:
            return CheckSection(self.name, (this.unread(text("check.observed.part"), error),))
        return CheckSection(self.name, (judged(this, found),))


def judged(this: Identity, found: Sequence[ObservedIncident]) -> CheckItem:
    """Nothing is wrong with it: it says what `auto` would do, for the decision about the mode."""
    counts = {ends.value: sum(ends in each.would for each in found) for ends in (Ends.ACT, Ends.ASK)}
    calm = sum(each.minutes is not None and not each.applied for each in found)
    said = (
        text("check.observed", count=len(found), calm=calm, **counts)
        if found
        else text("check.observed.none")
    )
    numbers = {
        "incidents": float(len(found)),
        "calm": float(calm),
        **{k: float(v) for k, v in counts.items()},
    }
    return this.green(said, *(each.said for each in found), numbers=numbers, in_message=True)


def _week(context: Context, incidents: Incidents, since: datetime) -> Iterator[ObservedIncident]:
    newest = incidents.newest()
    known = {each.id: (each.alarm, each.opened) for each in newest if each.opened >= since}
    for each in newest:
        known |= {id_: (each.alarm, opened) for id_, opened in _filed(context, each.slug, since)}
    for id_, (alarm, opened) in sorted(known.items(), key=lambda one: one[1][1]):
        if (seen := _seen(alarm, opened, incidents.steps(id_))) is not None:
            yield seen


def _filed(context: Context, slug: str, since: datetime) -> Iterator[tuple[str, datetime]]:
    """Incidents that are over: their closing reports are in the bucket, by their ids."""
    prefix = f"{_FOLDER}/{slug}-"
    where = {
        "Bucket": context.settings.reports_bucket,
        "Prefix": prefix,
        "StartAfter": f"{prefix}{since:%Y%m%dT%H%M%SZ}",
    }
    found = pages(context, "s3", "list_objects_v2", **where) if context.settings.reports_bucket else []
    if isinstance(found, AwsError):
        raise found
    for id_ in {str(each["Key"]).split("/")[1] for page in found for each in page.get("Contents", ())}:
        try:
            opened = datetime.strptime(f"{id_.rpartition('-')[2]}+0000", "%Y%m%dT%H%M%SZ%z")
        except ValueError:
            continue
        # The prefix is also that of longer names, which sort after any time.
        if slug_of(id_) == slug and opened >= since:
            yield id_, opened


def _seen(alarm: str, opened: datetime, steps: Sequence[TimelineStep]) -> ObservedIncident | None:
    """None where nothing was decided. An alarm that lasts is decided on again and again: of each remedy the
    most that was ever left of it counts. What was found done already would not have been applied."""
    verdicts = [each for each in steps if each.kind == "verdict"]
    if not verdicts:
        return None
    most: dict[tuple[str, str], Ends] = {}
    for each in (judged for verdict in verdicts for judged in verdict.data["judged"]):
        if each.get("settled"):
            continue
        this = str(each["remedy"]), str(each["scope"])
        ends = Ends((each.get("in_auto") or each["judged"])["ends"])
        most[this] = min(ends, most.get(this, ends), key=_MOST.index)
    would: dict[Ends, Strings] = {}
    for (remedy, _), ends in most.items():
        would[ends] = (*would.get(ends, ()), remedy)
    calm = next((each.at for each in steps if _is_calm(each)), None)
    minutes = None if calm is None else (calm - opened).total_seconds() / 60
    applied = any(each.kind in ("in_force", "partial") for each in steps)
    return ObservedIncident(alarm, opened, would, minutes, applied)


def _is_calm(step: TimelineStep) -> bool:
    data: Any = step.data
    return step.kind == "state" and isinstance(data, Mapping) and data.get("state") == AlarmState.OK.value
