"""The console installs alone: its wheel and the packages that the project names are all that it needs."""

import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
# On a machine without a checkout: packages that are not named for the console cannot be imported.
RUN = """
import sys
sys.path[:0] = [sys.argv[1]]
allowed = set(sys.argv[2].split(","))
class Named:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if not top.startswith("_") and top not in allowed | set(sys.stdlib_module_names):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Named())
sys.path.append(sys.argv[3])
sys.argv[1:] = sys.argv[4:]
from liveness_ops.cli import app
import importlib, pkgutil
import liveness_ops, responder.checks.report.page
from liveness_ops.checks.work import round_of
from responder.checks.model import Cadence
for part in ("backups", "checks", "console", "people", "preflight"):
    folder = importlib.import_module(f"liveness_ops.{part}")
    for each in pkgutil.iter_modules(folder.__path__, f"liveness_ops.{part}."):
        importlib.import_module(each.name)
for each in Cadence:
    round_of(each)
app()
"""


def needed(names: set[str]) -> dict[str, Distribution]:
    """The named distributions and all that they need."""
    found: dict[str, Distribution] = {}
    while names:
        name = names.pop()
        found[name] = distribution(name)
        asked = [each for each in found[name].requires or () if "extra ==" not in each]
        asked = [each for each in asked if "sys_platform" not in each and "platform_system" not in each]
        names |= {re.split(r"[ ;<>=!~(\[]", each)[0].lower() for each in asked} - set(found)
    return found


@pytest.fixture(scope="module")
def packages() -> dict[str, Distribution]:
    asked = distribution("liveness-responder").requires or []
    return needed({re.split(r"[<>=]", each)[0] for each in asked})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as packed:
        packed.extractall(folder / "installed")
    return folder / "installed"


def test_it_weighs_less_than_60_mb(wheel: Path, packages: dict[str, Distribution]) -> None:
    files = [Path(str(each.locate())) for one in packages.values() for each in one.files or ()]
    own = [each for each in wheel.rglob("*") if each.is_file()]
    assert sum(each.stat().st_size for each in (*files, *own) if each.exists()) < 60_000_000


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["--help"], 0),
        (["approve", "--help"], 0),
        (["check", "--help"], 0),
        (["preflight", "--policy"], 0),
        (["drill"], 2),
    ],
    ids=str,
)
def test_it_runs_without_a_checkout(
    command: list[str], status: int, wheel: Path, packages: dict[str, Distribution], tmp_path: Path
) -> None:
    tops = {each.parts[0].removesuffix(".py") for one in packages.values() for each in one.files or ()}
    ours = {"liveness_ops", "responder", "alarms", "checks"}
    allowed = {each for each in tops if each.isidentifier()} | ours | {"six"}
    site = str(distribution("typer").locate_file("."))
    asked = [sys.executable, "-I", "-S", "-c", RUN, str(wheel), ",".join(sorted(allowed)), site, *command]
    done = subprocess.run(asked, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == status, done.stderr
