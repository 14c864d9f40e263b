"""The options that every command has, and how they are applied."""

import inspect
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any

import typer

type Command = Callable[..., Any]


class Language(StrEnum):
    """The language of messages and of the console."""

    JA = "ja"
    EN = "en"


# The help of each is in `messages/locale/help.po`.
Profile = Annotated[str, typer.Option()]
Region = Annotated[str, typer.Option()]
Stack = Annotated[str, typer.Option()]
Endpoint = Annotated[str, typer.Option(metavar="URL")]
Local = Annotated[bool, typer.Option("--local")]
Yes = Annotated[bool, typer.Option("--yes", "-y")]
Words = Annotated[Language | None, typer.Option(metavar="ja|en")]
Machine = Annotated[bool, typer.Option("--json")]

STACK = "liveness-responder"
# Under this name the outermost context keeps the language of the command line.
LANGUAGE = "liveness_ops.language"


@dataclass(frozen=True, slots=True)
class Common:
    """The options as they were given. `administrator`: on the standing local AWS its administrator acts where
    no profile was given, as `OperatorPolicy` is not enough for the command."""

    profile: str
    region: str
    stack: str
    endpoint_url: str
    yes: bool
    language: str
    machine: bool
    local: bool = False
    administrator: bool = False

    @property
    def where(self) -> str:
        """The options by which another command finds the same stack."""
        given = {"profile": self.profile, "region": self.region, "endpoint-url": self.endpoint_url}
        given["stack"] = "" if self.stack == STACK else self.stack
        words = [f"--{name} {shlex.quote(value)}" for name, value in given.items() if value]
        return " ".join([*words, *(["--local"] if self.local else [])])


def _shared(  # noqa: PLR0913  one per option
    profile: Profile = "",
    region: Region = "",
    stack: Stack = STACK,
    endpoint_url: Endpoint = "",
    yes: Yes = False,
    language: Words = None,
    machine: Machine = False,
    local: Local = False,
) -> Common:
    chosen = language.value if language else spoken((), os.environ)
    return Common(profile, region, stack, endpoint_url, yes, chosen, machine, local)


def with_common(command: Command, *, asks: bool = True, aws: bool = True) -> Command:
    """A command for Typer: `command(common, …)` with the shared options after its own. `asks`: it changes
    something, and so has `--yes`. `aws`: it has options that select the stack."""
    _, *others = inspect.signature(command).parameters.values()
    shared = dict(inspect.signature(_shared).parameters)
    if not asks:
        del shared["yes"]
    if not aws:
        shared = {name: each for name, each in shared.items() if name in ("language", "machine")}

    @wraps(command)
    def run(ctx: typer.Context, **given: Any) -> None:
        options = {option: given.pop(option) for option in shared}
        common = _shared(**{**options, "language": Language(language_of(ctx))})
        own = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
        if own.get("incident") == "":
            from liveness_ops.usage import empty

            raise empty("incident", ctx, common.language)
        command(common, **own)

    visible = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in (*others, *shared.values())]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    run.__signature__ = inspect.Signature([context, *visible])  # type: ignore[attr-defined]
    hints = {**command.__annotations__, **_shared.__annotations__}
    own = {name: hint for name, hint in hints.items() if name in {each.name for each in visible}}
    run.__annotations__ = {"ctx": typer.Context, **own}
    del run.__wrapped__
    return run


def language_of(ctx: Any) -> str:
    """The language of the command line that this context belongs to."""
    return str(ctx.meta.get(LANGUAGE) or spoken((), os.environ))


def spoken(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """`--language`, at any place; else `LIVENESS_LANGUAGE`; else English for an English terminal and
    Japanese for any other."""
    pairs = zip(("", *arguments), arguments, strict=False)
    typed = [each for before, each in pairs if before == "--language"]
    typed += [each.partition("=")[2] for each in arguments if each.startswith("--language=")]
    for each in (*reversed(typed), environment.get("LIVENESS_LANGUAGE", "")):
        if each in tuple(Language):
            return each
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return "en" if locale.startswith("en") else "ja"
