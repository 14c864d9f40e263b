"""The one change of this stack that makes an outage known soonest, with the command that makes it. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from responder.checks import commands
from responder.checks.alarms.fitting import changes, unfit
from responder.checks.commands import FixCommand
from responder.checks.detection.speed import COMPARED, SHARES, AlarmSpeed, AlarmsSeen, Speeds, played
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.expected_alarms import AlarmOwner
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.detection.choice import AlarmParameters, suited
from responder.detection.minutes import LONGEST
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests
from responder.detection.traffic import SessionTraffic

# A change that saves a smaller part of the minutes is not worth a deployment.
_WORTH = 0.1
# Parameters of the corrected alarms.
_CORRECTED = ("MinimumFaults", "MinimumFailedChecks", "RateSeconds")
# Those of the alarm on sure faults.
_SURE = ("MinimumSureFaults", "SureFaultsSeconds")


type Minutes = tuple[float | None, ...]


@frozen
class QuickerAlarm:
    """Minutes of the quickest alarm with all requests failing and with 30 %, None where none fires."""

    before: Minutes
    after: Minutes


@frozen
class DetectionChange:
    """What to deploy. `quicker`: None where the change makes no outage known sooner: it replaces alarms that
    can never fire, or makes them fire falsely less often."""

    parameters: Mapping[str, str]
    said: Text
    fix: FixCommand
    quicker: QuickerAlarm | None = None


@frozen
class _Offer:
    """Parameters, the alarms that stay as they are, and the quickest that the parameters make."""

    parameters: Mapping[str, str]
    kept: Speeds
    made: tuple[AlarmRule, ...]


def most_helpful(
    found: Speeds, seen: AlarmsSeen, traffic: SessionTraffic, settings: Settings
) -> DetectionChange | None:
    """The change that helps most; None where none would help."""
    wanted = suited(traffic.a_day)
    offers = (*_switches(found, seen, wanted), *_refitted(found, seen, traffic, settings))
    others = (*_replacing(found, seen, wanted, settings), *_fitting(seen, traffic, settings))
    return _best(offers, found, traffic, settings) or next(iter(others), None)


def quickest_addition(
    found: Speeds, seen: AlarmsSeen, traffic: SessionTraffic, settings: Settings
) -> DetectionChange | None:
    """The most helpful change among alarms that are not deployed, only if one makes an outage known
    sooner."""
    return _best(_switches(found, seen, suited(traffic.a_day)), found, traffic, settings)


def _best(
    offers: Iterable[_Offer], found: Speeds, traffic: SessionTraffic, settings: Settings
) -> DetectionChange | None:
    before = _quickest(found)

    def after(offer: _Offer) -> Minutes:
        return _quickest((*offer.kept, *(played("", rule, traffic, whole=False) for rule in offer.made)))

    quicker = (_quicker(offer.parameters, before, after(offer), settings) for offer in offers)
    return max(filter(None, quicker), key=_saved, default=None)


def _switches(found: Speeds, seen: AlarmsSeen, wanted: AlarmParameters) -> Iterator[_Offer]:
    """What is not deployed."""
    own = wanted.overrides
    there = {seen.expected[each.name].kind for each in found if each.name in seen.expected}
    if AlarmOwner.CORRECTED not in there:
        yield _Offer({"CorrectedAlarms": "on", **_of(own, *_CORRECTED)}, found, (_rate(wanted),))
    if CountedFailures.SURE not in {each.counts for each in found}:
        yield _Offer({"OurAlarms": "on", **_of(own, *_SURE)}, found, (_sure(wanted),))


def _refitted(
    found: Speeds, seen: AlarmsSeen, traffic: SessionTraffic, settings: Settings
) -> Iterator[_Offer]:
    """Other parameters of what is deployed."""
    wanted, parameters = suited(traffic.a_day), _better(seen, traffic, settings)
    parts = ((_sure(wanted), _SURE), (_rate(wanted), _CORRECTED))
    made = tuple(rule for rule, names in parts if parameters.keys() & set(names))
    kept = tuple(
        each for each in found if not any(_ours(each, seen) and each.counts is one.failures for one in made)
    )
    if len(kept) < len(found):
        yield _Offer(parameters, kept, made)


def _ours(one: AlarmSpeed, seen: AlarmsSeen) -> bool:
    known = seen.expected.get(one.name)
    return known is not None and known.kind in (AlarmOwner.OURS, AlarmOwner.CORRECTED)


def _rate(wanted: AlarmParameters) -> AlarmRule:
    minutes = wanted.rate_seconds // 60
    return AlarmRule(CountedRequests.RESULT, CountedFailures.SERVICE, minutes, wanted.minimum_faults)


def _sure(wanted: AlarmParameters) -> AlarmRule:
    minutes = wanted.sure_faults_seconds // 60
    return AlarmRule(CountedRequests.BOTH, CountedFailures.SURE, minutes, wanted.minimum_sure_faults)


def _replacing(
    found: Speeds, seen: AlarmsSeen, wanted: AlarmParameters, settings: Settings
) -> Iterator[DetectionChange]:
    """Corrected versions of alarms that can never fire."""
    there = {each.name for each in found}
    known = [seen.expected[each.name] for each in found if each.never and each.name in seen.expected]
    dead = [each.name for each in known if each.correctable and each.corrected not in there]
    if dead:
        parameters = {"CorrectedAlarms": "on", **_of(wanted.overrides, *_CORRECTED)}
        said = text("check.detection.replace", parameters=_named(parameters), names=", ".join(dead))
        yield DetectionChange(parameters, said, commands.deploy(settings, **parameters))


def _named(parameters: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in parameters.items())


def _of(overrides: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: overrides[name] for name in names}


def _quicker(
    parameters: Mapping[str, str],
    before: Minutes,
    after: Minutes,
    settings: Settings,
) -> DetectionChange | None:
    (was, was_part), (then, then_part) = map(_shown, before), map(_shown, after)
    said = text(
        "check.detection.change",
        parameters=_named(parameters),
        before=was,
        after=then,
        before_part=was_part,
        after_part=then_part,
        percent=round(SHARES[1] * 100),
    )
    quicker = QuickerAlarm(before, after)
    change = DetectionChange(parameters, said, commands.deploy(settings, **parameters), quicker)
    return change if _saved(change) >= _WORTH else None


def _saved(change: DetectionChange) -> float:
    """Share of the minutes (0-1)."""
    if change.quicker is None:
        return 0.0
    was, then = _total(change.quicker.before), _total(change.quicker.after)
    return (was - then) / was if was else 0.0


def _total(minutes: Minutes) -> float:
    return sum(LONGEST if each is None else each for each in minutes)


def _quickest(found: Speeds) -> Minutes:
    """The quickest alarm for each share that is compared."""
    those = [each.outage for each in found if len(each.outage) >= COMPARED]
    medians = ([each[place].median for each in those] for place in range(COMPARED))
    return tuple(min((one for one in each if one is not None), default=None) for each in medians)


def _shown(minutes: float | None) -> Text:
    if minutes is None:
        return text("check.detection.not_within", hours=LONGEST // 60)
    return text("check.detection.minutes", minutes=round(minutes, 1))


def _by_name(seen: AlarmsSeen) -> dict[str, DeployedAlarm]:
    return {each.name: each for each in seen.deployed}


def _better(seen: AlarmsSeen, traffic: SessionTraffic, settings: Settings) -> dict[str, str]:
    """Parameters that fit the traffic, where those of the deployed alarms do not."""
    return {name: better for name, (_, better) in changes(_by_name(seen), traffic, settings).items()}


def _fitting(seen: AlarmsSeen, traffic: SessionTraffic, settings: Settings) -> Iterator[DetectionChange]:
    """Other parameters of alarms that are there."""
    parameters = _better(seen, traffic, settings)
    for item in unfit(_by_name(seen), traffic, settings):
        yield DetectionChange(parameters, item.said, FixCommand(item.command, item.details, item.caution))
