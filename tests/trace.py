"""How many files and functions one event goes through: `make trace`. It measures what a reader has to hold.

Counted while one test of each story runs: the functions of the library and of `functions/` that were entered,
and the files they are in.
"""

import sys
from pathlib import Path
from types import CodeType

import pytest

ROOT = Path(__file__).parents[1]
CODE = (str(ROOT / "layers"), str(ROOT / "functions"))
STORIES = {
    "one alarm event": (
        "respond/test_acting.py",
        "test_faults_of_the_service_take_users_off_the_check_on_all_four_functions",
    ),
    "one approval in Slack": (
        "slack_inbound/test_clicks.py",
        "test_an_approval_is_carried_out_by_the_alarm_s_own_function",
    ),
    "one scheduled check, its questions aside": (
        "checks/test_check_any.py",
        "test_any_findings_are_filed_and_reported",
    ),
}
TOOL = sys.monitoring.PROFILER_ID


def traced(file: str, test: str) -> tuple[set[str], int]:
    """Files that were entered while the test's own function ran, and how many functions of them.

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

    where = f"{ROOT / 'tests' / 'unit' / file}::{test}"
    try:
        status = pytest.main(
            ["-q", "--no-header", "-p", "no:xdist", "-p", "no:cacheprovider", where], [Plugin()]
        )
    finally:
        sys.monitoring.free_tool_id(TOOL)
    if status:
        raise RuntimeError(test)
    ours = {code for code in seen if code.co_filename.startswith(CODE)}
    functions = {code for code in ours if not code.co_name.startswith("<")}
    return {code.co_filename for code in functions}, len(functions)


def main() -> None:
    """One line for each story; with `-v` the files."""
    for name, test in STORIES.items():
        files, functions = traced(*test)
        print(f"{name}: {len(files)} files, {functions} functions")  # noqa: T201
        if "-v" in sys.argv:
            print(*(f"  {file.removeprefix(str(ROOT))}" for file in sorted(files)), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
