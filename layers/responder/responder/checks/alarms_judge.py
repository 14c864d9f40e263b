"""Every finding about one alarm. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from responder.check import Item, Light
from responder.checks import alarms_command as command
from responder.checks.alarms_deployed import Deployed
from responder.checks.alarms_drift import differences, told
from responder.checks.alarms_expected import Expected, Kind
from responder.checks.alarms_firing import firing
from responder.checks.alarms_heard import disabled, muted, unheard
from responder.checks.alarms_range import Known
from responder.checks.alarms_read import Rule
from responder.mode import Severity
from responder.settings import Settings
from responder.text import text

EXTRA = "check.alarms.extra"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read. `rules` is None where it could not be, so that nobody is called deaf for it."""

    settings: Settings
    alarms: Mapping[str, Deployed]
    known: Known
    corrections: Mapping[str, Expected] = field(default_factory=dict)
    mutes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] | None = None

    def corrected(self, expected: Expected) -> bool:
        """The corrected version of an alarm stands beside it."""
        return expected.correctable and expected.corrected in self.alarms


def judged(expected: Expected, seen: Seen) -> tuple[Item, ...]:
    """Green items are notes: nothing is to be done. None at all: it is as it should be."""
    found = seen.alarms.get(expected.name)
    if found is None:
        return _missing(expected, seen)
    settings, chapter = seen.settings, expected.chapter
    items = (
        *_drifted(expected, found, seen),
        firing(expected, found.watch, seen.known, seen.corrected(expected), _mend(expected, found, settings)),
        disabled(found, settings, chapter),
        muted(found, seen.mutes, settings, chapter),
        None if seen.rules is None else unheard(found, seen.rules, settings, chapter),
        _extra(expected),
    )
    return tuple(each for each in items if each is not None)


def _mend(expected: Expected, found: Deployed, settings: Settings) -> str:
    """What was broken from the start has a corrected version; anything else was broken by a change."""
    if expected.correctable:
        return command.deploy(settings, CorrectedAlarms="on")
    return _restore(expected, found, settings)


def _missing(expected: Expected, seen: Seen) -> tuple[Item, ...]:
    if expected.kind is Kind.CORRECTED:
        return ()
    if expected.kind is Kind.OURS:
        mend = command.deploy(seen.settings, OurAlarms="on")
    else:
        mend = command.put(expected.name, expected.watch, seen.settings)
    stands = seen.corrected(expected)
    red = expected.severity is Severity.HIGH and not stands
    beside = text("check.alarms.stands", corrected=expected.corrected)
    said = text("check.alarms.missing", alarm=expected.name)
    return (
        Item(Light.RED if red else Light.AMBER, said, (beside,) if stands else (), expected.chapter, mend),
    )


def _drifted(expected: Expected, found: Deployed, seen: Seen) -> Iterator[Item]:
    """Whoever gave a broken alarm the corrected one's condition has mended it."""
    wrong = differences(expected.watch, found.watch)
    better = seen.corrections.get(expected.name)
    if not wrong or (better and not differences(better.watch, found.watch)):
        return
    mend = _restore(expected, found, seen.settings)
    said = text("check.alarms.drifted", alarm=expected.name, count=len(wrong))
    yield Item(Light.AMBER, said, tuple(told(each) for each in wrong), expected.chapter, mend)


def _restore(expected: Expected, found: Deployed, settings: Settings) -> str:
    """Nothing puts a condition back that was broken from the start; metric math is the template's."""
    if expected.correctable or expected.watch.queries or expected.watch.threshold is None:
        return ""
    return command.put(expected.name, expected.watch, settings, found.raw)


def _extra(expected: Expected) -> Item | None:
    if expected.kind is not Kind.EXTRA:
        return None
    return Item(Light.GREEN, text(EXTRA, alarm=expected.name), (), expected.chapter)
