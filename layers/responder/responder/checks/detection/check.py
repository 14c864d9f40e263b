"""Every day: how soon an outage becomes an alarm at this traffic, and which alarms get no data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import partial

from responder.checks import days, thresholds
from responder.checks.alarms.audit import timeout
from responder.checks.alarms.states import NEED, OWN, alarms
from responder.checks.base import attempted
from responder.checks.detection import observed
from responder.checks.detection.change import quickest_addition
from responder.checks.detection.filters import without_filter
from responder.checks.detection.observed import FiguresRead, ObservedTraffic
from responder.checks.detection.speed import AlarmSpeed, AlarmsSeen, Speeds, quickest, speeds
from responder.checks.finding import AMBER, GREEN, RED, Checked, CheckItem
from responder.checks.model import CheckSection
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.expected_alarms import LIST, Audited
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction, scope_of
from responder.core.permissions import CREATE_FUNCTION, RESULT_FUNCTION, Permission, Permissions
from responder.core.settings import Settings
from responder.core.text import Text, Values, text
from responder.detection.minutes import DELIVERY, LONGEST
from responder.detection.traffic import SessionTraffic
from responder.evidence import logs, metrics
from responder.evidence.base import side_by_side
from responder.evidence.failures import Failures
from responder.evidence.invocations import blind

# Of so many days.
BACK = 14
NEEDS = (
    NEED,
    *metrics.NEEDS,
    *logs.BOTH,
    *(Permission("logs:DescribeMetricFilters", function.logs) for function in LivenessFunction),
    Permission("lambda:GetFunctionConfiguration", CREATE_FUNCTION),
    Permission("lambda:GetFunctionConfiguration", RESULT_FUNCTION),
)
_THIS = Checked.DETECTION.of(chapter=LIST)


@frozen
class Detection:
    """Minutes to ALARM of a total outage, alarms that do not fire at this traffic, alarms without data.

    Attributes:
        alarms: those that should be there.
        names: alarm names by playbook slug, where they are not the template's defaults.
    """

    alarms: tuple[Audited, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    name: str = "detection"

    def needs(self) -> Permissions:
        """Reads only."""
        return NEEDS

    def run(self, context: Context) -> CheckSection:
        """What cannot be read is reported, and nothing is computed from the rest."""
        seen = attempted(alarms_seen, context, self.alarms, self.names)
        if isinstance(seen, AwsError):
            return CheckSection(self.name, (_THIS.unread(text("check.alarms.part.alarms"), seen),))
        figures = attempted(observed.read, context, BACK)
        if isinstance(figures, AwsError):
            unread = _THIS.unread(text("check.detection.part.traffic"), figures)
            return CheckSection(self.name, (unread, *without_filter(context, seen.deployed)))
        deaf = (*without_data(context, figures, seen), *without_filter(context, seen.deployed))
        where = days.zone(context.settings.check_zone)
        traffic = observed.observed(figures, BACK, where)
        found = tuple(speeds(hearing(seen, deaf), traffic.traffic, context.settings, whole=False))
        items = (
            *deaf,
            *judged(found, traffic, str(where)),
            *changed(found, seen, traffic, context.settings),
        )
        return CheckSection(self.name, items)


def alarms_seen(context: Context, wanted: tuple[Audited, ...], names: Mapping[str, str]) -> AlarmsSeen:
    """The alarms as deployed. A function whose time-out cannot be read is left out of `timeouts`.

    Raises:
        AwsError: the alarms could not be listed.
    """
    settings = context.settings
    found = alarms(context.aws, settings, names.values())
    timeouts, _ = side_by_side({name: partial(timeout, context, name) for name in settings.functions})
    expected = [each.expected(settings, names) for each in wanted]
    expected += filter(None, (each.corrected(settings, names) for each in wanted))
    return AlarmsSeen(
        tuple(each for each in found.values() if not each.name.startswith(OWN)),
        {each.name: each for each in expected},
        timeouts,
    )


def without_data(context: Context, figures: FiguresRead, seen: AlarmsSeen) -> Iterator[CheckItem]:
    """The alarms whose metrics no longer arrive. The log is read only where there are any."""
    if not figures.lost():
        return
    looked = attempted(Failures().look, context)
    tally = None if isinstance(looked, AwsError) else looked
    for hourly in figures.lost(tally):
        each = observed.to_the_minute(context, figures, hourly, tally)
        function = LivenessFunction(scope_of(each.function, context.settings))
        deaf = blind(seen.deployed, function, context.settings)
        this = Checked.ALARM_DATA.of(each.function, chapter=LIST)
        light = RED if each.proved else AMBER
        yield this.item(light, each.said(deaf, len(seen.deployed)), *each.details(deaf), facts=deaf)


def hearing(seen: AlarmsSeen, deaf: Iterable[CheckItem]) -> AlarmsSeen:
    """Without the alarms that get no data, or a part of it: nothing is computed with them. `deaf`: from
    `without_data` and `without_filter`. Pure."""
    gone = {name for each in deaf if each.light is RED for name in (each.identity.subject, *each.facts)}
    return replace(seen, deployed=tuple(each for each in seen.deployed if each.name not in gone))


def judged(found: Speeds, traffic: ObservedTraffic, zone: str) -> Iterator[CheckItem]:
    """`zone`: the name of that of the traffic's hours. Pure."""
    if traffic.traffic is None:
        yield _THIS.unknown(no_traffic(traffic))
        return
    first = quickest(found)
    status = thresholds.detection(first.outage[0].median if first else None)
    numbers = {"sessions": traffic.traffic.a_day, "days": float(traffic.days)}
    if first is not None:
        numbers["minutes"] = first.outage[0].median or 0.0
    silent = [each.name for each in found if each.silent]
    yield _THIS.item(
        status, outage(first, traffic.traffic, zone), *notes(traffic), numbers=numbers, facts=(status.value,)
    )
    if silent:
        this = Checked.DETECTION_NEVER.of(chapter=LIST)
        said = text("check.detection.silent", count=len(silent), all=len(found), hours=LONGEST // 60)
        light = GREEN if status is GREEN else AMBER
        named = text("check.detection.silent.names", names=", ".join(silent))
        yield this.item(light, said, named, note=light is GREEN, facts=tuple(silent))


def changed(
    found: Speeds, seen: AlarmsSeen, traffic: ObservedTraffic, settings: Settings
) -> Iterator[CheckItem]:
    """Alarms of this stack that are not deployed and would be quicker. What else would help is reported by
    the alarm audit. Pure."""
    best = quickest_addition(found, seen, traffic.traffic, settings) if traffic.traffic else None
    if best is not None:
        this = Checked.DETECTION_CHANGE.of(chapter=LIST)
        yield this.amber(best.said, facts=tuple(best.parameters)).with_fix(best.fix)


def outage(first: AlarmSpeed | None, traffic: SessionTraffic, zone: str) -> Text:
    """How soon a total outage becomes an alarm, and in which hours of the zone it has to begin for that."""
    said: Values = {"hours": LONGEST // 60, "busy": traffic.busy, "zone": zone}
    if first is None:
        return text("check.detection.none", **said)
    low, high = map(round, DELIVERY)
    said |= {"alarm": first.name, "median": round(first.outage[0].median or 0, 1), "low": low, "high": high}
    at_most = first.outage[0].p90
    if at_most is None:
        return text("check.detection.outage_mostly", **said)
    return text("check.detection.outage", p90=round(at_most, 1), **said)


def no_traffic(traffic: ObservedTraffic) -> Text:
    """Why nothing is computed."""
    if traffic.first is None:
        return text("check.detection.no_history", days=traffic.asked)
    return text("check.detection.no_traffic", days=traffic.asked)


def notes(traffic: ObservedTraffic) -> Iterator[Text]:
    """What was averaged, and what its figures lack."""
    if traffic.traffic is not None:
        yield text("check.detection.basis", sessions=round(traffic.traffic.a_day), days=traffic.days)
    if traffic.first is not None and traffic.last is not None:
        whole = (traffic.last - traffic.first).days + 1
        if whole < traffic.asked:
            yield text("check.detection.short", first=traffic.first.isoformat(), days=whole)
    if traffic.idle:
        yield text("check.detection.idle", count=len(traffic.idle))
    if traffic.by_lambda:
        yield text("check.detection.by_lambda", count=len(traffic.by_lambda))
