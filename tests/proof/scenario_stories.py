"""Every scenario of the drill that acts or asks, and every command after it, as stories of the matrix."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial

import time_machine

from local_aws.client import Mail
from rehearsal.drill import alarm_commands, state
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.check import problems
from rehearsal.drill.scenario import Expect, Scenario
from rehearsal.drill.step_result import StepResult
from rehearsal.world.names import ACCOUNT, REGION
from responder.alarm_function.handler import World, answer
from responder.aws.claims import Claims
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.text import Strings
from responder.respond.playbook import Playbook
from tests.fakes import FakeAws
from tests.proof import in_memory_drill
from tests.proof.async_invocation import LambdaContext
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.matrix import Story, StoryRun, StoryStart, clean

_ACTS = frozenset({"applied", "partial", "failed", "asked", "already", "refused"})
# What cannot be played in memory, and why. A test holds the list short.
NOT_IN_MEMORY = {
    "high-error-rate/topic-unreachable": "its fault outlasts every delivery; sns:Publish fails once in each "
    "story here",
}


@frozen
class Known:
    """What a story is about. `first`: the settings before the first change; `before`: those before this
    event; `step`: 0 for the alarm, then the commands; `event`: what is delivered."""

    scenario: Scenario
    step: int
    event: Data
    first: state.State
    before: state.State
    expect: Expect

    @property
    def playbook(self) -> Playbook:
        """It answers."""
        return in_memory_drill.playbook(self.scenario.alarm)


def stories(whole: bool = True) -> list[Story]:
    """In the order of the catalogue; of each kind of act one also with an alarm that clears without a remedy.

    Not `whole`: the first scenario of each kind of act and of commands after it.
    """
    found, kinds = list[Story](), set[Strings]()
    for scenario in playable() if whole else {_kind(each): each for each in reversed([*playable()])}.values():
        steps = range(len(scenario.then) + 1)
        found += [Story(story_name(scenario, step), partial(_begin, scenario.id, step)) for step in steps]
        kind = _kind(replace(scenario, then=()))
        if "applied" in scenario.expect.results.values() and kind not in kinds:
            kinds.add(kind)
            found.append(Story(f"{scenario.id}, and it is over", partial(_over, scenario.id)))
    return found


def _kind(scenario: Scenario) -> Strings:
    results = (f"{remedy} {result}" for remedy, result in scenario.expect.results.items())
    return (*results, *(step.command for step in scenario.then))


def playable() -> Iterator[Scenario]:
    """Whatever acts, asks or is refused, and can be played in memory: the entry for people cannot."""
    every = (each for each in scenarios() if not each.part)
    return (each for each in every if acts(each) and each.id not in NOT_IN_MEMORY)


def acts(scenario: Scenario) -> bool:
    """It changes something, or asks a person, or is kept from it by a guard."""
    return bool(set(scenario.expect.results.values()) & _ACTS or scenario.expect.after)


def differences(played: StoryRun) -> list[str]:
    """What differs from what the drill expects of it."""
    known: Known = played.begun.known
    step_result = _taken(played.aws, known.before)
    return [str(each) for each in problems(known.expect, step_result, denied=True)]


def deliver(aws: FakeAws, known: Known, event: Data, gateway: FaultyGateway | None = None) -> Json:
    """One event of the alarm's function, at this moment."""
    environment, gateway = in_memory_drill.environment(known.scenario), gateway or FaultyGateway(aws)
    world = World(gateway, Claims(gateway, in_memory_drill.TABLES["Claims"]), environment, aws.now)
    with time_machine.travel(aws.now, tick=False):
        return answer(known.playbook, event, LambdaContext(), world)


def story_name(scenario: Scenario, step: int) -> str:
    return f"{scenario.id} {step} {scenario.then[step - 1].command}" if step else scenario.id


def _begin(name: str, step: int) -> StoryStart:
    found = acts_of(name)[step]
    return replace(found, aws=found.aws.copied())


def _over(name: str) -> StoryStart:
    """The alarm is OK when the event comes for the second time."""
    begun = _begin(name, 0)

    def between(aws: FakeAws) -> None:
        aws.settle()
        aws.metrics.set_alarm_state(begun.known.event["detail"]["alarmName"], "OK")

    return replace(begun, between=between)


@lru_cache(maxsize=2)
def acts_of(name: str) -> tuple[StoryStart, ...]:
    """Every act of a scenario, each as it begins where all went well before."""
    alarm, _, own = name.partition("/")
    (scenario,) = scenarios(alarm, own)
    return tuple(_played(scenario))


def _played(scenario: Scenario) -> Iterator[StoryStart]:
    aws = in_memory_drill.restored(scenario)
    first = state.read(in_memory_drill.as_local_aws(aws).client)
    event: Data = in_memory_drill.event(scenario, aws.now)
    earlier: list[StepResult] = []
    for number, expect in enumerate((scenario.expect, *(step.expect for step in scenario.then))):
        before = state.read(in_memory_drill.as_local_aws(aws).client)
        if number:
            event = _order(aws, scenario, number, earlier)
        begun = _begun(aws, Known(scenario, number, event, first, before, expect))
        yield replace(begun, aws=begun.aws.copied())
        done = clean(Story("", lambda begun=begun: begun))  # type: ignore[misc]
        earlier.append(_taken(done.aws, before))
        aws = done.aws
        aws.tick(minutes=1)


def _order(aws: FakeAws, scenario: Scenario, number: int, earlier: list[StepResult]) -> Data:
    """The command as the drill sends it, with the approvals that it needs on record."""
    step, here = scenario.then[number - 1], in_memory_drill.InMemoryLocalAws(aws)
    for condition in step.before:
        condition(here, aws.now)
    with time_machine.travel(aws.now, tick=False):
        alarm_commands.order(here, scenario, step, earlier)  # type: ignore[arg-type]
    aws.tick(seconds=5)
    return here.ordered[0]


def _begun(aws: FakeAws, known: Known) -> StoryStart:
    aws.calls.clear()
    aws.done.clear()
    aws.sns.published.clear()
    return begun_with(aws, known)


def begun_with(aws: FakeAws, known: Known) -> StoryStart:
    """The event is about to arrive."""
    return StoryStart(
        aws,
        lambda gateway: deliver(gateway.aws, known, known.event, gateway),
        in_memory_drill.environment(known.scenario),
        _record(known),
        known,
    )


def _record(known: Known) -> Json:
    name = in_memory_drill.function(known.scenario)
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}:$LATEST"
    return {
        "version": "1.0",
        "requestContext": {"functionArn": arn, "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": known.event,
        "responsePayload": {"errorType": "Unreachable", "errorMessage": ""},
    }


def _taken(aws: FakeAws, before: state.State) -> StepResult:
    mail = tuple(
        Mail(each["TopicArn"], "", each["Subject"], json.loads(each["Message"]), {}, (), 0)
        for each in aws.sns.published
    )
    after = state.read(in_memory_drill.as_local_aws(aws).client)
    return StepResult(before=before, after=after, mail=mail, calls=(), rows=(), seconds=0)
