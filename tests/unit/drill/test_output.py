"""A whole drill, from played scenarios to what it leaves behind."""

import io
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from liveness_ops.people.options import Language
from rehearsal.drill import output
from rehearsal.drill.catalogue import ALL, scenarios
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.results import DrillResult
from rehearsal.drill.scenario import Scenario
from tests.unit.drill.samples import played

CHOSEN = (*scenarios("high-error-rate", "acts"), *scenarios("high-error-rate", "asks-mode"))


def drilled(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    *ended: ScenarioRun | Exception,
    chosen: Sequence[Scenario] = CHOSEN,
) -> tuple[DrillResult, str]:
    @contextmanager
    def plays(_: object, messages: Language, *, late: bool) -> Iterator[Sequence[Future[Any]]]:
        assert messages is Language.JA
        futures: list[Future[Any]] = [Future() for _ in ended]
        for future, each in zip(futures, ended, strict=True):
            if isinstance(each, Exception):
                future.set_exception(each)
            else:
                future.set_result(each)
        yield futures

    monkeypatch.setattr(output, "plays", plays)
    monkeypatch.setattr(output, "ROOT", folder)
    monkeypatch.setattr(output, "FOLDER", folder / "drill")
    console = Console(file=io.StringIO(), width=80)
    result = output.drill(chosen, Language.EN, console, messages=Language.JA)
    file: Any = console.file
    return result, str(file.getvalue())


def test_a_scenario_that_breaks_off_is_shown_with_its_error_and_the_others_as_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    error = RuntimeError("the key cannot be empty")
    result, text = drilled(monkeypatch, tmp_path, played("acts", Language.EN), error)
    assert [one.scenario.name for one in result.differing] == ["asks-mode"]
    assert text.count("RuntimeError: the key cannot be empty") == 2
    assert "make drill ALARM=high-error-rate SCENARIO=asks-mode MESSAGES=ja V=1" in text
    written = {each.name for each in (tmp_path / "drill").iterdir()}
    assert {"index.html", "junit.xml", "results.json"} <= written


@pytest.mark.parametrize("chosen", [True, False])
def test_where_no_alarm_is_chosen_every_output_says_how_many_scenarios_are_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: bool
) -> None:
    usual = {"": CHOSEN[1:] if chosen else CHOSEN[:1], ALL: CHOSEN}
    monkeypatch.setattr(output, "to_play", lambda alarm="": usual[alarm])
    _, text = drilled(monkeypatch, tmp_path, played("acts", Language.EN), chosen=CHOSEN[:1])
    index, junit = ((tmp_path / "drill" / name).read_text() for name in ("index.html", "junit.xml"))
    command = "make drill ALARM=all MESSAGES=ja"
    said = f"1 other scenario is left out. To play it too: {command}"
    assert [said in " ".join(each.split()) for each in (text, index, junit)] == [not chosen] * 3
    found = json.loads((tmp_path / "drill" / "results.json").read_text())
    assert (found["left_out"], found["play_all"]) == (0 if chosen else 1, command)


def test_where_the_first_one_breaks_off_there_is_no_drill(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="not deployed"):
        drilled(monkeypatch, tmp_path, RuntimeError("not deployed"), played("asks-mode", Language.EN))
