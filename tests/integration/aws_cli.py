"""What the AWS CLI does with commands of our documents: `python -m tests.integration.aws_cli SERVICE …`.

The CLI pins another botocore than the project. Operations, options and shapes are those of the models of
botocore, as the CLI has them; pages are read to the end before `--query`; `--output text` is separated by
tabs, and `None` for nothing (AWS CLI User Guide, "Filtering output" and "Text output format").
"""

import json
import sys
from pathlib import Path
from typing import Any

import boto3
import jmespath  # type: ignore[import-untyped]
from botocore import xform_name

from liveness_ops.template_tools.load import ROOT

_SERVICES = {"s3api": "s3"}


def install(folder: Path) -> Path:
    """A command `aws` in this folder."""
    command = folder / "aws"
    command.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m tests.integration.aws_cli "$@"\n')
    command.chmod(0o755)
    return folder


def main(words: list[str]) -> None:
    service, operation, *rest = words
    if (service, operation) == ("s3", "rb"):
        return _remove_bucket(rest)
    waiter = rest.pop(0) if operation == "wait" else ""
    given = dict(_options(rest))
    region, query, output = (given.pop(each, [""])[0] for each in ("region", "query", "output"))
    client: Any = boto3.client(_SERVICES.get(service, service), region_name=region or None)  # type: ignore[call-overload]
    if waiter:
        waits = client.get_waiter(waiter.replace("-", "_"))
        waits.wait(**_arguments(client, waits.config.operation, given), WaiterConfig={"Delay": 1})
        return None
    name = next(each for each in client.meta.method_to_api_mapping if each.replace("_", "-") == operation)
    arguments = _arguments(client, client.meta.method_to_api_mapping[name], given)
    if client.can_paginate(name):
        answer = client.get_paginator(name).paginate(**arguments).build_full_result()
    else:
        answer = getattr(client, name)(**arguments)
    if query:
        found = jmespath.search(query, answer)
        sys.stdout.write((_text(found) if output == "text" else json.dumps(found)) + "\n")
    return None


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


def _arguments(client: Any, operation: str, given: dict[str, list[str]]) -> dict[str, Any]:
    shape = client.meta.service_model.operation_model(operation).input_shape
    members = {xform_name(name, "-"): (name, about.type_name) for name, about in shape.members.items()}
    return {members[name][0]: _value(members[name][1], words) for name, words in given.items()}


def _value(kind: str, words: list[str]) -> Any:
    if kind == "boolean":
        return words != ["false"]
    return words if kind == "list" else int(words[0]) if kind in ("integer", "long") else words[0]


def _text(found: Any) -> str:
    if isinstance(found, list):
        return "\t".join(map(str, found))
    return str(found)


def _remove_bucket(words: list[str]) -> None:
    name = words[0].removeprefix("s3://")
    bucket = boto3.resource("s3").Bucket(name)
    if "--force" in words:
        bucket.objects.all().delete()
    bucket.delete()


if __name__ == "__main__":
    main(sys.argv[1:])
