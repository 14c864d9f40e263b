"""The end of a run: the figures of all workers on the terminal and on one page."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.proof import figures

WHOLE = bool(os.environ.get("PROOF"))
ROOT = Path(__file__).parents[2]


class Summary:
    """Collects the figures of every worker in the process that started them."""

    def __init__(self, selected: Sequence[str] = ()) -> None:
        self.found: list[dict[str, dict[str, float]]] = []
        self.run = figures.Run(" ".join(selected))
        self.began = time.monotonic()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._count(report)
        self.run.passed += report.when == "call" and report.passed
        self.run.skipped += report.skipped
        if report.when == "call":
            # What a worker sends has become a list on the way.
            self.found += [value for name, value in report.user_properties if name == figures.NAME]  # type: ignore[misc]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._count(report)

    def _count(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        # A test may fail and its end, too.
        if report.failed and report.nodeid not in self.run.failed:
            self.run.failed.append(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
        whole = figures.added(self.found)
        if whole or WHOLE:
            terminalreporter.section("proof")
            for line in (*figures.lines(whole), str(self.run), f"PROOF_SEED={os.environ['PROOF_SEED']}"):
                terminalreporter.write_line(line)
            folder = ROOT / "out" / "proof"
            folder.mkdir(parents=True, exist_ok=True)
            seconds = time.monotonic() - self.began
            page = figures.page(whole, self.run, WHOLE, seconds)
            (folder / "index.html").write_text(page, encoding="utf-8")
            terminalreporter.write_line("out/proof/index.html")
        return (yield)
