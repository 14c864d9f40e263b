"""SAM CLI's containers, with the endpoint and the deployed variables handed to them; `sam local invoke`."""

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

from liveness_ops.template_tools.load import functions, parse
from rehearsal.drill.build import BUILT, ROOT, SAM
from rehearsal.sam_drill import relay

ENDPOINT = "AWS_ENDPOINT_URL"
CODE = "code"
IMAGE = "public.ecr.aws/lambda/python:3.13-x86_64"
LONGEST = 120
# On a busy machine a container is ready later than SAM CLI waits: it then gives an empty answer.
_PATIENCE = {"SAM_CLI_CONTAINER_CONNECTION_TIMEOUT": str(LONGEST // 2)}
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

    def command(self, *local: str) -> tuple[str, ...]:
        """`sam local …` with this template, its variables and region."""
        return (
            *(str(SAM), "local", *local, "-t", str(self.template)),
            *("--env-vars", str(self.variables), "--region", self.region),
            *(("--skip-pull-image",) if self.has_image else ()),
        )

    def surroundings(self, **more: str) -> dict[str, str]:
        """The environment of SAM CLI itself: without the caller's own AWS configuration."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        return {**inherited, **self.environment, **_PATIENCE, **more}

    def invoke(self, function: str, event: Path, **more: str) -> Answer:
        """One call of `sam local invoke`, in its own container. `more`: variables for SAM CLI itself."""
        start = time.monotonic()
        try:
            done = subprocess.run(  # noqa: S603
                self.command("invoke", function, "-e", str(event)),
                cwd=ROOT,
                env=self.surroundings(**more),
                capture_output=True,
                text=True,
                timeout=LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Answer(None, f"no answer in {LONGEST} s", time.monotonic() - start)
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
    return read(next(reversed(results or lines), ""), seconds, last)


def read(text: str, seconds: float, last: str = "") -> Answer:
    """What a function answered. `last`: what SAM CLI said, where there is no answer."""
    try:
        said = json.loads(text) if text else None
    except ValueError:
        return Answer(None, f"no JSON: {text[:200]}", seconds)
    if not isinstance(said, dict):
        return Answer(said, last or "no answer", seconds)
    error = f"{said['errorType']}: {said.get('errorMessage', '')}" if "errorType" in said else ""
    return Answer(said, error, seconds)
