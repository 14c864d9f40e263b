"""Every finding about one alarm. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from responder.checks import commands
from responder.checks.alarms.can_fire import firing, never
from responder.checks.alarms.drift import differences, told
from responder.checks.alarms.event_rules import EventRule
from responder.checks.alarms.mute_rules import Mute, muted
from responder.checks.alarms.notification_path import disabled, unheard, untested
from responder.checks.commands import FixCommand
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.expected_alarms import AlarmOwner, ExpectedAlarm
from responder.core.metric_ranges import KnownLimits
from responder.core.modes import Severity
from responder.core.settings import Settings
from responder.core.text import Text, text

# Differences by which an alarm does not measure what it should.
_BLIND = frozenset(("kind", "metric", "dimensions", "unit", "queries"))


@dataclass(frozen=True, slots=True)
class AlarmsRead:
    """What was read. `rules` is None where it could not be, so that nobody is called deaf for it.

    `made`: of these kinds this stack has made at least one alarm, so its parameter is on.
    """

    settings: Settings
    alarms: Mapping[str, DeployedAlarm]
    known: KnownLimits
    corrections: Mapping[str, ExpectedAlarm] = field(default_factory=dict)
    made: frozenset[AlarmOwner] = frozenset()
    mutes: Mapping[str, tuple[Mute, ...]] = field(default_factory=dict)
    rules: tuple[EventRule, ...] | None = None

    def corrected(self, expected: ExpectedAlarm) -> bool:
        """The corrected version of an alarm stands beside it, and can go off."""
        better, found = self.corrections.get(expected.name), self.alarms.get(expected.corrected)
        return better is not None and found is not None and not never(better, found.watch, self.known)


def judged(expected: ExpectedAlarm, seen: AlarmsRead) -> tuple[CheckItem, ...]:
    """Green items are notes: nothing is to be done. None at all: it is as it should be."""
    found = seen.alarms.get(expected.name)
    if found is None:
        return _missing(expected, seen)
    settings, chapter = seen.settings, expected.chapter
    high = expected.severity is Severity.HIGH
    items = (
        *_drifted(expected, found, seen),
        firing(expected, found.watch, seen.known, seen.corrected(expected), _mend(expected, found, seen)),
        untested(found, settings, chapter, high=high),
        disabled(found, settings, chapter, high=high),
        muted(found, seen.mutes.get(found.name, ()), settings, chapter, high=high),
        None if seen.rules is None else unheard(found, seen.rules, settings, chapter),
        _extra(expected),
    )
    return tuple(each for each in items if each is not None)


def _mend(expected: ExpectedAlarm, found: DeployedAlarm, seen: AlarmsRead) -> FixCommand:
    """What was broken from the start has a corrected version; anything else was broken by a change."""
    if not expected.correctable:
        return _restore(expected, found, seen.settings)
    if expected.corrected in seen.alarms:
        return FixCommand("")  # the corrected alarm has a finding of its own
    if AlarmOwner.CORRECTED in seen.made:
        gone = text("check.alarms.missing", alarm=expected.corrected)
        return FixCommand("", (gone, _deleted(seen)))
    return commands.deploy(seen.settings, CorrectedAlarms="on")


def _missing(expected: ExpectedAlarm, seen: AlarmsRead) -> tuple[CheckItem, ...]:
    if expected.kind is AlarmOwner.CORRECTED:
        return ()  # told of the alarm that it would correct
    stands = seen.corrected(expected)
    notes = (text("check.alarms.stands", corrected=expected.corrected),) if stands else ()
    mend = FixCommand(_again(expected, seen))
    off = expected.kind is AlarmOwner.OURS and AlarmOwner.OURS not in seen.made
    if off:
        mend = commands.deploy(seen.settings, OurAlarms="on")
    elif expected.kind is AlarmOwner.OURS:
        notes = (_deleted(seen),)
    red = expected.severity is Severity.HIGH and not stands and not off
    said = text("check.alarms.missing", alarm=expected.name)
    light, details = CheckStatus.RED if red else CheckStatus.AMBER, (*notes, *mend.details)
    return (
        CheckItem(
            Checked.ALARM_EXISTS.of(expected.name),
            light,
            said,
            details,
            expected.chapter,
            mend.command,
            caution=mend.caution,
        ),
    )


def _deleted(seen: AlarmsRead) -> Text:
    return text("check.alarms.deploy_again", stack=seen.settings.stack)


def _again(expected: ExpectedAlarm, seen: AlarmsRead) -> str:
    """Metric math, and what is a parameter, is the template's."""
    if expected.watch.queries or expected.watch.threshold is None:
        return ""
    return commands.put(expected.name, expected.watch, seen.settings)


def _drifted(expected: ExpectedAlarm, found: DeployedAlarm, seen: AlarmsRead) -> Iterator[CheckItem]:
    """Whoever gave a broken alarm the corrected one's condition has mended it."""
    wrong = differences(expected.watch, found.watch)
    better = seen.corrections.get(expected.name)
    if not wrong or (better and not differences(better.watch, found.watch)):
        return
    mend = _restore(expected, found, seen.settings)
    said = text("check.alarms.drifted", alarm=expected.name, count=len(wrong))
    # On another metric it never hears of what it is for: as good as deleted.
    dead = expected.severity is Severity.HIGH and any(field in _BLIND for field, *_ in wrong)
    light = CheckStatus.RED if dead else CheckStatus.AMBER
    details = (*(told(each) for each in wrong), *mend.details)
    yield CheckItem(
        Checked.ALARM_DEFINITION.of(expected.name),
        light,
        said,
        details,
        expected.chapter,
        mend.command,
        caution=mend.caution,
    )


def _restore(expected: ExpectedAlarm, found: DeployedAlarm, settings: Settings) -> FixCommand:
    """Nothing puts a condition back that was broken from the start, or makes another kind of alarm one."""
    if expected.correctable or expected.watch.queries or expected.watch.threshold is None:
        return FixCommand("")
    if not found.watch.measures:
        return FixCommand("")
    command = commands.put(expected.name, expected.watch, settings, found.raw)
    return FixCommand(command, (), text("check.alarms.caution.put", alarm=expected.name))


def _extra(expected: ExpectedAlarm) -> CheckItem | None:
    if expected.kind is not AlarmOwner.EXTRA:
        return None
    said = text("check.alarms.extra", alarm=expected.name)
    return CheckItem(
        Checked.ALARM_EXTRA.of(expected.name), CheckStatus.GREEN, said, (), expected.chapter, note=True
    )
