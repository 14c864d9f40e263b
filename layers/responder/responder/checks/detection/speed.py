"""Minutes to ALARM of each deployed alarm at the real traffic, and how often it fires falsely. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from responder.checks.alarms import can_fire
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.expected_alarms import ExpectedAlarm
from responder.core.frozen import frozen
from responder.core.metric_ranges import KnownLimits
from responder.core.metric_ranges import never as impossible
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.detection.false_alarms import PlayLength, false_alarms
from responder.detection.minutes import MinutesToAlarm, SteadyFault, minutes_to_alarm
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests, NotModelled, rule_of
from responder.detection.traffic import HOURS, SessionTraffic

# Shares of the requests that fail.
ALL_FAIL, SHARES = 1.0, (1.0, 0.3, 0.1)
# Failures of an outage in which the service answers requests of both kinds with its own error.
OUTAGE = frozenset({CountedFailures.SURE, CountedFailures.SERVICE})
# The shares by which outages, and changes of the stack, are compared.
COMPARED = 2
# Runs: the median of a thousand is exact to a few percent, that of a hundred, for each hour, to a tenth.
_RUNS, _RUNS_A_LINE, _RUNS_AN_HOUR = 1000, 300, 100
# Years that are played for false alarms: enough to see which fire more than once a year.
_YEARS = 40
_NEVER = MinutesToAlarm(None, None, 1.0)
_FULL = 0.999


@frozen
class AlarmSpeed:
    """One deployed alarm. Each tuple has an entry for each of `SHARES`, or for the first ones.

    Attributes:
        rule: when it fires, or why that is not known.
        never: it is proved that no value of its metric makes it fire.
        minutes: where the calls that it counts fail, at the traffic that a session usually meets.
        outage: where all calls fail; of an alarm that counts such failures (`OUTAGE`).
        hours: as `minutes`, for a fault that begins in each hour of the day.
        false_alarms: a year; None where that is not known.
    """

    name: str
    rule: AlarmRule | NotModelled
    never: bool = False
    minutes: tuple[MinutesToAlarm, ...] = ()
    outage: tuple[MinutesToAlarm, ...] = ()
    hours: tuple[tuple[MinutesToAlarm, ...], ...] = ()
    false_alarms: float | None = None

    @property
    def counts(self) -> CountedFailures | None:
        """The failures that it counts."""
        return self.rule.failures if isinstance(self.rule, AlarmRule) else None

    @property
    def silent(self) -> bool:
        """Whether, in most cases, it does not fire within `LONGEST` minutes although all calls that it counts
        fail."""
        return self.never or (bool(self.minutes) and self.minutes[0].median is None)


type Speeds = tuple[AlarmSpeed, ...]


def quickest(found: Iterable[AlarmSpeed]) -> AlarmSpeed | None:
    """The first to fire in a total outage; None where none does."""
    those = [(each.outage[0].median, each.name, each) for each in found if each.outage]
    fires = [(median, name, each) for median, name, each in those if median is not None]
    return min(fires, default=(0.0, "", None), key=lambda one: one[:2])[2]


@frozen
class AlarmsSeen:
    """`deployed`: alarms of the service and of this stack, but not those on the responder itself. `expected`:
    by name, as they should be. `timeouts`: of the functions, as far as they could be read."""

    deployed: tuple[DeployedAlarm, ...]
    expected: Mapping[str, ExpectedAlarm]
    timeouts: Mapping[str, float]

    @property
    def missing(self) -> Strings:
        """The expected alarms that do not exist: never made, deleted or renamed."""
        return tuple(sorted(self.expected.keys() - {each.name for each in self.deployed}))


def speeds(
    seen: AlarmsSeen,
    traffic: SessionTraffic | None,
    settings: Settings,
    whole: bool = True,
    done: Callable[[str], None] = lambda _: None,
) -> Iterator[AlarmSpeed]:
    """One alarm after the other; `done` is called with the name of each.

    `whole`: everything, in about a second of computing for each; else only what the line of the daily check
    takes. Without traffic it is only known which alarms can never fire.
    """
    known = KnownLimits(settings.namespace, *settings.functions, seen.timeouts)
    for alarm in sorted(seen.deployed, key=lambda each: each.name):
        expected = seen.expected.get(alarm.name)
        never = can_fire.never(expected, alarm.watch, known) if expected else impossible(alarm.watch, known)
        rule = rule_of(alarm.watch, settings, seen.timeouts)
        never = never or rule is NotModelled.NEVER
        if never or isinstance(rule, NotModelled) or traffic is None:
            yield AlarmSpeed(alarm.name, NotModelled.NEVER if never else rule, never)
        else:
            yield played(alarm.name, rule, traffic, whole)
        done(alarm.name)


def played(name: str, rule: AlarmRule, traffic: SessionTraffic, whole: bool = True) -> AlarmSpeed:
    """An alarm with this rule at this traffic."""
    runs = _RUNS if whole else _RUNS_A_LINE

    def at(share: float, calls: CountedRequests | None = None) -> MinutesToAlarm:
        return minutes_to_alarm(rule, SteadyFault(traffic, share, calls=calls), runs)

    minutes = tuple(map(at, SHARES if whole else SHARES[:1]))
    in_outage = SHARES[:COMPARED] if rule.failures in OUTAGE else ()
    outage = tuple(at(share, CountedRequests.BOTH) for share in in_outage)
    if not whole:
        return AlarmSpeed(name, rule, False, minutes, outage)
    hours = tuple(_hours(rule, traffic, share) for share in SHARES)
    found = false_alarms(rule, traffic, length=PlayLength(_YEARS))
    return AlarmSpeed(name, rule, False, minutes, outage, hours, found.a_year)


def _hours(rule: AlarmRule, traffic: SessionTraffic, share: float) -> tuple[MinutesToAlarm, ...]:
    """An alarm that does not fire at the busiest hour is not played for the others."""

    def at(hour: int) -> MinutesToAlarm:
        return minutes_to_alarm(rule, SteadyFault(traffic, share, hour), _RUNS_AN_HOUR)

    busiest = max(range(HOURS), key=lambda hour: traffic.hours[hour])
    if at(busiest).never > _FULL:
        return (_NEVER,) * HOURS
    return tuple(map(at, range(HOURS)))
