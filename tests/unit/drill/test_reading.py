from functools import partial
from pathlib import Path

import pytest

from rehearsal.drill.conditions import no_alias, table_busy
from rehearsal.drill.follow import ExpectedMessage
from rehearsal.drill.incident_events import Recovers
from rehearsal.drill.reading import ScenarioError, read
from rehearsal.drill.scenario import Scenario
from rehearsal.world.names import CREATE, RESULT
from rehearsal.world.request_endings import cold, failing, timed_out
from rehearsal.world.traffic import Requests

NAMES = {"late": {"timed_out": "$limit"}, "two": ["no_alias", {"table_busy": "UPDATING"}], "limit": 15.0}
WHOLE = """
variants:
  first: {function: FaceAuth-CreateLivenessSession, limit: 10.0}
  second: {function: FaceAuth-GetLivenessResult}
defaults: {broken: {ja: 壊れた, en: It broke}}
scenarios:
  - name: both
    traffic: [{failing: {ending: $late, function: $function}}, [$function, 6, {cold: [$late, 5]}, 5]]
    conditions: [$two]
    expect: {after: [{"${function}:live x": "0"}, {y: "1"}], says: [$function, of $LATEST]}
    follow: {script: [[5, recovers]], messages: [[0, response]]}
  - name: one
    for: [second]
    expect: {}
"""


def scenarios(tmp_path: Path, text: str) -> list[Scenario]:
    path = tmp_path / "some.yaml"
    path.write_text(text, encoding="utf-8")
    return list(read(path, NAMES))


def test_a_scenario_is_read_for_each_variant_with_its_names(tmp_path: Path) -> None:
    first, second, one = scenarios(tmp_path, WHOLE)
    assert [each.id for each in (first, second, one)] == ["first/both", "second/both", "second/one"]
    assert [each.on_request for each in (first, second, one)] == [False, True, False]
    assert (first.broken.ja, first.broken.en) == ("壊れた", "It broke")
    assert first.traffic == (
        *failing(timed_out(10.0), function=CREATE),
        Requests(CREATE, 6, cold(timed_out(10.0), 5), 5),
    )
    assert second.traffic[:3] == failing(timed_out(15.0))
    conditions = [(each.func, each.keywords) for each in first.conditions if isinstance(each, partial)]
    assert conditions == [(no_alias, {}), (table_busy, {"status": "UPDATING"})]
    assert second.expect.after == {f"{RESULT}:live x": "0", "y": "1"}
    assert second.expect.says == (RESULT, "of $LATEST")
    assert first.follow is not None
    assert (first.follow.script[0].event, first.follow.messages) == (
        Recovers(),
        (ExpectedMessage(0, "response"),),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- x", "some.yaml: no map"),
        ("scenarios: [", "some.yaml: while parsing"),
        ("scenario: []", "some.yaml: unknown: scenario; known: defaults, names, scenarios, variants"),
        (WHOLE.replace("[second]", "[third]"), "some.yaml: one: no variant 'third'"),
        (WHOLE.replace("$two", "$three"), "some.yaml: both: no name $three"),
        (WHOLE.replace("follow:", "folow:"), "some.yaml: both: unknown: folow; known: alarm,"),
        (WHOLE.replace("says:", "tells:"), "some.yaml: both: expect: unknown: tells; known: after,"),
        (
            WHOLE.replace("failing:", "failed:"),
            "some.yaml: both: traffic: 1: unknown: failed; known: failing,",
        ),
        (WHOLE.replace("recovers", "heals"), "some.yaml: both: follow: script: 1: event: unknown: heals"),
        (WHOLE.replace("[$function, of", "[1, of"), "some.yaml: both: expect: says: 1: 1 is no str"),
        (WHOLE.replace('y: "1"', "y: 1"), "some.yaml: both: expect: after: y: 1 is no str"),
        (WHOLE.replace("[0, response]", "[0, response, x, y]"), "messages: 1: unknown: y"),
        (WHOLE.replace("[$two]", "[{no_alias: {of: x}}]"), "conditions: 1: no_alias: unknown: of"),
        (
            WHOLE.replace("[$two]", "[changed]"),
            "conditions: 1: changed: missing a required argument: 'function'",
        ),
        (WHOLE.replace(", en: It broke", ""), "some.yaml: both: broken: "),
        (WHOLE.replace("10.0}", "soon}"), "failing: ending: timed_out: limit: 'soon' is no float"),
        (WHOLE.replace("name: one", "name: one\n    world: nowhere"), "unknown: nowhere; known: as-deployed"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenarios(tmp_path, text)
    assert said in str(error.value)
