"""What the AWS CLI does with commands of our documents, for a command `aws` in a shell.

The CLI pins another botocore than the project. Operations, options and shapes are those of the models of
botocore, as the CLI has them; pages are read to the end before `--query`; `--output text` is separated by
tabs, and `None` for nothing (AWS CLI User Guide, "Filtering output" and "Text output format").
"""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import jmespath  # type: ignore[import-untyped]
from botocore import xform_name

from local_aws.client import LocalAws
from responder.core.plain_data import Json

_SERVICES = {"s3api": "s3"}
# Loading the SDK takes longer than all else in a command: the test's own process answers.
_COMMAND = """#!/bin/sh
exec {python} -I -S -c '
import json, os, socket, sys
keys = [os.environ.get(f"AWS_{{name}}") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")]
words = [open(word[7:]).read() if word.startswith("file://") else word for word in sys.argv[1:]]
with socket.create_connection(("127.0.0.1", {port})) as line:
    line.sendall(json.dumps([words, keys]).encode() + b"\\n")
    said, error = json.loads(line.makefile(encoding="utf-8").read())
sys.stdout.write(said)
sys.exit(error)
' "$@"
"""


@contextmanager
def installed(folder: Path, aws: LocalAws) -> Iterator[None]:
    """With a command `aws` in this folder, which acts with the keys of its environment."""

    class Asked(StreamRequestHandler):
        def handle(self) -> None:
            said, error = "", None
            try:
                said = run(aws, *json.loads(self.rfile.readline()))
            except Exception as problem:
                error = f"{type(problem).__name__}: {problem}"
            self.wfile.write(json.dumps([said, error]).encode())

    with ThreadingTCPServer(("127.0.0.1", 0), Asked) as server:
        command = folder / "aws"
        command.write_text(_COMMAND.format(python=sys.executable, port=server.server_address[1]))
        command.chmod(0o755)
        threading.Thread(target=server.serve_forever, args=[0.05]).start()
        try:
            yield
        finally:
            server.shutdown()


def run(aws: LocalAws, words: list[str], keys: tuple[str, str, str | None]) -> str:
    """What it prints."""
    service, operation, *rest = words
    if (service, operation) == ("s3", "rb"):
        return _remove_bucket(aws, rest)
    waiter = rest.pop(0) if operation == "wait" else ""
    given = dict(_options(rest))
    region, query, output = (given.pop(each, [""])[0] for each in ("region", "query", "output"))
    assert region in ("", aws.region)
    known = _SERVICES.get(service, service)
    # Only a session has a token; clients of the administrator are kept.
    client = aws.client_with(keys, known) if keys[2] else aws.client(known)
    if waiter:
        waits = client.get_waiter(waiter.replace("-", "_"))
        waits.wait(**_arguments(client, waits.config.operation, given), WaiterConfig={"Delay": 0.1})
        return ""
    name = next(each for each in client.meta.method_to_api_mapping if each.replace("_", "-") == operation)
    arguments = _arguments(client, client.meta.method_to_api_mapping[name], given)
    if client.can_paginate(name):
        answer = client.get_paginator(name).paginate(**arguments).build_full_result()
    else:
        answer = getattr(client, name)(**arguments)
    if not query:
        return ""
    found = jmespath.search(query, answer)
    return (_text(found) if output == "text" else json.dumps(found)) + "\n"


def search(query: str, answer: Any) -> list[Any]:
    """Nothing where there is none."""
    found: list[Any] = jmespath.search(query, answer)
    return found or []


def _options(words: list[str]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for each in words:
        if each.startswith("--"):
            found.append((each[2:], []))
        else:
            found[-1][1].append(each)
    return found


def _arguments(client: Any, operation: str, given: dict[str, list[str]]) -> Json:
    shape = client.meta.service_model.operation_model(operation).input_shape
    members = {xform_name(name, "-"): (name, about.type_name) for name, about in shape.members.items()}
    document: Json = json.loads(given.pop("cli-input-json", ["{}"])[0])
    return document | {members[name][0]: _value(members[name][1], words) for name, words in given.items()}


def _value(kind: str, words: list[str]) -> Any:
    if kind == "boolean":
        return words != ["false"]
    return words if kind == "list" else int(words[0]) if kind in ("integer", "long") else words[0]


def _text(found: Any) -> str:
    if isinstance(found, list):
        return "\t".join(map(str, found))
    return str(found)


def _remove_bucket(aws: LocalAws, words: list[str]) -> str:
    s3, name = aws.client("s3"), words[0].removeprefix("s3://")
    if "--force" in words:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
            for each in page.get("Contents", ()):
                s3.delete_object(Bucket=name, Key=each["Key"])
    s3.delete_bucket(Bucket=name)
    return ""
