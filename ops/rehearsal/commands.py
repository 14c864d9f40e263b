"""Commands of a checkout: they need its tools and a local AWS."""

import os
from typing import Annotated

import typer
from rich.console import Console

from liveness_ops.people.exits import Exit
from liveness_ops.people.options import Language, Words, spoken

# The help of each is in `messages/locale/help.po`.
Alarm = Annotated[str, typer.Option()]
Scenario = Annotated[str, typer.Option()]
List = Annotated[bool, typer.Option("--list")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v")]
Late = Annotated[bool, typer.Option("--late")]
Messages = Annotated[Language | None, typer.Option(metavar="ja|en")]


def drill(  # noqa: PLR0913  one per option
    alarm: Alarm = "",
    scenario: Scenario = "",
    messages: Messages = None,
    late: Late = False,
    only_list: List = False,
    verbose: Verbose = False,
    language: Words = None,
) -> None:
    """Rehearse the whole chain on a local AWS; exit status 1 when anything is not as expected. Messages are
    in the language of the drill's own words, unless `messages` is given."""
    from local_aws.client import StartError
    from rehearsal.drill import listing
    from rehearsal.drill.build import SamError
    from rehearsal.drill.catalogue import ALL, to_play
    from rehearsal.drill.output import drill as run
    from rehearsal.drill.terminal import Terminal

    own = _own(language)
    chosen = to_play(alarm or ALL if only_list else alarm, scenario)
    if not chosen:
        listing.unknown(Terminal(Console(stderr=True, emoji=False), own), alarm, scenario)
        raise typer.Exit(2)
    if only_list:
        listing.show(Terminal(_console(), own), chosen, messages)
        return
    try:
        result = run(chosen, own, _console(), messages=messages, late=late, verbose=verbose)
    except (SamError, StartError) as error:
        listing.not_started(Terminal(Console(stderr=True, emoji=False), own), str(error))
        raise typer.Exit(Exit.BROKEN) from None
    if result.differing:
        raise typer.Exit(1)


def sam_drill(alarm: Alarm = "", messages: Messages = None, language: Words = None) -> None:
    """Run the functions in SAM CLI's containers against a local AWS; needs Docker."""
    from rehearsal.sam_drill.run import run

    if not run(_console(), alarm, messages or _own(language)):
        raise typer.Exit(1)


def pages(messages: Messages = None, language: Words = None) -> None:
    """Open every page in a headless Chromium: fails on a complaint, keeps pictures in out/pages."""
    from rehearsal.drill.words import say
    from rehearsal.pages.browser import NoBrowserError
    from rehearsal.pages.run import run

    try:
        fine = run(messages or _own(language), _console())
    except NoBrowserError:
        typer.echo(say("error.no_browser", _own(language)), err=True)
        raise typer.Exit(2) from None
    if not fine:
        raise typer.Exit(1)


def pictures() -> None:
    """Make the pictures of README: needs Chromium."""
    from rehearsal.pages.pictures import run

    run(_console())


def _own(given: Language | None) -> Language:
    """Of what a command itself says: as asked for, else that of the terminal."""
    return given or Language(spoken((), os.environ))


def _console() -> Console:
    """As wide as the terminal; a file or a log gets room for a table."""
    console = Console(emoji=False)
    return console if console.is_terminal else Console(emoji=False, width=150)


def register(app: typer.Typer) -> None:
    """Add the commands, in their own panel after those for operators."""
    for command in (drill, sam_drill, pages, pictures):
        name = command.__name__.replace("_", "-")
        app.command(name, rich_help_panel="Rehearsal, in a checkout")(command)
