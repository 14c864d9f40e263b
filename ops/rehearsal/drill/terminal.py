"""A drill in the terminal: a line per scenario, details of what differs, and a table by alarm at the end.

Every line is made here, at the width of the console, so that Japanese is broken where it may be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from liveness_ops.people.options import Language
from liveness_ops.people.wrap import wrap
from rehearsal.drill import words
from rehearsal.drill.follow import Message, PastEvent
from rehearsal.drill.followed_incident import FollowedIncident
from rehearsal.drill.person_acts import PersonAct
from rehearsal.drill.results import DrillResult, ScenarioResult, worlds
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.step_result import StepResult

_TONES = {"red": "red", "amber": "yellow", "normal": "green", "info": "blue", "unknown": "magenta"}
_OUTCOMES = {"applied": "green", "already": "green", "reverted": "green", "stepped": "green"} | {
    "asked": "yellow",
    "observed": "blue",
}
_KINDS = {
    "escalation": "red",
    "failure": "red",
    "watchdog": "yellow",
    "reminder": "yellow",
    "closed": "green",
}


@dataclass(frozen=True)
class Terminal:
    """Prints to one console. `verbose`: every scenario with its details, else only what differs."""

    console: Console
    language: Language
    verbose: bool = False

    def say(self, key: str, **values: object) -> str:
        """A sentence of the drill's catalogue."""
        return words.say(key, self.language, **values)

    def print(self, text: str, indent: str = "", *, label: str = "", style: str = "") -> None:
        """One paragraph, folded; the label is bold."""
        lines = wrap(f"{label}{text}", self.console.width - 1, indent)
        shown = Text("\n".join(lines), style=style)
        shown.stylize("bold", 0, len(label))
        self.console.print(shown, soft_wrap=True, highlight=False)

    def heading(self, key: str, **values: object) -> None:
        """The name of what follows."""
        self.print(self.say(key, **values), style="bold")

    def begin(self, scenarios: Sequence[Scenario], left_out: str = "") -> None:
        """How many scenarios, and in which worlds. `left_out`: the sentence about the others, or empty."""
        self.print(self.say("run.begin", count=len(scenarios)))
        if left_out:
            self.print(left_out)
        self.worlds(scenarios)

    def worlds(self, scenarios: Sequence[Scenario]) -> None:
        """What each of their worlds is."""
        for world in worlds(scenarios):
            label = f"  {self.say(f'world.{world}')}: "
            self.print(self.say(f"world.{world}.is"), "    ", label=label)

    def alarm(self, alarm: str) -> None:
        """The heading of an alarm's scenarios."""
        self.console.print()
        self.print(words.broken(alarm, self.language), "  ", label=f"{alarm}  ")

    def line(self, one: ScenarioResult, column: int) -> None:
        """State, name, seconds, outcome and what was broken; `column`: how wide the names are."""
        state = set_cell_size(one.state, _STATE)
        again = f" · {self.say('run.again')}" if one.played.again else ""
        seconds = self.say("drill.seconds", seconds=f"{one.seconds:5.1f}")
        first = f"  {state} {set_cell_size(one.scenario.name, column)} {seconds}  "
        said = f"{one.became}{again} · {one.title}"
        width = self.console.width - 1 if self.console.is_terminal else cell_len(first + said)
        shown = Text("\n".join(wrap(f"{first}{said}", width, " " * (_STATE + 3))))
        shown.stylize("bold green" if one.passed else "bold red", 2, 2 + len(state))
        shown.stylize("dim", len(first) + len(one.became))
        self.console.print(shown, soft_wrap=True, highlight=False)
        if self.verbose or not one.passed:
            self.details(one)

    def details(self, one: ScenarioResult) -> None:
        """The fault, the differences, the findings, the decision, the changes, and the messages."""
        self.print(one.title, "  ", label=f"{self.say('drill.broken')}: ")
        self.print(one.world, "  ", label=f"{self.say('drill.world')}: ")
        self.differences(one)
        for step_result in one.played.acts:
            self._act(step_result)
        self.console.print()

    def differences(self, one: ScenarioResult) -> None:
        """Expected and actual, side by side, and the command that plays the scenario again."""
        if one.differences:
            self.heading("drill.differences")
        width = max(cell_len(self.say(key)) for key in ("drill.expected", "drill.found"))
        for each in one.differences:
            self.print(f"  {each.what(self.language)}", "    ", style="red")
            for key, side in zip(("drill.expected", "drill.found"), each.sides(self.language), strict=True):
                deep = " " * (width + 6)
                said = str(side).replace("\n", f"\n{deep}")
                self.print(f"    {set_cell_size(self.say(key), width)}  {said}", deep)
        self.print(one.replay, label=f"{self.say('drill.replay')}: ")

    def end(self, result: DrillResult) -> None:
        """The table by alarm, the sum, and what differs once more."""
        self.console.print()
        self.console.print(self._table(result), highlight=False)
        self.console.print()
        self.print(result.summary, style="bold green" if not result.differing else "bold red")
        if not result.differing:
            return
        self.print(self.say("run.differing", count=len(result.differing)), style="bold")
        for one in result.differing:
            self.console.print()
            self.print(
                f"{one.state} {one.scenario.alarm}/{one.scenario.name}: {one.title}", "  ", style="red"
            )
            self.differences(one)

    def say_where(self, page: Path, data: Sequence[Path]) -> None:
        """The files that were written."""
        self.console.print()
        self.print(self.say("run.page", path=page))
        self.print(self.say("run.files", paths=", ".join(map(str, data))))
        if not self.verbose:
            self.print(self.say("run.verbose"))

    def _table(self, result: DrillResult) -> Table:
        """One line per alarm: how many scenarios as expected, and how many of each first outcome."""
        shown = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
        shown.add_column(self.say("drill.alarm"), no_wrap=True)
        shown.add_column(self.say("drill.as_expected"), justify="right", no_wrap=True)
        shown.add_column(self.say("drill.outcomes_of_first"), no_wrap=True)
        names = (*result.by_alarm, self.say("drill.total"))
        step_result = max(map(cell_len, names)) + max(5, cell_len(self.say("drill.as_expected"))) + 6
        for alarm, scenarios in (*result.by_alarm.items(), (names[-1], result.scenarios)):
            passed = sum(each.passed for each in scenarios)
            style = "red" if passed < len(scenarios) else "bold" if alarm == names[-1] else ""
            said = "\n".join(wrap(self._outcome_counts(result, scenarios), self.console.width - step_result))
            shown.add_row(alarm, f"{passed}/{len(scenarios)}", said, style=style)
        return shown

    def _outcome_counts(self, result: DrillResult, scenarios: Sequence[ScenarioResult]) -> str:
        counts = zip(result.outcomes, result.counts(scenarios), strict=True)
        found = (f"{words.result(name, self.language)} {count}" for name, count in counts if count)
        return self.say("drill.separator").join(found)

    def _act(self, step_result: StepResult) -> None:
        if step_result.followed is not None:
            self._followed(step_result.followed)
            self._changes(step_result)
            return
        if step_result.step is not None:
            self.print(
                step_result.step.what.said(self.language), "  ", label=f"▶ {step_result.step.command} "
            )
            if isinstance(step_result.step, PersonAct):
                who = f"{step_result.step.who} → {step_result.answer}"
                self.print(who, label=f"{self.say('drill.person')}: ")
        if step_result.report:
            self._findings(step_result.report)
            self._decision(step_result.report)
            self._outcomes(step_result.report)
        self._changes(step_result)
        for mail in step_result.mail:
            self.heading("drill.message")
            self.print(f"  {mail.subject}", style="bold")
            for line in mail.text.rstrip().split("\n"):
                self.print(f"  {line}")
        if not step_result.mail:
            self.print(self.say("drill.no_message"))

    def _findings(self, report: Mapping[str, Any]) -> None:
        if not report["findings"]:
            return
        self.heading("drill.findings")
        for finding in report["findings"]:
            label = f"  [{words.tone(finding['tone'], self.language)}] "
            self._labelled(
                label, f"{finding['said']['text']}{self._samples(finding)}", _TONES[finding["tone"]]
            )
            for detail in finding["details"]:
                self.print(f"{' ' * cell_len(label)}{detail['text']}", " " * cell_len(label), style="dim")

    def _samples(self, finding: Mapping[str, Any]) -> str:
        if not finding["samples"] or str(finding["samples"]) in finding["said"]["text"]:
            return ""
        return f" ({self.say('drill.samples', count=finding['samples'])})"

    def _decision(self, report: Mapping[str, Any]) -> None:
        self.heading("drill.decision")
        self.print(f"  {self.say('drill.cause')}: {report['cause']['text']}", "    ")
        for line in (report["why"], *report["ruled_out"]):
            self.print(f"  {line['text']}", "    ")

    def _outcomes(self, report: Mapping[str, Any]) -> None:
        if not report["outcomes"]:
            self.print(self.say("drill.none"), label=f"{self.say('drill.outcomes')}: ")
            return
        self.heading("drill.outcomes")
        for outcome in report["outcomes"]:
            label = f"  [{words.outcome(outcome, self.language)}] "
            called = words.remedy(outcome, self.language)
            style = _OUTCOMES.get(outcome["result"], "red")
            self._labelled(label, f"{called}: {outcome['why']['text']}", style)
            for said in _reasons(outcome):
                self.print(f"{' ' * cell_len(label)}{said}", " " * cell_len(label))

    def _labelled(self, label: str, text: str, style: str) -> None:
        lines = wrap(f"{label}{text}", self.console.width - 1, " " * cell_len(label))
        shown = Text("\n".join(lines))
        shown.stylize(f"bold {style}", 0, len(label))
        self.console.print(shown, soft_wrap=True, highlight=False)

    def _changes(self, step_result: StepResult) -> None:
        if not step_result.changes:
            self.print(self.say("drill.no_changes"))
            return
        self.heading("drill.changed")
        for setting, (before, after) in step_result.changes.items():
            self.print(f"  {setting}: {before} → {after}", "    ")

    def _followed(self, followed: FollowedIncident) -> None:
        """Minute, which message, its first line; and what happened in between."""
        self.heading("drill.course")
        for entry in followed.entries:
            minute = self.say("drill.minutes", minute=f"{entry.minute:.0f}")
            label = f"  {' ' * max(0, 7 - cell_len(minute))}{minute}  "
            what, said, style = self._entry(entry)
            self._labelled(f"{label}{what}", said, style)

    def _entry(self, entry: Message | PastEvent) -> tuple[str, str, str]:
        if isinstance(entry, PastEvent):
            return f"● {entry.said(self.language)}", "", "cyan"
        style = _KINDS.get(str(entry.body["kind"]), "default")
        return f"{entry.title(self.language)}: ", entry.first_line, style


# Cells of the longest state in each language.
_STATE = 7


def _reasons(outcome: Mapping[str, Any]) -> Iterator[str]:
    if outcome["because"]:
        yield outcome["because"]["text"]
    for change in outcome["changes"]:
        if change["note"]:
            yield f"{change['target']}: {change['note']['text']}"
