"""Hold how an incident went on against what the scenario expects. Pure."""

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from liveness_ops.drill import state
from liveness_ops.drill.check import refusals
from liveness_ops.drill.course import Course
from liveness_ops.drill.follow import Follow, Message, Told
from liveness_ops.drill.state import State
from liveness_ops.drill.taken import Taken

_REPORTS = {"report.ja.html", "report.en.html", "report.json"}
# Minutes by which a message may be late: what was ordered has to be seen first.
_LATE = 1.0


def differences(follow: Follow, taken: Taken, before: State, *, denied: bool) -> list[str]:
    """One line for each difference; `before` are the settings before the alarm."""
    course = taken.course
    if course is None:
        return ["nobody followed it"]
    return [
        *_runs(follow, course),
        *_told(follow, course),
        *_left(follow.left, before, taken.after),
        *_ended(follow, course, taken),
        *refusals(taken, denied=denied),
    ]


def _runs(follow: Follow, course: Course) -> Iterator[str]:
    yield from (f"execution {run.name}: {run.error}" for run in course.runs if run.error)
    found = tuple(run.name.rpartition("-")[2] for run in course.runs)
    if found != follow.runs:
        yield f"executions {found}, not {follow.runs}"


def _told(follow: Follow, course: Course) -> Iterator[str]:
    for wanted, found in zip_longest(follow.told, course.messages):
        if wanted is None or found is None or found.name != wanted.name or not _in_time(wanted, found):
            yield f"told {_shown(found)}, not {_shown(wanted)}"
        elif (holds := _in_language(wanted, found)) not in json.dumps(found.body, ensure_ascii=False):
            yield f"{_shown(found)} does not hold {holds!r}"


def _in_language(wanted: Told, found: Message) -> str:
    return wanted.holds.replace("{language}", str(found.body.get("language")))


def _in_time(wanted: Told, found: Message) -> bool:
    return wanted.minute - 0.1 <= found.minute <= wanted.minute + _LATE


def _shown(message: Told | Message | None) -> str:
    return f"{message.name} at {message.minute:g} min" if message else "nothing"


def _left(wanted: Mapping[str, str], before: State, after: State) -> Iterator[str]:
    found = {setting: now for setting, (_, now) in state.differences(before, after).items()}
    for setting in sorted(found.keys() | wanted.keys()):
        if found.get(setting) != wanted.get(setting):
            as_wanted = wanted.get(setting, before.get(setting))
            yield f"at the end {setting} is {after.get(setting)!r}, not {as_wanted!r}"


def _ended(follow: Follow, course: Course, taken: Taken) -> Iterator[str]:
    rows = (row for row in taken.rows if row.get("incident", {}).get("S") == course.incident)
    closed = any(row.get("closed", {}).get("BOOL") for row in rows)
    if closed != follow.closed:
        yield f"the incident is {'closed' if closed else 'open'}"
    wanted = _REPORTS if follow.closed else set()
    if set(taken.files) != wanted:
        yield f"reports in the bucket: {sorted(taken.files)}, not {sorted(wanted)}"
