"""The parts of `make sam-drill` that need no Docker."""

import json
import socket
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from liveness_ops.template_tools.load import EVENTS
from rehearsal.sam_drill import invoke, relay
from rehearsal.sam_drill import runner as servers
from rehearsal.sam_drill.run import Row, function_of
from rehearsal.sam_drill.runner import runner
from rehearsal.sam_drill.stamp import stamped
from responder.core.alarm_event import parse
from responder.core.command import parse_command
from responder.core.plain_data import Json
from responder.store.incidents import incident_id

NOW = datetime(2026, 11, 24, 16, 0, 5, tzinfo=UTC)
OPENED = datetime(2026, 11, 24, 16, 0, 0, tzinfo=UTC)


def load(path: str) -> Json:
    event: Json = json.loads((EVENTS / path).read_text(encoding="utf-8"))
    return event


@pytest.mark.parametrize("path", ["high-error-rate/alarm.json", "get-result-timeouts/direct.json"])
def test_an_alarm_is_of_this_minute_and_this_region(path: str) -> None:
    change = parse(stamped(load(path), NOW, OPENED, "us-east-1"))
    assert (change.at, change.region) == (NOW, "us-east-1")


def test_another_accounts_alarm_stays_another_accounts() -> None:
    change = parse(stamped(load("high-error-rate/foreign_account.json"), NOW, OPENED, "us-east-1"))
    assert change.account == "210987654321"


def test_a_command_speaks_of_the_incident_that_the_alarm_opened() -> None:
    alarm = parse(stamped(load("high-error-rate/alarm.json"), OPENED, OPENED, "us-east-1"))
    command = parse_command(stamped(load("high-error-rate/revert.json"), NOW, OPENED, "us-east-1"))
    assert command.incident == incident_id(alarm)


def test_a_failed_response_carries_a_fresh_event() -> None:
    record = stamped(load("response-failed/alarm.json"), NOW, OPENED, "us-east-1")
    assert parse(record["requestPayload"]).at == NOW


def test_a_follow_up_that_ended_is_of_this_minute_and_of_that_incident() -> None:
    alarm = parse(stamped(load("high-error-rate/alarm.json"), OPENED, OPENED, "us-east-1"))
    ended = stamped(load("response-failed/follow_up_timed_out.json"), NOW, OPENED, "us-east-1")
    assert (ended["time"], ended["region"]) == ("2026-11-24T16:00:05Z", "us-east-1")
    assert ended["detail"]["durableExecutionName"] == f"{incident_id(alarm)}-g1"


def test_a_folder_names_its_function() -> None:
    assert function_of(EVENTS / "create-session-timeouts") == "CreateSessionTimeouts"


def ended(stdout: str = "", stderr: str = "", code: int = 0) -> invoke.Answer:
    return invoke._answer(subprocess.CompletedProcess([], code, stdout, stderr), 1.0)


def test_what_counts_as_an_answer() -> None:
    assert ended('START\n{"state": "OK"}').problem == ""
    assert ended('{"errorType": "Denied", "errorMessage": "no"}').problem == "Denied: no"
    assert "no JSON" in ended("Traceback").problem
    assert ended(stderr="Error: no such function", code=1).problem == "Error: no such function"
    assert ended().problem == "no answer"


def test_of_a_durable_execution_the_result_in_sams_summary_counts() -> None:
    summary = 'Execution Summary:\nStatus:   SUCCEEDED\nResult:   {"over": true}\n\nCommands you can use next'
    assert ended(summary).said == {"over": True}


def test_a_warm_function_answers_with_its_own_json() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer_as_lambda, args=(server, b'{"state": "OK"}'), daemon=True).start()
        answer = servers._invoke(server.getsockname()[1], "HighErrorRate", {"time": "now"})
        port = server.getsockname()[1]
    assert (answer.said, answer.problem) == ({"state": "OK"}, "")
    assert servers._invoke(port, "HighErrorRate", {}).problem.startswith("no answer")


def test_a_container_that_starts_slowly_is_waited_for() -> None:
    container = invoke.Container(Path(), Path(), {"AWS_REGION": "eu-west-1"}, "eu-west-1", has_image=True)
    assert (
        container.surroundings().items()
        >= {
            "SAM_CLI_CONTAINER_CONNECTION_TIMEOUT": "60",
            "AWS_REGION": "eu-west-1",
        }.items()
    )


def test_a_refusal_is_expected_where_it_must_be() -> None:
    refused = invoke.Answer({}, "BadEvent: account", 1.0)
    assert Row("high-error-rate", "foreign_account", refused).handled
    assert not Row("high-error-rate", "alarm", refused).handled
    assert not Row("high-error-rate", "foreign_account", invoke.Answer({}, "", 1.0)).handled


def test_the_relay_carries_both_directions(tmp_path: Path) -> None:
    deep = tmp_path / "a-folder-whose-name-makes-the-path-longer-than-a-socket-may-have" / ("x" * 40)
    deep.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as aws, socket.create_server(("127.0.0.1", 0)) as inside:
        threading.Thread(target=_answer_in_capitals, args=(aws,), daemon=True).start()
        (tmp_path / "short").symlink_to(deep)
        with relay.on_host(deep, aws.getsockname()[1]):
            relay.serve(inside, lambda: relay._unix(tmp_path / "short" / relay.SOCKET))
            with socket.create_connection(inside.getsockname(), timeout=5) as client:
                client.sendall(b"hello")
                client.shutdown(socket.SHUT_WR)
                assert client.recv(100) == b"HELLO"
                assert client.recv(100) == b""


def test_the_runner_of_sams_own_host_is_found_on_loopback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("172.17.0.1 host.docker.internal\n")
    monkeypatch.setattr(relay, "_HOSTS", hosts)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with relay._carry(f"http://host.docker.internal:{port}", relay.RUNNER) as listener:
        assert listener.getsockname() == ("127.0.0.1", port)
    # The first name wins.
    assert hosts.read_text().splitlines()[0] == "127.0.0.1 host.docker.internal"


def test_the_runner_answers_on_loopback_and_ends(tmp_path: Path) -> None:
    with runner({"AWS_DEFAULT_REGION": "us-east-1"}, tmp_path / "log") as port:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def _answer_in_capitals(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(connection.recv(100).upper())


def _answer_as_lambda(server: socket.socket, body: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        asked = connection.recv(4096).split(b" ")
        known = asked[:2] == [b"POST", b"/2015-03-31/functions/HighErrorRate/invocations"]
        status = b"200 OK" if known else b"404 Not Found"
        length = str(len(body)).encode()
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: " + length + b"\r\n\r\n")
        connection.sendall(body if known else b" " * len(body))
