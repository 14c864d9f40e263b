"""`make witness` where it cannot run: one line, and nothing else."""

import socket
import subprocess
import sys
from contextlib import closing

import pytest

from liveness_ops.template_tools.load import ROOT
from tests.witness import compare, moto_version
from tests.witness.compare import Named
from tests.witness.moto_version import NotUsable, usable

pytestmark = pytest.mark.integration


def test_a_port_that_is_taken_is_one_line() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        asked = [sys.executable, "-m", "tests.witness", "--port", port]
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert " ".join(done.stderr.split()) == (
        f"Port {port} of 127.0.0.1 cannot be used (Address already in use): PORT=… names another, "
        "none lets the system choose"
    )


@pytest.mark.parametrize("found", ["5.2.4", "4.9.9", "none"])
def test_an_older_moto_is_one_line(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setattr(moto_version, "version", lambda _: found)
    with pytest.raises(
        NotUsable, match=rf"^moto {found} is installed, and 5\.2\.5 or newer is needed: make setup$"
    ):
        usable()


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
