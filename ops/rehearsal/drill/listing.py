"""The alarms and their scenarios in words, and what to answer where a name is none."""

from collections.abc import Sequence

from liveness_ops.people.options import Language
from liveness_ops.usage import alike
from rehearsal.drill.catalogue import ALL, alarms, parts, scenarios
from rehearsal.drill.results import replay
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.terminal import Terminal

# What `make drill ALARM=` plays without this module: tests/timelines.
_ELSEWHERE = ("timelines",)
_ON_REQUEST = "*"


def show(terminal: Terminal, chosen: Sequence[Scenario], messages: Language | None = None) -> None:
    """Each alarm with its scenarios, a sentence each; then the other values of ALARM. `messages`: their
    language in the command that plays one, where it was chosen."""
    terminal.worlds(chosen)
    for alarm in dict.fromkeys(each.alarm for each in chosen):
        terminal.alarm(alarm)
        _sentences(terminal, [each for each in chosen if each.alarm == alarm])
    terminal.console.print()
    if any(each.on_request for each in chosen):
        terminal.print(terminal.say("list.on_request"))
        terminal.console.print()
    terminal.heading("list.parts")
    for part in (*parts(), *_ELSEWHERE, ALL):
        terminal.print(terminal.say(f"list.part.{part}"), "    ", label=f"  {part}  ")
    terminal.console.print()
    command = replay(chosen[0], messages, verbose=False)
    terminal.print(terminal.say("list.how", command=command))


def not_started(terminal: Terminal, why: str) -> None:
    """Why a drill cannot begin, and the last lines of the local AWS."""
    first, *more = why.splitlines()
    terminal.print(terminal.say("list.not_started", detail=first), style="red")
    for line in more:
        terminal.print(line)


def unknown(terminal: Terminal, alarm: str, name: str) -> None:
    """What there is; then which of the two names is none, and what is nearest to it."""
    values = (*alarms(), *parts(), *_ELSEWHERE, ALL)
    alarm = "" if alarm == ALL else alarm
    if alarm and alarm not in values:
        terminal.heading("list.alarms")
        for each in values:
            terminal.print(f"  {each}")
        terminal.print(terminal.say("list.no_alarm", name=alarm), style="red")
        _suggest(terminal, alarm, values)
        return
    known = scenarios(alarm)
    if alarm:
        terminal.heading("list.scenarios_of", alarm=alarm)
        _sentences(terminal, known)
    key = "list.no_scenario" if alarm else "list.no_scenario_anywhere"
    terminal.print(terminal.say(key, name=name, alarm=alarm), style="red")
    _suggest(terminal, name, tuple(dict.fromkeys(each.name for each in known)))


def _sentences(terminal: Terminal, found: Sequence[Scenario]) -> None:
    column = max(len(each.name) for each in found)
    for one in found:
        label = f"{_ON_REQUEST if one.on_request else '':2}{one.name:{column}}  "
        terminal.print(one.broken.said(terminal.language), " " * len(label), label=label)


def _suggest(terminal: Terminal, name: str, known: Sequence[str]) -> None:
    if names := near(name, known):
        terminal.print(terminal.say("list.meant", names=", ".join(names)), style="bold")


def near(name: str, known: Sequence[str]) -> list[str]:
    """The names that contain it, the shortest first, then similar ones; three at most."""
    holding = sorted((each for each in known if name and name in each), key=len)
    return list(dict.fromkeys((*holding, *alike(name, known))))[:3]
