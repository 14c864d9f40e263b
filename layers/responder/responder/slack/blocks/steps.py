"""The manual's steps: the sentence, and below it what to paste in a box of its own."""

from collections.abc import Iterator, Sequence

from responder.messages.block_kit import code, listed, words
from responder.slack.status import ReportJson


def steps(told: Sequence[ReportJson], most: int, language: str, commands: bool = True) -> list[str]:
    """Numbered. `commands`: with what to paste."""
    return listed(list(_numbered(told, commands)), most, language)


def _numbered(told: Sequence[ReportJson], commands: bool) -> Iterator[str]:
    for number, step in enumerate(told, 1):
        first, _, command = str(step.get("text", "")).partition("\n")
        said = f"{number}. {words(first, 800)}"
        yield f"{said}\n{code(command.strip(chr(10)))}" if commands and command.strip() else said
