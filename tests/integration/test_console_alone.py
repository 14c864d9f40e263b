"""The console installs alone: its wheel and the packages that it names are all that it needs."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from tests.rows import in_both_languages

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "ops" / "liveness_ops"
# Every module, also those that are imported inside a call; then each command, with its exit status.
RUN = """
import sys
sys.path[:0] = [sys.argv[1]]
from liveness_ops.cli import app
import importlib, json, pkgutil
import liveness_ops, responder.checks.report.page
from liveness_ops.checks.work import round_of
from responder.checks.model import Cadence
for part in ("backups", "checks", "console", "local", "people", "preflight"):
    folder = importlib.import_module(f"liveness_ops.{part}")
    for each in pkgutil.iter_modules(folder.__path__, f"liveness_ops.{part}."):
        importlib.import_module(each.name)
for each in Cadence:
    round_of(each)
found = {}
for line in sys.argv[2:]:
    try:
        app(line.split())
    except SystemExit as end:
        found[line] = end.code
print(json.dumps(found))
"""
COMMANDS = {
    "--help": 0,
    "approve --help": 0,
    "check --help": 0,
    "preflight --policy": 0,
    "drill": 2,
    "local up": 6,
}


@pytest.fixture(scope="module")
def packages() -> dict[str, Distribution]:
    """The distributions that the console names, and all that these need."""
    names, found = {"liveness-ops"}, dict[str, Distribution]()
    while names:
        name = names.pop()
        found[name] = distribution(name)
        asked = [each for each in found[name].requires or () if "extra ==" not in each]
        asked = [each for each in asked if "sys_platform" not in each and "platform_system" not in each]
        names |= {re.split(r"[ ;<>=!~(\[]", each)[0].lower() for each in asked} - set(found)
    del found["liveness-ops"]
    return found


@pytest.fixture(scope="module")
def site(packages: dict[str, Distribution], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `uv tool install` leaves: the wheel, made of what is in git, and these distributions alone."""
    folder = tmp_path_factory.mktemp("installed")
    for part in ("ops/liveness_ops", "layers/responder", "functions"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for file in ("LICENSE", "template.yaml"):
        shutil.copyfile(ROOT / file, folder / file)
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=folder / "ops" / "liveness_ops", check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as packed:
        packed.extractall(folder / "site")
    for one in packages.values():
        for top in {each.parts[0] for each in one.files or ()} - {".."}:
            if not (folder / "site" / top).exists():
                (folder / "site" / top).symlink_to(str(one.locate_file(top)))
    return folder / "site"


def test_it_weighs_less_than_60_mb(site: Path, packages: dict[str, Distribution]) -> None:
    files = [Path(str(each.locate())) for one in packages.values() for each in one.files or ()]
    own = [each for each in site.rglob("*") if each.is_file()]
    assert sum(each.stat().st_size for each in {*files, *own} if each.exists()) < 60_000_000


def test_it_runs_without_a_checkout(site: Path, tmp_path: Path) -> None:
    asked = [sys.executable, "-I", "-S", "-c", RUN, str(site), *COMMANDS]
    done = subprocess.run(asked, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == COMMANDS, done.stderr


@in_both_languages
def test_its_texts_are_compiled_for_the_wheel(site: Path, language: str) -> None:
    locale = site / "responder" / "messages" / "locale"
    names = {each.stem for each in locale.glob("*.po")}
    assert names
    assert {each.stem for each in (locale / language / "LC_MESSAGES").glob("*.mo")} == names
