"""Every worker of a layer gets the one copy of its content that the first worker has unpacked."""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rehearsal.drill.build import BUILT

FILES = {"python/module.py": "x = 1\n", "python/data.txt": "text"}


@pytest.fixture
def layers(patch: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    found = patch("lambda_.layers")
    monkeypatch.setattr(found, "KEPT", tmp_path / "kept")
    return found


def made(year: int = 2025) -> bytes:
    """The archive, of files written in that year."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, text in FILES.items():
            file.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), text)
    return archive.getvalue()


@pytest.fixture
def archive() -> bytes:
    return made()


def unpack(layers: Any, archive: bytes, target: Path) -> list[str]:
    """As a worker does it; the names that it checks."""
    with layers._open(str(target.parent / "layer_0.zip"), "wb") as file:
        file.write(archive)
    target.mkdir()
    with layers._zip_file(str(target.parent / "layer_0.zip")) as file:
        names: list[str] = file.namelist()
        file.extractall(str(target))
    assert {name: (target / name).read_text() for name in FILES} == FILES
    return names


def test_a_layer_is_unpacked_once_and_its_names_are_checked_once(
    layers: Any, archive: bytes, tmp_path: Path
) -> None:
    assert unpack(layers, archive, tmp_path / "first") == list(FILES)
    assert unpack(layers, archive, tmp_path / "second") == []
    assert (tmp_path / "first").resolve() == (tmp_path / "second").resolve()
    assert not (tmp_path / "layer_0.zip").exists()


def test_an_archive_of_the_same_files_shares_the_copy(layers: Any, archive: bytes, tmp_path: Path) -> None:
    unpack(layers, archive, tmp_path / "first")
    assert unpack(layers, made(2026), tmp_path / "second") == list(FILES)
    assert (tmp_path / "first").resolve() == (tmp_path / "second").resolve()


def test_a_copy_that_another_process_removed_is_unpacked_again(
    layers: Any, archive: bytes, tmp_path: Path
) -> None:
    unpack(layers, archive, tmp_path / "first")
    shutil.rmtree(tmp_path / "kept")
    assert unpack(layers, archive, tmp_path / "second") == list(FILES)


def test_an_archive_that_is_no_layer_is_read_from_its_file(
    layers: Any, archive: bytes, tmp_path: Path
) -> None:
    code = str(tmp_path / "code.zip")
    with layers._open(code, "wb") as file:
        file.write(archive)
    with layers._zip_file(code) as file:
        assert file.namelist() == list(FILES)


def test_what_is_unpacked_is_kept_beside_what_is_built(patch: Callable[[str], ModuleType]) -> None:
    assert BUILT.parent / "layers" == patch("lambda_.layers").KEPT
