"""docs/runbook.md and docs/runbook.ja.md: the commands that are too long for a message, by section.

`make generate` writes both from the catalogue (`runbook.po`, `step.po`), filled with the names of FaceAuth.
"""

from collections.abc import Iterator
from pathlib import Path

from liveness_ops.messages import sources
from liveness_ops.template_tools.load import ROOT
from responder.core.settings import Settings
from responder.core.text import Text
from responder.messages.catalogue import known
from responder.messages.language import say
from responder.messages.manual_steps import runbook
from responder.respond.playbook import PLAYBOOKS

PAGES = {"en": ROOT / "docs" / "runbook.md", "ja": ROOT / "docs" / "runbook.ja.md"}
# As deployed; the bucket is named after the account.
_SETTINGS = Settings(account="123456789012", bucket="face-auth-images-123456789012-us-east-1")


def pages() -> dict[Path, str]:
    """What both pages have to be."""
    return {path: "\n".join(_page(language)) + "\n" for language, path in PAGES.items()}


def sections() -> list[str]:
    """In the order of the catalogue."""
    return [each.msgctxt.split(".")[1] for each in sources()["runbook"]]


def _page(language: str) -> Iterator[str]:
    def word(key: str) -> str:
        return say(Text(f"runbook_page.{key}"), language)

    yield f"# {word('title')}\n"
    yield f"{word('intro')}\n\n{word('names')}\n\n## {word('by_alarm')}\n"
    yield f"| {word('alarm')} | {word('sections')} |\n| --- | --- |"
    for playbook in PLAYBOOKS.values():
        named = [step.split(".")[1] for step in playbook.manual.steps]
        links = ", ".join(f"[{name}](#{name})" for name in named if known(f"runbook.{name}"))
        yield f"| {playbook.alarm or word('any_alarm')} | {links} |"
    yield f"\n## {word('commands')}\n"
    yield "\n\n".join(_section(name, language) for name in sections())


def _section(name: str, language: str) -> str:
    command = runbook(name, None, _SETTINGS) or Text(name)
    said = say(Text(f"step.{name}"), language)
    return f"### {name}\n\n{said}\n\n```bash\n{say(command, 'en')}\n```"
