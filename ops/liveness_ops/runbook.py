"""docs/runbook.md and docs/runbook.ja.md: the commands that are too long for a message, by section.

`make generate` writes both from the catalogue (`runbook.po`, `step.po`), filled with the names of FaceAuth.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from compile_texts import sources
from liveness_ops.template_tools.load import ROOT
from responder.causes.steps import Step
from responder.core.manual import GENERAL
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.messages.language import known, say
from responder.messages.next_steps import StepKind
from responder.messages.steps import runbook, with_commands
from responder.respond.playbook import PLAYBOOKS

PAGES = {"en": ROOT / "docs" / "runbook.md", "ja": ROOT / "docs" / "runbook.ja.md"}
_WIDTH = 110
# As deployed; the bucket is named after the account.
_SETTINGS = Settings(account="123456789012", bucket="face-auth-images-123456789012-us-east-1")


def pages() -> dict[Path, str]:
    """What both pages have to be."""
    return {path: "\n".join(_page(language)) + "\n" for language, path in PAGES.items()}


def sections() -> list[str]:
    """The sections in the order of the catalogue."""
    return [each.msgctxt.split(".")[1] for each in sources()["runbook"]]


def _page(language: str) -> Iterator[str]:
    def word(key: str) -> str:
        return say(Text(f"runbook_page.{key}"), language)

    yield f"# {word('title')}\n"
    yield f"{_wrapped(word('intro'))}\n\n{_wrapped(word('names'))}\n\n## {word('by_alarm')}\n"
    for playbook in PLAYBOOKS.values():
        named = [step.split(".")[1] for step in playbook.manual.steps]
        steps = (_step(name, language, f"{number}. ") for number, name in enumerate(named, 1))
        yield "\n".join((f"### {playbook.alarm or word('any_alarm')}\n", *steps, ""))
    yield f"### {word('by_cause')}\n"
    yield "\n".join((*dict.fromkeys(_step(name, language, "- ") for name in _of_causes()), ""))
    yield f"## {word('commands')}\n"
    yield "\n\n".join(_section(name, language) for name in sections())


def _of_causes() -> list[str]:
    """The steps that a cause or an obstacle adds: where a message has no room for one, it is here, also where
    it is among the steps of some alarms already."""
    shown = set.intersection(*({*playbook.manual.steps} for playbook in PLAYBOOKS.values()))
    added = dict.fromkeys(each.value for kind in (Step, StepKind) for each in kind)
    return [key.split(".")[1] for key in added if known(key) and key not in shown]


def _step(name: str, language: str, start: str) -> str:
    """With the section that has its command, or the command itself where it is short."""
    replaced = {"incident": "INCIDENT", "where": _SETTINGS.console, "reserved": "RESERVED"}
    said = say(with_commands((Text(f"step.{name}", replaced),), GENERAL, _SETTINGS)[0], language)
    words, *command = said.split("\n")
    if known(f"runbook.{name}"):
        words = say(Text(f"step.{name}"), language) + f" → [{name}](#{name})"
    indent = " " * len(start)
    return "\n".join((_wrapped(start + words, indent), *(f"{indent}`{each}`" for each in command)))


def _wrapped(words: str, indent: str = "") -> str:
    """In lines of at most 110 columns; Japanese breaks after its marks only."""
    lines = [""]
    for part in re.findall(r"[^ 、。]*[、。]|[^ 、。]+ ?| ", words):
        if _columns(lines[-1] + part.rstrip()) > _WIDTH and lines[-1].strip():
            lines.append(indent)
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def _section(name: str, language: str) -> str:
    command = runbook(name, None, _SETTINGS) or Text(name)
    said = _wrapped(say(Text(f"step.{name}"), language))
    shown = say(command, "en")
    section = f"### {name}\n\n{said}\n\n```bash\n{shown}\n```"
    if "update-function-configuration" not in shown:
        return section
    return f"{section}\n\n{_wrapped(say(text('runbook_page.latest_only'), language))}"
