"""Two layers that bring one package would shadow each other."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.session import get_session

from compile_texts import sources
from liveness_ops.template_tools.load import ROOT, resources, template

LAYERS = {
    name: ROOT / each["ContentUri"]
    for name, each in resources(template(), "AWS::Serverless::LayerVersion").items()
}
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def pins(file: Path) -> dict[str, str]:
    return dict(_PIN.findall(file.read_text(encoding="utf-8")))


def test_each_folder_of_layers_is_deployed() -> None:
    assert {path.parent for path in (ROOT / "layers").glob("*/requirements.in")} == set(LAYERS.values())


def test_no_package_is_in_two_layers() -> None:
    for one, other in combinations(LAYERS.values(), 2):
        assert not pins(one / "requirements.txt").keys() & pins(other / "requirements.txt").keys()


@pytest.mark.parametrize(
    ("layer", "package"),
    [("DurableLayer", "aws-durable-execution-sdk-python"), ("SlackLayer", "slack-sdk")],
)
def test_a_second_layer_is_its_sdk_alone(layer: str, package: str) -> None:
    assert set(pins(LAYERS[layer] / "requirements.txt")) == {package}
    makefile = (LAYERS[layer] / "Makefile").read_text(encoding="utf-8")
    # SAM's own builder would add boto3, which the responder's layer has pinned.
    assert template()["Resources"][layer]["Metadata"] == {"BuildMethod": "makefile"}
    assert f"build-{layer}:" in makefile
    assert {"--no-deps", "--require-hashes"} <= set(makefile.split())


def called() -> Iterator[str]:
    """Each AWS service that shipped code names before one of its operations: `call("sns", "publish", …)`."""
    session = get_session()
    known = set(session.get_available_services())

    @cache
    def operations(service: str) -> set[str]:
        return {xform_name(each) for each in session.get_service_model(service).operation_names}

    for path in (path for folder in ("layers", "functions") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            words = node.args if isinstance(node, ast.Call) else []
            named = (each.value if isinstance(each, ast.Constant) else None for each in words)
            for service, operation in pairwise(named):
                name = str(service).partition("@")[0]
                if name in known and operation in operations(name):
                    yield name


def test_the_layer_describes_the_services_that_are_called_and_no_other() -> None:
    makefile = (LAYERS["ResponderLayer"] / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    listed = re.findall(r"^SERVICES := (.*)$", makefile, re.MULTILINE)[0].split()
    assert listed == sorted(set(called()))


def test_the_layer_leaves_out_texts_that_no_function_says() -> None:
    makefile = (LAYERS["ResponderLayer"] / "Makefile").read_text(encoding="utf-8")
    left_out = re.findall(r"^CONSOLE := (.*)$", makefile, re.MULTILINE)[0].split()
    known = sources()
    keys = {entry.msgctxt for name in left_out for entry in known[name]}
    shipped = [path for folder in ("layers", "functions") for path in (ROOT / folder).rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in shipped)
    assert left_out and keys
    assert [key for key in sorted(keys) if f'"{key}"' in code] == []
    assert [name for name in left_out if re.search(rf'f"{name}\.{{', code)] == []


def test_tests_run_on_the_versions_that_are_deployed() -> None:
    used = pins(ROOT / "requirements-dev.txt")
    for folder in LAYERS.values():
        deployed = pins(folder / "requirements.txt")
        assert deployed == {name: used.get(name) for name in deployed}


@pytest.mark.parametrize("makefile", [ROOT / "Makefile", *sorted(ROOT.glob("layers/*/Makefile"))])
def test_nothing_is_installed_without_its_hash(makefile: Path) -> None:
    lines = makefile.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    installs = [line.split() for line in lines if re.search(r"\bpip (install|sync)\b", line)]
    ours = [words for words in installs if "--editable" in words]
    assert all({"--no-deps", "--no-build-isolation"} <= set(words) for words in ours)
    assert all("--require-hashes" in words for words in installs if words not in ours)
    assert not any(
        word.startswith(("--index", "--extra-index", "-i")) for words in installs for word in words
    )


def test_uv_itself_is_pinned_by_its_hash_for_every_platform() -> None:
    file = (ROOT / "requirements-uv.txt").read_text(encoding="utf-8")
    assert set(pins(ROOT / "requirements-uv.txt")) == {"uv"}
    # One hash per wheel; Linux and macOS on two kinds of processors are four of them.
    assert file.count("--hash=sha256:") >= 4
