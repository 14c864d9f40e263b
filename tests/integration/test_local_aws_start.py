"""The local AWS says why it did not start, ends when it should, and leaves nothing behind."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from liveness_ops.people.local import answers
from local_aws.client import LocalAws, StartError
from local_aws.client.process import INTERPRETER, LAUNCHER
from tests.integration._local_aws import function, role

MOVED = """
import sys
sys.path.insert(0, sys.argv[1])
from ministack.services import cloudwatch
del cloudwatch._dispatch_alarm_actions
from local_aws import launcher
launcher.install()
"""
LEAN = """
import sys
sys.path.insert(0, sys.argv[1])
from local_aws import launcher
launcher.install()
from ministack.services import athena, cognito, lambda_svc
import cryptography
print(athena._duckdb_available, lambda_svc._docker_available, cognito._RSA_PRIVATE_KEY)
"""
ORPHAN = """
import os, sys
sys.path.insert(0, sys.argv[1])
from local_aws.client import LocalAws
aws = LocalAws().start()
print(aws.endpoint.rsplit(":", 1)[1], aws._process._folder, flush=True)
os._exit(0)
"""
# As on a machine that is no Linux.
WITHOUT_PIDFDS = """#!{python}
import os, runpy, sys
del os.pidfd_open
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
SEES = """
from importlib.util import find_spec

def handler(event, context):
    return {name: find_spec(name) is not None for name in ("boto3", "ministack")}
"""
PARENT = """
import os

def handler(event, context):
    return os.getppid(), os.environ["AWS_ENDPOINT_URL"]
"""
OPS = str(LAUNCHER.parents[1])


@pytest.fixture(scope="module")
def started() -> Iterator[LocalAws]:
    with LocalAws() as aws:
        yield aws


def test_a_connection_that_was_idle_is_still_open(started: LocalAws) -> None:
    connection = HTTPConnection(started.endpoint.removeprefix("http://"))
    connection.request("GET", "/_ministack/health")
    connection.getresponse().read()
    before = connection.sock
    time.sleep(6)  # The server's own default is five seconds.
    connection.request("GET", "/_ministack/health")
    connection.getresponse().read()
    assert connection.sock is before
    connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists a process's sockets in /proc")
def test_it_listens_on_loopback_alone(started: LocalAws) -> None:
    assert _listeners(int(started.endpoint.rsplit(":", 1)[1])) == {"127.0.0.1"}


def test_it_leaves_nothing_behind(started: LocalAws) -> None:
    assert started.client("sts").get_caller_identity()["Account"] == started.account
    folder = started._process._folder
    assert folder.exists()
    started.stop()
    assert not folder.exists()


@pytest.mark.long
def test_functions_run_on_a_machine_without_pidfds_and_see_no_more_there(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(WITHOUT_PIDFDS.format(python=INTERPRETER))
    python.chmod(0o755)
    with LocalAws(interpreter=python) as aws:
        function(aws, "sees", role(aws, "plain"), SEES)
        answer = aws.client("lambda").invoke(FunctionName="sees")["Payload"].read()
    assert json.loads(answer) == {"boto3": True, "ministack": False}


def test_several_share_a_parent_of_workers_that_ends_with_the_last_of_them(tmp_path: Path) -> None:
    with LocalAws(parents=tmp_path) as other:
        with LocalAws(parents=tmp_path) as one:
            ((parent, endpoint),) = {_seen(one, name) for name in ("first", "second")}
            assert (parent, other.endpoint) == _seen(other, "first") != (parent, endpoint)
        assert _seen(other, "second")[0] == parent
        assert Path(f"/proc/{parent}").exists()
    end = time.monotonic() + 10
    while Path(f"/proc/{parent}").exists() and time.monotonic() < end:
        time.sleep(0.02)
    # Nothing listens there, so the next one would start another.
    assert not [each for each in tmp_path.iterdir() if each.is_socket()]


def _seen(aws: LocalAws, name: str) -> tuple[int, str]:
    function(aws, name, role(aws, f"of-{name}"), PARENT)
    parent, endpoint = json.loads(aws.client("lambda").invoke(FunctionName=name)["Payload"].read())
    return parent, endpoint


def test_a_start_that_fails_shows_the_last_words(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such module >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(StartError, match="no such module"):
        LocalAws(interpreter=broken).start()


def test_a_patched_function_that_is_gone_stops_the_start_and_is_named() -> None:
    ended = subprocess.run(
        [INTERPRETER, "-c", MOVED, OPS], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode != 0
    assert "cloudwatch._dispatch_alarm_actions is gone" in ended.stderr


def test_a_start_loads_no_database_and_no_docker_and_leaves_no_key_on_the_machine() -> None:
    ended = subprocess.run(
        [INTERPRETER, "-c", LEAN, OPS], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.split() == ["False", "False", "None"]


def test_it_ends_with_its_parent() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ORPHAN, OPS], capture_output=True, text=True, check=True, timeout=60
    )
    folder = Path(ended.stdout.split()[1])
    end = time.monotonic() + 60
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not folder.exists()


def _listeners(port: int) -> set[str]:
    """Local addresses on which the process that holds `port` listens (Linux, IPv4 and IPv6)."""
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]
    ]
    listening = {row[9]: row[1] for row in rows if row[3] == "0A"}
    inode = next(inode for inode, at in listening.items() if at.endswith(f":{port:04X}"))
    held = _sockets_beside(inode)
    return {_address(at) for found, at in listening.items() if found in held}


def _sockets_beside(inode: str) -> set[str]:
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            links = {str(link.readlink()) for link in folder.iterdir()}
        except OSError:
            continue
        if f"socket:[{inode}]" in links:
            return {
                link.removeprefix("socket:[").rstrip("]") for link in links if link.startswith("socket:[")
            }
    return set()


def _address(at: str) -> str:
    raw = bytes.fromhex(at.split(":", maxsplit=1)[0])
    return ".".join(str(part) for part in reversed(raw)) if len(raw) == 4 else raw.hex()


def test_a_busy_one_is_not_taken_for_one_that_has_ended() -> None:
    """The console would start a second one, or report that none runs."""

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(1.2)
            self.send_response(200)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        assert answers("127.0.0.1", server.server_port)
        server.shutdown()
    assert not answers("127.0.0.1", server.server_port)
