"""The whole of `make pages`: make one page of each kind on the local AWS, open all of them, keep pictures."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from liveness_ops.people.options import Language
from liveness_ops.template_tools.load import EVENTS
from local_aws.client import LocalAws
from rehearsal.drill import files
from rehearsal.drill import page as drill_page
from rehearsal.drill.build import ROOT, build
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import play
from rehearsal.drill.results import DrillResult
from rehearsal.drill.run import plays
from rehearsal.drill.stack import STACK, install
from rehearsal.pages import backtested
from rehearsal.pages.browser import find, look
from rehearsal.pages.links import dead
from rehearsal.pages.past import filed_before, give, reports_bucket
from rehearsal.world.build import World
from rehearsal.world.names import REGION
from responder.checks.model import Cadence

# What the back-test's page is of, in the system as deployed.
_JUDGED = ("high-error-rate", "refuses-as-deployed")
OUT = ROOT / "out" / "pages"
# One whole incident with its closing report, and one that asks.
_PLAYED = (("high-error-rate", "followed"), ("low-success-rate", "asks-two-people"))


def run(language: Language, console: Console) -> bool:
    """True where every page was drawn, whole, and nothing is wrong with any."""
    browser = find()
    shutil.rmtree(OUT, ignore_errors=True)
    pages = [*_drill(language), *_checks()]
    with ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(lambda page: look(browser, page, OUT / "pictures" / _name(page)), pages))
    fine = bool(seen)
    for each in seen:
        wrong = [*each.said, *(f"dead link: {link}" for link in dead(each.page))]
        said = "; ".join(wrong) or ("" if each.fine else "no picture")
        fine = fine and not said
        console.print(
            f"{'[red]✗[/]' if said else '[green]✓[/]'} {each.page.relative_to(ROOT)} {escape(said)}"
        )
    console.print(str((OUT / "pictures").relative_to(ROOT)))
    return fine


def _name(page: Path) -> str:
    return "-".join(page.relative_to(OUT).with_suffix(".png").parts)


def _drill(language: Language) -> Iterator[Path]:
    """The drill's own page, those of its alarms, and the incident reports."""
    chosen = [scenario for alarm, name in _PLAYED for scenario in scenarios(alarm, name)]
    begun = time.monotonic()
    with plays(chosen, language) as futures:
        played = [future.result() for future in futures]
    others = [each for each in scenarios() if each not in chosen]
    result = DrillResult.of(played, language, time.monotonic() - begun, others=others)
    files.write(result, OUT / "drill")
    written = drill_page.write(result, OUT / "drill")
    yield written
    for folder in ("alarms", "reports"):
        yield from sorted((written.parent / folder).rglob("*.html"))


def _checks() -> Iterator[Path]:
    """The pages that the scheduled functions file, of the system as deployed; then that of a back-test."""
    build()
    with LocalAws(region=REGION) as aws:
        aws.settings(evaluates=0)
        install(aws, World.AS_DEPLOYED, Language.JA)
        give(aws, datetime.now(UTC))
        # The first run of each is what the second, which is shown, is compared with.
        for rhythm in (Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY):
            filed_before(aws, _run(aws, rhythm))
            yield from _check(aws, rhythm)
        yield from _detection(aws)
        (asked,) = scenarios(*_JUDGED)
        play(aws, asked)
        yield from backtested.pages(aws, OUT)


def _check(aws: LocalAws, rhythm: Cadence) -> Iterator[Path]:
    folder, s3 = _run(aws, rhythm), aws.client("s3")
    bucket = reports_bucket(aws)
    filed = s3.list_objects_v2(Bucket=bucket, Prefix=folder).get("Contents", ())
    for key in (f"{folder}report.{language}.html" for language in Language):
        place = OUT / key
        place.parent.mkdir(parents=True, exist_ok=True)
        # One that was not filed is looked for all the same, and missed.
        if any(each["Key"] == key for each in filed):
            place.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        yield place


def _detection(aws: LocalAws) -> Iterator[Path]:
    """The page of `liveness-ops detect`, by the administrator of the local AWS."""
    console = Path(sys.executable).parent / "liveness-ops"
    keys = {"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "test"}  # pragma: allowlist secret
    for language in Language:
        place = OUT / "detection" / f"report.{language}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        options = ["--local", "--endpoint-url", aws.endpoint, "--region", REGION, "--no-open"]
        line = [str(console), "detect", *options, "--page", str(place), "--language", language]
        subprocess.run(line, env={**os.environ, **keys}, check=True, capture_output=True)  # noqa: S603 - the project's own command
        yield place


def _run(aws: LocalAws, rhythm: Cadence) -> str:
    """The folder of the bucket in which it filed its report."""
    slug = f"{rhythm}-check"
    event = (EVENTS / slug / "scheduled.json").read_bytes()
    answered = aws.client("lambda").invoke(FunctionName=f"{STACK}-{slug}", Payload=event)
    answer = json.loads(answered["Payload"].read())
    if "FunctionError" in answered:
        raise RuntimeError(f"{slug}: {answer}")
    return f"checks/{rhythm}/{answer['check'].removeprefix(f'check-{rhythm}-')}/"
