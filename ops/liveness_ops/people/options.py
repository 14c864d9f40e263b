"""The options that every command has, and what becomes of them."""

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any

import typer

type Command = Callable[..., Any]


class Language(StrEnum):
    """Of messages, and of what the console says."""

    JA = "ja"
    EN = "en"


Profile = Annotated[str, typer.Option(help="Profile of your AWS configuration.")]
Region = Annotated[str, typer.Option(help="Region of the stack; the profile's by default.")]
Stack = Annotated[str, typer.Option(help="Name of the deployed stack.")]
Endpoint = Annotated[str, typer.Option(help="Another AWS, such as the local one.")]
Local = Annotated[
    bool, typer.Option("--local", help="The local AWS that runs on this machine, never another.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Answer every question with yes.")]
Words = Annotated[Language | None, typer.Option(help="Language; that of the terminal by default, else ja.")]
Machine = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]

EXITS = (
    "Exit status: 0 done; 1 declined at the prompt; 2 not clear what is meant; 3 the settings document does "
    "not name you, or cannot be used; 4 no such (open) incident; 5 nothing to answer, to take back, to "
    "resume or to redrive; 6 AWS refused or cannot be reached; 7 it was not done: the function refused, or "
    "another person was faster; 8 an error of the program; 130 interrupted by Ctrl-C: what was under way may "
    "have been done."
)


@dataclass(frozen=True, slots=True)
class Common:
    """The options as they were given."""

    profile: str
    region: str
    stack: str
    endpoint_url: str
    yes: bool
    language: str
    machine: bool
    local: bool = False


def _shared(  # noqa: PLR0913  one per option
    profile: Profile = "",
    region: Region = "",
    stack: Stack = "liveness-responder",
    endpoint_url: Endpoint = "",
    yes: Yes = False,
    language: Words = None,
    machine: Machine = False,
    local: Local = False,
) -> Common:
    chosen = language.value if language else _language(os.environ)
    return Common(profile, region, stack, endpoint_url, yes, chosen, machine, local)


def with_common(command: Command) -> Command:
    """A command for Typer: `command(common, …)` with the shared options after its own."""
    first, *others = inspect.signature(command).parameters.values()
    shared = inspect.signature(_shared).parameters

    @wraps(command)
    def run(**given: Any) -> None:
        common = _shared(**{option: given.pop(option) for option in shared})
        own = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
        if own.get("incident") == "":
            raise typer.BadParameter("it is empty", param_hint="incident")
        command(common, **own)

    visible = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in (*others, *shared.values())]
    run.__signature__ = inspect.Signature(visible)  # type: ignore[attr-defined]
    hints = {**command.__annotations__, **_shared.__annotations__}
    run.__annotations__ = {name: hint for name, hint in hints.items() if name not in (first.name, "return")}
    del run.__wrapped__
    return run


def _language(environment: Mapping[str, str]) -> str:
    """English for an English terminal; Japanese for any other."""
    told = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    return "en" if told.startswith("en") else "ja"
