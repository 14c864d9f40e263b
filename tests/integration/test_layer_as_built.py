"""The layer as `sam build` makes it: small, with its bytecode, and able to call every service."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.drill.build import BUILT, build

FOLDER = Path(__file__).parents[2] / "layers" / "responder"
# On Lambda this folder is all there is.
CLIENTS = """
import sys
sys.path.insert(0, sys.argv[1])
from responder.aws.boto import Boto
Boto("eu-west-1").ready(sys.argv[2:])
"""

PAGE = """
import sys
sys.path.insert(0, sys.argv[1])
from datetime import UTC, date, datetime
from responder.checks.model import Cadence, CheckReport
from responder.checks.report.page import page
import markupsafe
assert markupsafe.__file__.startswith(sys.argv[1])
print(page(CheckReport(Cadence.DAILY, datetime.now(UTC), date.today(), "<r>", "a", ()), "en"))
"""


@pytest.fixture(scope="module")
def built() -> Path:
    build()
    return BUILT / "ResponderLayer" / "python"


def test_without_bytecode_it_has_at_most_13_mb(built: Path) -> None:
    files = [each for each in built.rglob("*") if each.is_file() and each.suffix != ".pyc"]
    assert sum(each.stat().st_size for each in files) <= 13_000_000


def test_each_module_brings_its_bytecode(built: Path) -> None:
    modules = list((built / "responder").rglob("*.py"))
    cached = [each.parent / "__pycache__" / f"{each.stem}.cpython-313.pyc" for each in modules]
    assert len(modules) > 100
    assert [each for each in cached if not each.exists()] == []


def test_it_makes_a_client_of_every_service_that_is_called(built: Path) -> None:
    makefile = (FOLDER / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    services = re.findall(r"^SERVICES := (.*)$", makefile, re.MULTILINE)[0].split()
    subprocess.run([sys.executable, "-I", "-S", "-c", CLIENTS, str(built), *services], check=True)


def test_it_makes_a_page_on_any_processor(built: Path) -> None:
    assert [each.name for each in built.rglob("*") if each.suffix in (".so", ".pyd", ".dylib")] == []
    command = [sys.executable, "-I", "-S", "-c", PAGE, str(built)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "&lt;r&gt;" in done.stdout
    assert "default-src 'none'" in done.stdout
