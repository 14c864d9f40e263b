"""The whole of `make sam-drill`: build, deploy to the local AWS, run every function on its events."""

import json
import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from liveness_ops.people.options import Language
from liveness_ops.template_tools.alarms import logical_id
from liveness_ops.template_tools.load import EVENTS
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.stack import STACK, install
from rehearsal.sam_drill import following
from rehearsal.sam_drill.invoke import CODE, Answer, docker, prepare
from rehearsal.sam_drill.relay import RUNNER, on_host
from rehearsal.sam_drill.runner import Invoke, runner, warm
from rehearsal.sam_drill.stamp import stamped
from rehearsal.world.build import World
from rehearsal.world.names import REGION

_STEP = timedelta(seconds=1)
# Refused by the function itself, so that Lambda hands them to ResponseFailed.
_REFUSED = {"foreign_account": "BadEvent"}


@dataclass(frozen=True, slots=True)
class Row:
    """One function on one event."""

    folder: str
    event: str
    answer: Answer

    @property
    def handled(self) -> bool:
        """Whether it was handled as it must be: an answer, or the refusal of what must be refused."""
        refusal = _REFUSED.get(self.event, "")
        return self.answer.problem.startswith(f"{refusal}:") if refusal else not self.answer.problem


def run(console: Console, alarm: str = "", language: Language = Language.JA) -> bool:
    """True where every function handled every event. `alarm` limits it to one folder of events/."""
    if not docker("info"):
        console.print(
            "[red]`sam local invoke` needs a running Docker engine; `docker info` does not answer.[/]"
        )
        return False
    folders = sorted(path for path in EVENTS.iterdir() if alarm in ("", path.name))
    if not folders:
        console.print(f"[red]events/ has no folder {alarm}[/]")
        return False
    console.print("sam build, sam deploy to the local AWS …")
    build()
    with ExitStack() as stack:
        aws = stack.enter_context(LocalAws(REGION))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sam-drill-")))
        install(aws, World.ROLLED_OUT, language)
        container = prepare(scratch, _variables(aws, folders), aws.environment())
        stack.enter_context(on_host(scratch / CODE, urlsplit(aws.endpoint).port or 0))
        plain = [folder for folder in folders if folder.name != following.FOLDER]
        # Events of one function follow each other; the functions share the machine's cores.
        with warm(container, scratch / "lambda.log") as invoke, ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = [row for each in pool.map(partial(_rows, console, invoke), plain) for row in each]
        # Last, so that nothing else changes the alarm that it looks at; as README describes it.
        if len(plain) < len(folders):
            port = stack.enter_context(runner(aws.environment(), scratch / "runner.log"))
            stack.enter_context(on_host(scratch / CODE, port, RUNNER))
            rows.append(_shown(console, Row(*following.EVENT, following.follow(aws, container, port))))
    console.print(_table(rows))
    return all(row.handled for row in rows)


def function_of(folder: Path) -> str:
    """`high-error-rate` -> `HighErrorRate`."""
    return logical_id(folder.name.replace("-", "_"))


def _variables(aws: LocalAws, folders: list[Path]) -> dict[str, Mapping[str, str]]:
    client = aws.client("lambda")
    return {
        function_of(folder): client.get_function_configuration(FunctionName=f"{STACK}-{folder.name}")[
            "Environment"
        ]["Variables"]
        for folder in folders
    }


def _rows(console: Console, invoke: Invoke, folder: Path) -> list[Row]:
    opened = datetime.now(UTC)
    rows = []
    for number, path in enumerate(sorted(folder.glob("*.json"))):
        now = opened if path.stem == "alarm" else max(datetime.now(UTC), opened + number * _STEP)
        event = json.loads(path.read_text(encoding="utf-8"))
        answer = invoke(function_of(folder), stamped(event, now, opened, REGION))
        rows.append(_shown(console, Row(folder.name, path.stem, answer)))
    return rows


def _shown(console: Console, row: Row) -> Row:
    console.print(f"  {'ok    ' if row.handled else 'FAILED'} {row.folder}/{row.event}")
    return row


def _table(rows: list[Row]) -> Table:
    table = Table("function", "event", "answer", "s")
    for row in rows:
        said = _short(row.answer.said)
        shown = row.answer.problem or said
        shown = escape(shown) if row.handled else f"[red]{escape(shown)}[/]"
        table.add_row(row.folder, row.event, shown, f"{row.answer.seconds:.1f}")
    return table


def _short(said: object) -> str:
    """The answer, without the ids where it says more."""
    if isinstance(said, dict):
        said = {key: value for key, value in said.items() if key not in ("incident", "report")} or said
    return json.dumps(said, ensure_ascii=False)[:160]
