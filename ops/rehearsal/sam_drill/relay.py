#!/usr/bin/env python3
"""Carries connections to a container's loopback on to its host's loopback, through a socket file.

SAM CLI gives its containers their own network, `--docker-network host` or not, and the local
AWS listens on the host's loopback alone; so does the runner of durable executions, which SAM CLI
names by its own host. On the host this is a module; in the container the same file runs as a
Lambda extension, before the function does. Standard library only.
"""

import json
import os
import socket
import sys
import threading
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.response import addinfourl

SOCKET = "aws.sock"
RUNNER = "runner.sock"
_ENDPOINTS = {"AWS_ENDPOINT_URL": SOCKET, "AWS_ENDPOINT_URL_LAMBDA": RUNNER}
_HOSTS = Path("/etc/hosts")
_API = "2020-01-01/extension"

type Connect = Callable[[], socket.socket]


def serve(listener: socket.socket, connect: Connect) -> None:
    """Carry each accepted connection on, in threads, until the listener is closed."""
    threading.Thread(target=_accept, args=(listener, connect), daemon=True).start()


def on_host(folder: Path, port: int, name: str = SOCKET) -> socket.socket:
    """A socket file in `folder` that leads to the host's loopback. Close it to end."""
    listener = socket.socket(socket.AF_UNIX)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # The path of a socket file may have 107 characters only.
        listener.bind(f"/proc/self/fd/{descriptor}/{name}")
    finally:
        os.close(descriptor)
    (folder / name).chmod(0o666)
    listener.listen(64)
    serve(listener, lambda: socket.create_connection(("127.0.0.1", port)))
    return listener


def in_container() -> None:
    """The extension: listen where the endpoints say, then wait for the end as Lambda requires it."""
    listeners = [_carry(os.environ[name], to) for name, to in _ENDPOINTS.items() if name in os.environ]
    body = json.dumps({"events": ["SHUTDOWN"]}).encode()
    with _ask("register", {"Lambda-Extension-Name": Path(sys.argv[0]).name}, body) as answer:
        name = answer.headers["Lambda-Extension-Identifier"]
    with _ask("event/next", {"Lambda-Extension-Identifier": name}):
        for listener in listeners:
            listener.close()


def _carry(endpoint: str, name: str) -> socket.socket:
    url = urlsplit(endpoint)
    if url.hostname not in ("127.0.0.1", "localhost"):
        _HOSTS.write_text(f"127.0.0.1 {url.hostname}\n{_HOSTS.read_text()}")
    listener = socket.create_server(("127.0.0.1", url.port or 80))
    serve(listener, lambda: _unix(Path(os.environ.get("LAMBDA_TASK_ROOT", "/var/task")) / name))
    return listener


def _ask(path: str, headers: dict[str, str], body: bytes | None = None) -> addinfourl:
    url = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/{_API}/{path}"
    answer: addinfourl = urllib.request.urlopen(urllib.request.Request(url, body, headers))
    return answer


def _unix(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(path))
    return connection


def _accept(listener: socket.socket, connect: Connect) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_join, args=(near, connect), daemon=True).start()


def _join(near: socket.socket, connect: Connect) -> None:
    with suppress(OSError), near, connect() as far:
        back = threading.Thread(target=_pump, args=(far, near), daemon=True)
        back.start()
        _pump(near, far)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    in_container()
