"""The one change of this stack that makes an outage known soonest, with the command that makes it. Pure."""

from collections.abc import Iterator, Mapping

from responder.checks import commands
from responder.checks.alarms.fitting import changes, unfit
from responder.checks.commands import FixCommand
from responder.checks.detection.speed import COMPARED, SHARES, AlarmSpeed, AlarmsSeen, played
from responder.core.expected_alarms import AlarmOwner
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.detection.choice import AlarmParameters, rules_for
from responder.detection.minutes import LONGEST
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests
from responder.detection.traffic import SessionTraffic

# A change that saves a smaller part of the minutes is not worth a deployment.
_WORTH = 0.1
# Parameters of the corrected alarms.
_CORRECTED = ("MinimumFaults", "MinimumFailedChecks", "RateSeconds")


@frozen
class QuickerAlarm:
    """Minutes of the quickest alarm with all requests failing and with 30 %, None where none fires."""

    before: tuple[float | None, ...]
    after: tuple[float | None, ...]


@frozen
class DetectionChange:
    """What to deploy. `quicker`: None where the change makes no outage known sooner: it replaces alarms that
    can never fire, or makes them fire falsely less often."""

    parameters: Mapping[str, str]
    said: Text
    fix: FixCommand
    quicker: QuickerAlarm | None = None


def most_helpful(
    found: tuple[AlarmSpeed, ...], seen: AlarmsSeen, traffic: SessionTraffic, settings: Settings
) -> DetectionChange | None:
    """None where no change would help."""
    before = _quickest(found)
    wanted = rules_for(traffic.a_day)
    offered = (
        _quicker(parameters, before, _quickest((*found, played("", rule, traffic, whole=False))), settings)
        for parameters, rule in _switches(found, seen, wanted)
    )
    best = max(filter(None, offered), key=_saved, default=None)
    others = (*_replacing(found, seen, wanted, settings), *_fitting(seen, traffic, settings))
    return best or next(iter(others), None)


def _switches(
    found: tuple[AlarmSpeed, ...], seen: AlarmsSeen, wanted: AlarmParameters
) -> Iterator[tuple[dict[str, str], AlarmRule]]:
    """What is not deployed: the parameters that add it, and the quickest alarm that comes with it."""
    own = wanted.overrides
    there = {seen.expected[each.name].kind for each in found if each.name in seen.expected}
    if AlarmOwner.CORRECTED not in there:
        rule = AlarmRule(
            CountedRequests.RESULT, CountedFailures.SERVICE, wanted.rate_seconds // 60, wanted.minimum_faults
        )
        yield {"CorrectedAlarms": "on", **_of(own, *_CORRECTED)}, rule
    if CountedFailures.SURE not in {each.counts for each in found}:
        rule = AlarmRule(
            CountedRequests.BOTH,
            CountedFailures.SURE,
            wanted.sure_faults_seconds // 60,
            wanted.minimum_sure_faults,
        )
        yield {"OurAlarms": "on", **_of(own, "MinimumSureFaults", "SureFaultsSeconds")}, rule


def _replacing(
    found: tuple[AlarmSpeed, ...], seen: AlarmsSeen, wanted: AlarmParameters, settings: Settings
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
    parameters: dict[str, str],
    before: tuple[float | None, ...],
    after: tuple[float | None, ...],
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


def _total(minutes: tuple[float | None, ...]) -> float:
    return sum(LONGEST if each is None else each for each in minutes)


def _quickest(found: tuple[AlarmSpeed, ...]) -> tuple[float | None, ...]:
    """For each share that is compared."""
    those = [each.outage for each in found if len(each.outage) >= COMPARED]
    medians = ([each[place].median for each in those] for place in range(COMPARED))
    return tuple(min((one for one in each if one is not None), default=None) for each in medians)


def _shown(minutes: float | None) -> Text:
    if minutes is None:
        return text("check.detection.not_within", hours=LONGEST // 60)
    return text("check.detection.minutes", minutes=round(minutes, 1))


def _fitting(seen: AlarmsSeen, traffic: SessionTraffic, settings: Settings) -> Iterator[DetectionChange]:
    """Other parameters of alarms that are there."""
    alarms = {each.name: each for each in seen.deployed}
    parameters = {name: better for name, (_, better) in changes(alarms, traffic, settings).items()}
    for item in unfit(alarms, traffic, settings):
        yield DetectionChange(parameters, item.said, FixCommand(item.command, item.details, item.caution))
