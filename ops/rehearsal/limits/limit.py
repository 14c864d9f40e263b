"""A limit of AWS: how it is hit, how AWS refuses, and what of the stack comes near it."""

import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from botocore.exceptions import ClientError

from liveness_ops.template_tools.load import ROOT
from local_aws.client import LocalAws
from rehearsal.limits.send import SENDS, Send, at_once
from rehearsal.limits.sending import CreationFailedError
from rehearsal.limits.stack_usage import StackUsage

PAGE = ROOT / "docs/local-aws.md"
_BEGIN, _END = "<!-- limits: begin (written by rehearsal.limits.limit) -->\n", "<!-- limits: end -->\n"
_MEASURED = "fits, by a test"


class Limit(NamedTuple):
    """One entry of limits.yaml, where its keys are described.

    Attributes:
        name: the service's short name first ("lambda: …"); unique.
        send: asks the local AWS for so many; whatever it raises is the refusal.
        measure: the name of the method of `StackUsage`; empty where `ours` says what our code does.
    """

    name: str
    most: int
    unit: str
    source: str
    url: str
    send: Send
    refused: str
    measure: str = ""
    ours: str = ""

    def hit(self, aws: LocalAws) -> tuple[bool, str]:
        """Send one more than AWS takes: whether the local AWS refuses as AWS does, and its words."""
        try:
            self.send(aws, self.most + 1)
        except ClientError as error:
            code, words = error.response["Error"]["Code"], error.response["Error"]["Message"]
            return self.refused == code or self.refused in words, f"{code}: {words}"
        except (CreationFailedError, RuntimeError) as error:
            return self.refused in str(error), str(error)
        return False, "it was taken"

    def measured(self, ours: StackUsage) -> tuple[int, str]:
        """How much of it our stack has, and what has the most."""
        found: tuple[int, str] = getattr(ours, self.measure)()
        return found


@cache
def limits() -> tuple[Limit, ...]:
    """All of them, in the order of the table."""
    read = yaml.safe_load(Path(__file__).with_name("limits.yaml").read_text(encoding="utf-8"))
    found = []
    for name, each in read["limits"].items():
        asked = each.pop("ask", None)
        send = at_once(name.partition(":")[0], asked, each["refused"]) if asked else SENDS[name]
        found.append(Limit(name, url=read["sources"][each["source"]], send=send, **each))
    return tuple(found)


def table() -> str:
    """The table in Markdown; the operation's or the page's name links to its address."""
    rows = []
    for each in limits():
        most, source = f"{each.most:,} {each.unit}", f"[{each.source}]({each.url})"
        rows.append(f"| {each.name} | {most} | {source} | {each.ours or _MEASURED} |\n")
    return "| limit | at most | source | our stack |\n| --- | --- | --- | --- |\n" + "".join(rows)


def written(page: str) -> str:
    """The page with today's table."""
    before, rest = page.split(_BEGIN)
    return before + _BEGIN + table() + _END + rest.split(_END)[1]


if __name__ == "__main__" and "--write" in sys.argv:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
