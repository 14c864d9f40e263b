"""`sam local invoke`, with the endpoint and the deployed variables handed to the container."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from liveness_ops.drill.build import BUILT, ROOT, SAM
from liveness_ops.sam_drill import relay
from liveness_ops.template_tools.load import functions, parse

ENDPOINT = "AWS_ENDPOINT_URL"
CODE = "code"
IMAGE = "public.ecr.aws/lambda/python:3.13-x86_64"
_LONGEST = 120
_RESULT = "Result:   "


@dataclass(frozen=True, slots=True)
class Answer:
    """What one invocation gave back. `problem` is empty where the function handled its event."""

    said: Any
    problem: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Container:
    """How to run any function of the built template against one endpoint."""

    template: Path
    variables: Path
    environment: Mapping[str, str]
    region: str
    has_image: bool

    def invoke(self, function: str, event: Path, **more: str) -> Answer:
        """One call, in a container of its own. `more`: variables for SAM CLI itself."""
        command = (
            *(str(SAM), "local", "invoke", function, "-e", str(event), "-t", str(self.template)),
            *("--env-vars", str(self.variables), "--region", self.region),
            *(("--skip-pull-image",) if self.has_image else ()),
        )
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        start = time.monotonic()
        try:
            done = subprocess.run(  # noqa: S603
                command,
                cwd=ROOT,
                env={**inherited, **self.environment, **more},
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Answer(None, f"no answer in {_LONGEST} s", time.monotonic() - start)
        return _answer(done, time.monotonic() - start)


def prepare(
    folder: Path, deployed: Mapping[str, Mapping[str, str]], environment: Mapping[str, str]
) -> Container:
    """`deployed`: by logical id, the variables that function has in the local AWS.

    SAM CLI hands a container only variables that the template declares, and cannot reach the host's
    loopback: a copy of what was built declares the endpoint and adds the relay as a layer. Being a
    copy, it also outlives another `sam build`.
    """
    template = parse((BUILT / "template.yaml").read_text(encoding="utf-8"))
    shared = template["Globals"]["Function"]
    shared["Environment"]["Variables"][ENDPOINT] = ""
    shared["Layers"].append({"Ref": "Relay"})
    built = BUILT / next(iter(functions(template).values()))["CodeUri"]
    shutil.copytree(built, folder / CODE)
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = CODE
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            shutil.copytree(BUILT / resource["Properties"]["ContentUri"], folder / name)
            resource["Properties"]["ContentUri"] = name
    template["Resources"]["Relay"] = _relay(folder / "relay")
    copy = folder / "template.yaml"
    copy.write_text(yaml.safe_dump(template, sort_keys=False, allow_unicode=True), encoding="utf-8")
    endpoint = {ENDPOINT: environment[ENDPOINT]}
    variables = folder / "variables.json"
    variables.write_text(json.dumps({name: {**own, **endpoint} for name, own in deployed.items()}))
    return Container(
        copy, variables, environment, environment["AWS_REGION"], docker("image", "inspect", IMAGE)
    )


def docker(*arguments: str) -> bool:
    """Whether `docker` is there and this command of it succeeds."""
    program = shutil.which("docker")
    if program is None:
        return False
    done = subprocess.run((program, *arguments), capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


def _relay(folder: Path) -> dict[str, Any]:
    """A layer with the relay as an extension."""
    extension = folder / "extensions" / "relay"
    extension.parent.mkdir(parents=True)
    extension.write_text(Path(relay.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    extension.chmod(0o755)
    return {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": str(folder)}}


def _answer(done: "subprocess.CompletedProcess[str]", seconds: float) -> Answer:
    last = "\n".join(done.stderr.splitlines()[-8:])
    if done.returncode:
        return Answer(None, last or f"sam ended with {done.returncode}", seconds)
    lines = done.stdout.strip().splitlines()
    # Of a durable execution it prints a summary.
    results = [line.removeprefix(_RESULT) for line in lines if line.startswith(_RESULT)]
    lines = results or lines
    try:
        said = json.loads(lines[-1]) if lines else None
    except ValueError:
        return Answer(None, f"no JSON: {lines[-1][:200]}", seconds)
    if not isinstance(said, dict):
        return Answer(said, last or "no answer", seconds)
    error = f"{said['errorType']}: {said.get('errorMessage', '')}" if "errorType" in said else ""
    return Answer(said, error, seconds)
