"""All scenarios, by alarm; those of one alarm in the order of the files in this folder."""

from functools import cache
from pathlib import Path

from rehearsal.drill.reading import load, read
from rehearsal.drill.scenario import Scenario

FOLDER = Path(__file__).with_name("scenarios")
_NAMES = FOLDER / "names.yaml"
# Chosen as an alarm is: every scenario, also those on request.
ALL = "all"


@cache
def _all() -> tuple[Scenario, ...]:
    names = load(_NAMES)
    files = sorted(path for path in FOLDER.glob("*.yaml") if path != _NAMES)
    return tuple(sorted((each for path in files for each in read(path, names)), key=lambda each: each.alarm))


def scenarios(alarm: str = "", name: str = "") -> tuple[Scenario, ...]:
    """Those of an alarm or of a part, of this name; without an alarm of all, but for those that are played
    `alone`."""
    chosen = (one for one in _all() if (alarm and alarm == one.part) or not one.alone)
    return tuple(one for one in chosen if alarm in ("", one.alarm, one.part) and name in ("", one.name))


def to_play(alarm: str = "", name: str = "") -> tuple[Scenario, ...]:
    """What a drill plays: as `scenarios`, but where nothing is chosen without those on request; those, too,
    for ALL."""
    if alarm or name:
        return scenarios("" if alarm == ALL else alarm, name)
    return tuple(one for one in scenarios() if not one.on_request)


def alarms() -> tuple[str, ...]:
    """The slugs that can be drilled."""
    return tuple(dict.fromkeys(one.alarm for one in scenarios()))


def parts() -> tuple[str, ...]:
    """What else scenarios are about; chosen as an alarm is."""
    return tuple(dict.fromkeys(one.part for one in _all() if one.part))
