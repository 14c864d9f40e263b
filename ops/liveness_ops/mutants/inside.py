"""Run inside a stage: makes the mutants, tries those that are wanted, and writes down what became of each."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.file_utils import (
    copy_also_copy_files,
    copy_src_dir,
    setup_source_paths,
    walk_mutatable_files,
)

from liveness_ops.mutants.trial import AT_ONCE, Trial, function_of

# Few examples of each property, none made smaller: that it fails is all that is asked.
_PYTEST = ("-x", "-q", "-s", "-p", "no:cacheprovider", "--tb=no", "--hypothesis-profile=mutants")
_PATIENCE_S = 300
_NOTICED = ("killed", "timeout")


def inside(but: Sequence[str], sample: int, seed: int) -> dict[str, object]:
    """How many there are, and of each that was tried its name, file, status, and diff unless a test noticed.

    `but`: names that are left out. `sample`: so many of the others by lot, 0 for all.
    """
    files = _made()
    wanted = [name for name in files if name not in set(but)]
    if 0 < sample < len(wanted):
        wanted = sorted(random.Random(seed).sample(wanted, sample))  # noqa: S311  # nosec B311 - a lot, no secret
    status = _tried(wanted)
    return {"of": len(files), "mutants": [_told(name, files[name], status[name]) for name in wanted]}


def _made() -> dict[str, Path]:
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(AT_ONCE)
    found = {}
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        found.update(dict.fromkeys(data.exit_code_by_key, path))
    return found


def _tried(names: Sequence[str]) -> dict[str, str]:
    tests, trial = tuple(config().pytest_add_cli_args_test_selection), Trial(names)
    stage = Path.cwd()
    os.chdir("mutants")
    pytest.main([*_PYTEST, *tests], plugins=[trial])
    if not trial.fine:
        raise SystemExit(1)
    status = trial.status
    again = [name for name in names if _doubtful(trial, name)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        looks = pool.map(lambda name: _looked_again(name, _tests(trial, name) or tests), again)
        status.update(zip(again, looks, strict=True))
    os.chdir(stage)
    return status


def _doubtful(trial: Trial, name: str) -> bool:
    """It ran out of time on a busy machine, or it changes what happens only while the code is imported."""
    status = trial.status[name]
    return status == "timeout" or (status != "killed" and function_of(name) in trial.at_import)


def _tests(trial: Trial, name: str) -> Iterable[str]:
    return () if function_of(name) in trial.at_import else trial.tests[function_of(name)]


def _looked_again(name: str, tests: Iterable[str]) -> str:
    """In a process of its own, which imports the code as mutated."""
    command = [sys.executable, "-m", "pytest", *_PYTEST, *tests]
    changed = os.environ | {"MUTANT_UNDER_TEST": name}
    nowhere = subprocess.DEVNULL
    try:
        ended = subprocess.run(  # noqa: S603  # our own arguments
            command, env=changed, stdout=nowhere, stderr=nowhere, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    return "killed" if ended.returncode else "survived"


def _told(name: str, path: Path, status: str) -> dict[str, str]:
    diff = "" if status in _NOTICED else get_diff_for_mutant(name, path=path)
    return {"name": name, "file": str(path), "status": status, "diff": diff}


if __name__ == "__main__":
    wanted = json.loads(Path("wanted.json").read_text(encoding="utf-8"))
    Path("found.json").write_text(json.dumps(inside(**wanted)), encoding="utf-8")
