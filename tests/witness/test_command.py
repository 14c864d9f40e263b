"""`make witness` where it cannot run: one line, and nothing else."""

import os
import socket
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from liveness_ops.template_tools.load import ROOT
from tests.witness import compare, usable
from tests.witness.compare import Named


def refusal(*options: str, **environment: str) -> str:
    """The one line with which it stops."""
    command = [sys.executable, "-m", "tests.witness", *options]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    return done.stderr.strip()


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert refusal("--port", port) == (
            f"Port {port} of 127.0.0.1 cannot be used (Address already in use): PORT=… names another, "
            "none lets the system choose"
        )


@pytest.mark.parametrize("port", ["99999", "-1", "abc"])
def test_what_is_no_port_is_one_line(port: str) -> None:
    with pytest.raises(usable.NotUsable, match=rf"^{port} is no port: PORT is a number up to 65535; 0 lets"):
        usable.check(port)


def test_an_older_moto_is_one_line_even_where_it_cannot_be_imported(tmp_path: Path) -> None:
    (tmp_path / "moto.py").write_text("raise ImportError('no such backend')")
    described = tmp_path / "moto-5.2.4.dist-info" / "METADATA"
    described.parent.mkdir()
    described.write_text("Metadata-Version: 2.1\nName: moto\nVersion: 5.2.4\n")
    assert refusal(PYTHONPATH=str(tmp_path)) == (
        "moto 5.2.4 is installed, and 5.2.5 or newer is needed: make setup"
    )


def test_no_moto_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(usable, "version", version)
    with pytest.raises(usable.NotUsable, match=r"^moto none is installed, and 5\.2\.5 or newer is needed"):
        usable.check("0")


def act(**more: object) -> dict[str, object]:
    return {
        "step": "response", "answer": "", "causes": [], "proposals": [], "changes": {}, "calls": {},
        "shown": [], **more,
    }  # fmt: skip


def test_a_difference_names_both_answers() -> None:
    local, moto = act(causes=["cause.internal"], calls={"s3:GetObject": 2}), act(calls={"s3:GetObject": 1})
    assert compare.differences("a/b", [local], [moto]) == [
        "a/b response: causes: cause.internal | -",
        "a/b response: calls s3:GetObject: 2 | 1",
    ]


def test_only_what_is_named_is_explained_and_a_name_for_nothing_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = Named(r"a/b response: calls s3:GetObject: \d \| \d", "", "", "", "")
    monkeypatch.setattr(compare, "named", lambda: (entry,))
    known, other = "a/b response: calls s3:GetObject: 2 | 1", "a/b response: causes: cause.internal | -"
    assert compare.unexplained([known, other]) == [other]
    assert (compare.unseen([known]), compare.unseen([other])) == ([], [entry])


def test_every_named_difference_has_its_source() -> None:
    assert compare.named()
    for entry in compare.named():
        assert entry.source.startswith("https://docs.aws.amazon.com/"), entry
        assert entry.says and entry.aws and entry.right in ("local AWS", "moto", "both")
