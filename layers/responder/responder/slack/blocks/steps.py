"""The manual's steps: the sentence, and below it what to paste in a box of its own."""

from collections.abc import Iterator, Sequence

from responder.messages.block_kit import code, listed, words
from responder.messages.report_message import SaidText


def steps(told: Sequence[SaidText], most: int, language: str, commands: bool = True) -> list[str]:
    """Numbered. `commands`: with what to paste."""
    return listed(list(_numbered(told, commands)), most, language)


def _numbered(told: Sequence[SaidText], commands: bool) -> Iterator[str]:
    for number, step in enumerate(told, 1):
        first, _, command = step.text.partition("\n")
        said = f"{number}. {words(first, 800)}"
        yield f"{said}\n{code(command.strip(chr(10)))}" if commands and command.strip() else said
