"""What `-h` shows, in the reader's language: the texts `help.*` of the catalogue.

A command has the key `help.<command>`, its parameter `help.<command>.<parameter>`, or
`help.option.<parameter>` where it is the same for all. What the catalogue does not have is shown as the code
describes it.
"""

import re
from collections.abc import Iterable, Iterator
from shutil import get_terminal_size
from typing import Any

import typer
from rich.cells import cell_len

from liveness_ops.people.exits import Exit
from liveness_ops.people.wrap import wrap
from responder.core.text import Text, text
from responder.messages.language import known, say

# The commands of each panel, in their order; all others belong to the last one.
PANELS = {
    "on_call": (
        "incidents", "show", "tail", "leases", "ack", "approve", "reject", "withdraw", "revert", "close",
    ),
    "switch": ("pause", "resume", "mode", "settings"),
    "check": ("check", "detect", "backtest", "selftest", "failures", "preflight"),
    "restore": ("backup-table", "restore-table", "restore-object", "enable-versioning"),
    "try": ("local",),
    "developers": (),
}  # fmt: skip
# Options that every command has come last.
SHARED = frozenset(("profile", "region", "stack", "endpoint_url", "local", "language", "machine", "help"))
_WIDEST = 100


def page(command: Any, ctx: Any, language: str) -> str:
    """The help of a command or a group of commands, as the terminal shows it."""
    sections = list(_sections(command, ctx, language))
    first = max(cell_len(name) for _, rows in sections for name, _ in rows)
    width = min(get_terminal_size().columns, _WIDEST)
    lines = wrap(say(text("help.usage", usage=_usage(command, ctx, language)), language), width)
    lines += ["", *wrap(about(command, ctx.command_path, language), width)]
    for title, rows in sections:
        lines += ["", typer.style(say(Text(title), language), bold=True)]
        for name, said in rows:
            blank = " " * (first - cell_len(name))
            begin, *more = wrap(said, width - first - 4)
            lines.append(f"  {typer.style(name, fg='cyan')}{blank}  {begin}")
            lines += [f"{' ' * (first + 4)}{each}" for each in more]
    if _group(command):
        lines += ["", *wrap(say(text("help.more", command=ctx.command_path), language), width)]
    return "\n".join(lines)


def about(command: Any, path: str, language: str) -> str:
    """What a command does. `path`: as it is typed, with the program's name."""
    key = f"help.{_key(path) or 'about'}"
    return say(Text(key), language) if known(key) else " ".join((command.help or "").split())


def describe(param: Any, path: str, language: str) -> str:
    """What an option or an argument is for."""
    keys = (f"help.{_key(path)}.{param.name}", f"help.option.{param.name}")
    key = next((each for each in keys if known(each)), "")
    return say(Text(key), language) if key else str(getattr(param, "help", "") or "")


def name_of(param: Any) -> str:
    """The parameter as it is typed: `--reason`, `INCIDENT`."""
    if param.param_type_name == "argument":
        return str(param.metavar or param.name.upper()).strip("[]")
    return str(max(param.opts, key=len))


def _key(path: str) -> str:
    return "_".join(path.split()[1:]).replace("-", "_")


def _usage(command: Any, ctx: Any, language: str) -> str:
    words = [ctx.command_path]
    for each in _shown(command, ctx):
        if each.param_type_name == "argument":
            many = "..." if each.nargs == -1 else ""
            words.append(f"{name_of(each)}{many}" if each.required else f"[{name_of(each)}]{many}")
        elif each.required:
            words.append(f"{name_of(each)} {_value(each)}")
    words.append(say(text("help.options_word"), language))
    return " ".join([*words, *([say(text("help.command_word"), language)] if _group(command) else [])])


def _sections(command: Any, ctx: Any, language: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    if _group(command):
        yield from _panels(command, ctx, language)
    params = _shown(command, ctx)
    arguments = [each for each in params if each.param_type_name == "argument"]
    options = [each for each in params if each.param_type_name == "option"]
    parts = (
        ("help.panel.arguments", arguments),
        ("help.panel.options", [each for each in options if _group(command) or each.name not in SHARED]),
        ("help.panel.shared", [each for each in options if not _group(command) and each.name in SHARED]),
    )
    for title, found in parts:
        if found:
            yield title, [(_typed(each), describe(each, ctx.command_path, language)) for each in found]
    if ctx.parent is None:
        yield (
            "help.panel.exit",
            [(str(each.value), say(Text(f"help.exit.{each.value}"), language)) for each in Exit],
        )


def _panels(command: Any, ctx: Any, language: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    def rows(names: Iterable[str]) -> list[tuple[str, str]]:
        there = [(each, command.commands[each]) for each in names if each in command.commands]
        said = [(each, about(one, f"{ctx.command_path} {each}", language)) for each, one in there]
        # The first sentence.
        return [(each, re.split(r"(?<=\.)\s|(?<=。)", whole)[0]) for each, whole in said]

    if ctx.parent is not None:
        yield "help.panel.commands", rows(command.commands)
        return
    placed = {each for names in PANELS.values() for each in names}
    last = [each for each in command.commands if each not in placed]
    for panel, names in PANELS.items():
        if found := rows(names or last):
            yield f"help.panel.{panel}", found


def _group(command: Any) -> bool:
    return hasattr(command, "commands")


def _shown(command: Any, ctx: Any) -> list[Any]:
    return [each for each in command.get_params(ctx) if not getattr(each, "hidden", False)]


def _typed(param: Any) -> str:
    """An option with its short form and the name of its value."""
    if param.param_type_name == "argument":
        return name_of(param)
    names = ", ".join((*sorted(param.opts, key=len), *param.secondary_opts))
    return names if param.is_flag else f"{names} {_value(param)}"


def _value(param: Any) -> str:
    return str(param.metavar or param.name.upper())
