"""AWS's limits, as limits.yaml has them: how each is reached, and the table of docs/local-aws.md."""

import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from botocore.config import Config
from botocore.exceptions import ClientError

from liveness_ops.template_tools.load import ROOT
from local_aws.client import LocalAws
from responder.core.plain_data import Json
from tests.integration._stacks import stack

PAGE = ROOT / "docs/local-aws.md"
_BEGIN, _END = "<!-- limits: begin (written by tests.integration.limits) -->\n", "<!-- limits: end -->\n"
_FITS = "fits, by a test"
_SIZED = {"$text", "$json", "$sized"}
# The setting of the local AWS with which no request of a second comes back.
_NEVER_REFILLED = 2


class RefusedError(Exception):
    """Of an entry of a request that was taken."""


class Limit(NamedTuple):
    """One entry of limits.yaml, where its keys are described."""

    name: str
    most: int
    unit: str
    source: str
    url: str
    refused: str
    ours: str = _FITS
    rate: Json | None = None
    ask: Sequence[Any] = ()
    stack: Json | None = None

    @property
    def service(self) -> str:
        """Whose client asks."""
        return self.name.partition(":")[0].replace("durable", "lambda")

    def send(self, aws: LocalAws, number: int) -> None:
        """Ask for so many; whatever this raises is the refusal."""
        if self.rate:
            self._burst(aws, number)
        if self.stack:
            stack(aws, **made(self.stack, number))
        client = aws.client(self.service)
        for request in made([*self.ask], number):
            for operation, arguments in request.items():
                answer = getattr(client, operation)(**arguments)
                for failed in answer.get("FailedEntries", []):
                    raise RefusedError(f"{failed['ErrorCode']}: {failed['ErrorMessage']}")

    def _burst(self, aws: LocalAws, number: int) -> None:
        """Within one second, under a role: the administrator's requests do not count. What is not there is
        refused as well, of a request that was taken."""
        given = aws.assume("limits")
        keys = (given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"])
        client = aws.client_with(keys, self.service, config=Config(retries={"total_max_attempts": 1}))
        aws.settings(rates=_NEVER_REFILLED)
        try:
            for operation, arguments in [*(self.rate or {}).items()] * number:
                try:
                    getattr(client, operation)(**arguments)
                except ClientError as error:
                    if error.response["Error"]["Code"] == self.refused:
                        raise
        finally:
            aws.settings(rates=1)


def made(asked: Any, number: int, *, inside: bool = False) -> Any:
    """What limits.yaml describes, for this number; `inside` a document, which is sized as a whole."""
    match asked:
        case "@":
            return number
        case str():
            text = asked.replace("@", str(number))
            return text if inside else _filled(text, number)
        case {"$many": entries}:
            return made(_numbered(entries, number), number, inside=inside)
        case [*entries, {"$many": more}]:
            return made([*entries, *_numbered(more, number)], number, inside=inside)
        case list():
            return [made(each, number, inside=inside) for each in asked]
        case dict() if asked.keys() & _SIZED:
            return _sized(asked, number)
        case dict():
            return {made(key, number): made(value, number, inside=inside) for key, value in asked.items()}
    return asked


def _sized(asked: Json, number: int) -> Any:
    size = asked.get("$size", 0)
    size += number if size <= 0 else 0
    if "$text" in asked:
        return _filled(asked["$text"], size, asked["$times"] * number if "$times" in asked else "")
    document = made(asked.get("$json") or asked["$sized"], number, inside=True)
    document = json.loads(_filled(json.dumps(document, separators=(",", ":"), ensure_ascii=False), size))
    return json.dumps(document, indent=2) if "$json" in asked else document


def _numbered(entries: Any, number: int) -> Any:
    """So often, each with its number in the place of `#`."""
    text = json.dumps(entries, ensure_ascii=False)
    copies = [json.loads(text.replace("#", str(each))) for each in range(number)]
    if isinstance(entries, dict):
        return {key: value for copy in copies for key, value in copy.items()}
    return [entry for copy in copies for entry in copy]


def _filled(text: str, size: int, filling: str = "") -> str:
    return text.replace("…", filling or "x" * (size - len(text) + 1))


@cache
def _read() -> Json:
    found: Json = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return found


def limits() -> list[Limit]:
    """All of them, in the order of the table."""
    read = _read()
    return [Limit(name, url=read["sources"][each["source"]], **each) for name, each in read["limits"].items()]


def world(aws: LocalAws) -> None:
    """Make what the requests find."""
    stack(aws, Resources=_read()["world"])


def written(page: str) -> str:
    """The page with today's table in Markdown; the name of the operation or the page links to its address."""
    before, rest = page.split(_BEGIN)
    rows = [
        f"| {each.name} | {each.most:,} {each.unit} | [{each.source}]({each.url}) | {each.ours} |\n"
        for each in limits()
    ]
    table = "| limit | at most | source | our stack |\n| --- | --- | --- | --- |\n" + "".join(rows)
    return before + _BEGIN + table + _END + rest.split(_END)[1]


if __name__ == "__main__" and "--write" in sys.argv:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
