"""How many files and functions one event goes through: `make trace`. It measures what a reader has to know.

Counted while one test of each story runs: the functions of the library and of `functions/` that were entered,
and the files they are in.
"""

import sys
from multiprocessing import get_context
from pathlib import Path
from types import CodeType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
CODE = (str(ROOT / "layers"), str(ROOT / "functions"))


class Trace(NamedTuple):
    """How much of the library and of `functions/` was entered."""

    files: int
    functions: int
    lambdas: int


class Story(NamedTuple):
    """A test, and the most that it may enter. A commit that needs more raises its numbers and says why."""

    file: str
    test: str
    most: Trace


STORIES = {
    "one alarm event": Story(
        "respond/test_acting.py",
        "test_faults_of_the_service_take_users_off_the_check_on_all_four_functions",
        Trace(92, 700, 36),
    ),
    "one approval in Slack": Story(
        "slack_inbound/test_clicks.py",
        "test_an_approval_is_carried_out_by_the_alarm_s_own_function",
        Trace(108, 850, 51),
    ),
    "one scheduled check, its questions aside": Story(
        "checks/test_check_any.py",
        "test_any_findings_are_filed_and_reported",
        Trace(41, 250, 9),
    ),
}
TOOL = sys.monitoring.PROFILER_ID


def traced(story: Story) -> tuple[Trace, set[str]]:
    """How much was entered while the test's own function ran, and which files.

    Raises:
        RuntimeError: the test did not pass, so it says nothing.
    """
    seen: set[CodeType] = set()
    sys.monitoring.use_tool_id(TOOL, "trace")
    sys.monitoring.register_callback(TOOL, sys.monitoring.events.PY_START, lambda code, _: seen.add(code))

    class Plugin:
        @pytest.hookimpl(wrapper=True)
        def pytest_pyfunc_call(self) -> object:
            sys.monitoring.set_events(TOOL, sys.monitoring.events.PY_START)
            try:
                return (yield)
            finally:
                sys.monitoring.set_events(TOOL, 0)

    where = f"{ROOT / 'tests' / 'unit' / story.file}::{story.test}"
    try:
        status = pytest.main(
            ["-q", "--no-header", "-p", "no:xdist", "-p", "no:cacheprovider", where], [Plugin()]
        )
    finally:
        sys.monitoring.free_tool_id(TOOL)
    if status:
        raise RuntimeError(story.test)
    ours = {code for code in seen if code.co_filename.startswith(CODE)}
    functions = {code for code in ours if not code.co_name.startswith("<")}
    files = {code.co_filename for code in functions}
    lambdas = sum(code.co_name == "<lambda>" for code in ours)
    return Trace(len(files), len(functions), lambdas), files


def main() -> int:
    """One line for each story; with `-v` the files. Exit status 1 where one enters more than it may."""
    wrong = False
    # Each in a process of its own: what one has cached, another one would not enter.
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        traces = pool.map(traced, STORIES.values(), chunksize=1)
    for (name, story), (found, files) in zip(STORIES.items(), traces, strict=True):
        pairs = zip(found, story.most, Trace._fields, strict=True)
        print(f"{name}: {', '.join(f'{now} of {most} {what}' for now, most, what in pairs)}")  # noqa: T201
        if "-v" in sys.argv:
            print(*(f"  {file.removeprefix(str(ROOT))}" for file in sorted(files)), sep="\n")  # noqa: T201
        wrong |= any(now > most for now, most in zip(found, story.most, strict=True))
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
