"""What every output of a drill shows of a played scenario, in the language of the drill."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from liveness_ops.people.options import Language
from rehearsal.drill import words
from rehearsal.drill.catalogue import ALL
from rehearsal.drill.difference import Difference
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.step_result import StepResult
from responder.core.verdict import Result

# The outcome of a response that had nothing to propose.
NO_PROPOSAL = "none"
OUTCOMES = (*(each.value for each in Result), NO_PROPOSAL)


def replay(scenario: Scenario, messages: Language | None, *, verbose: bool = True) -> str:
    """The command that plays this scenario again, with its messages on the terminal. `messages`: their
    language, where it was chosen."""
    alarm = scenario.part if scenario.alone else scenario.alarm
    return f"make drill ALARM={alarm} SCENARIO={scenario.name}{_chosen(messages)}{' V=1' if verbose else ''}"


def play_all(messages: Language | None) -> str:
    """The command that leaves no scenario out. `messages`: their language, where it was chosen."""
    return f"make drill ALARM={ALL}{_chosen(messages)}"


def left_out(scenarios: Sequence[Scenario], language: Language, messages: Language | None) -> str:
    """How many are left out, and the command that plays them too; empty where none is."""
    count = len(scenarios)
    return words.say("run.left_out", language, count=count, command=play_all(messages)) if count else ""


def _chosen(messages: Language | None) -> str:
    return f" MESSAGES={messages}" if messages else ""


@dataclass(frozen=True)
class ScenarioResult:
    """One played scenario. `messages`: their language, where it was chosen."""

    played: ScenarioRun
    language: Language
    messages: Language | None = None

    @property
    def scenario(self) -> Scenario:
        """What was played."""
        return self.played.scenario

    @property
    def differences(self) -> list[Difference]:
        """Empty where it went as expected."""
        return self.played.problems

    @property
    def passed(self) -> bool:
        """Whether it went as expected."""
        return not self.differences

    @property
    def state(self) -> str:
        """Whether it went as expected, in a word."""
        return words.say("state.passed" if self.passed else "state.differs", self.language)

    @property
    def title(self) -> str:
        """What was broken."""
        return self.scenario.broken.said(self.language)

    @property
    def world(self) -> str:
        """The name of its world."""
        return words.say(f"world.{self.scenario.world}", self.language)

    @property
    def cause(self) -> str:
        """The sentence of the first response; empty where no message came."""
        report = self.played.acts[0].report
        return str(report["cause"]["text"]) if report else ""

    @property
    def first_outcome(self) -> str:
        """A Result of the first response, or NO_PROPOSAL."""
        return self.outcomes[0]

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Every Result in its order; NO_PROPOSAL where the first response had none."""
        first, *later = (tuple(str(each["result"]) for each in act.outcomes) for act in self.played.acts)
        return (*(first or (NO_PROPOSAL,)), *(each for results in later for each in results))

    @property
    def became(self) -> str:
        """The outcomes in words, equal ones in a row together, and how far the incident was followed."""
        found = [words.result(NO_PROPOSAL, self.language)] if not self.played.acts[0].outcomes else []
        found += [part for act in self.played.acts for part in self._became(act)]
        return " → ".join(self._counted(found))

    def _became(self, act: StepResult) -> list[str]:
        if act.followed is None:
            return [words.outcome(outcome, self.language) for outcome in act.outcomes]
        minute = f"{act.followed.entries[-1].minute:.0f}"
        key = "outcome.closed" if act.files else "outcome.followed"
        return [words.say(key, self.language, minute=minute)]

    def _counted(self, found: Sequence[str]) -> Iterator[str]:
        for what, equal in groupby(found):
            count = len(list(equal))
            yield words.say("outcome.times", self.language, what=what, count=count) if count > 1 else what

    @property
    def changes(self) -> int:
        """How many settings changed in AWS, over all acts."""
        return sum(len(act.changes) for act in self.played.acts)

    @property
    def seconds(self) -> float:
        """Wall time of the response and of each command."""
        return self.played.seconds

    @property
    def replay(self) -> str:
        """The command that plays it again."""
        return replay(self.scenario, self.messages)


@dataclass(frozen=True)
class DrillResult:
    """A whole drill. `seconds`: wall time from the start of the local AWS to the last scenario. `messages`:
    their language, where it was chosen. `others`: scenarios that were left out."""

    scenarios: tuple[ScenarioResult, ...]
    language: Language
    seconds: float
    messages: Language | None = None
    others: tuple[Scenario, ...] = ()

    @classmethod
    def of(
        cls,
        played: Sequence[ScenarioRun],
        language: Language,
        seconds: float,
        messages: Language | None = None,
        others: Sequence[Scenario] = (),
    ) -> "DrillResult":
        """These scenarios."""
        scenarios = tuple(ScenarioResult(each, language, messages) for each in played)
        return cls(scenarios, language, seconds, messages, tuple(others))

    @property
    def differing(self) -> tuple[ScenarioResult, ...]:
        """The scenarios that did not go as expected."""
        return tuple(each for each in self.scenarios if not each.passed)

    @property
    def passed(self) -> int:
        """How many went as expected."""
        return len(self.scenarios) - len(self.differing)

    @property
    def summary(self) -> str:
        """One sentence: how many, and in what time."""
        return words.say(
            "run.summary",
            self.language,
            passed=self.passed,
            all=len(self.scenarios),
            seconds=f"{self.seconds:.1f}",
        )

    def left_out(self, alarm: str = "") -> str:
        """How many scenarios of this alarm, else of all, were left out, and the command that plays them too;
        empty where none was."""
        others = [each for each in self.others if alarm in ("", each.alarm)]
        return left_out(others, self.language, self.messages)

    @cached_property
    def by_alarm(self) -> dict[str, tuple[ScenarioResult, ...]]:
        """The results by the alarm's short name."""
        alarms = dict.fromkeys(each.scenario.alarm for each in self.scenarios)
        return {
            alarm: tuple(each for each in self.scenarios if each.scenario.alarm == alarm) for alarm in alarms
        }

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes of first responses in this drill, in the order of OUTCOMES."""
        found = {each.first_outcome for each in self.scenarios}
        return tuple(each for each in OUTCOMES if each in found)

    def counts(self, scenarios: Sequence[ScenarioResult]) -> tuple[int, ...]:
        """How many of them had each of `outcomes`."""
        found = Counter(each.first_outcome for each in scenarios)
        return tuple(found[outcome] for outcome in self.outcomes)

    @property
    def worlds(self) -> tuple[str, ...]:
        """Names of the worlds that were used."""
        return worlds(each.scenario for each in self.scenarios)


def worlds(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Names of their worlds, each once."""
    return tuple(dict.fromkeys(str(each.world) for each in scenarios))
