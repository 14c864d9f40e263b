"""The tests are read once; each mutant gets a fork, and the tests that run its function, quickest first."""

import math
import os
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

AT_ONCE = 2
_KILLED, _SURVIVED = 1, 0


class Trial:
    """A plugin for pytest that runs mutants where pytest would run tests.

    Attributes:
        status: what became of each mutant, by name: killed, survived, timeout, no tests.
        tests: ids of the tests that run a function, quickest first, by mutmut's name for the function.
        at_import: functions that are called while the code is imported. A fork has imported it long ago.
        fine: whether the tests pass without any change, and once more in a fork, quickest first.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.status: dict[str, str] = {}
        self.tests: dict[str, list[str]] = {}
        self.at_import: frozenset[str] = frozenset()
        self.fine = False
        self._names = names
        self._seconds: dict[str, float] = {}

    def settled(self, name: str, status: str) -> None:
        """Said at once, so that a long run can be followed in its log."""
        self.status[name] = status
        print(f"{len(self.status)}/{len(self._names)} {status} {name}", flush=True)

    def pytest_configure(self) -> None:
        """Note what is called from here on."""
        set_mutant_under_test("stats")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """First without a change, then one mutant after the other, two at once."""
        self.at_import = frozenset(state()._stats)  # mutmut's plugin for pytest reads it, too
        items = {item.nodeid: item for item in session.items}
        self._look(session.items)
        set_mutant_under_test("")
        self.fine = not session.testsfailed and self._fine_in_a_fork(session)
        if self.fine:
            self._try_all(session, items)
        return True

    def _fine_in_a_fork(self, session: pytest.Session) -> bool:
        """Else a mutant would seem to be noticed by a test that fails whenever it runs again."""
        self._begin(session, "", sorted(session.items, key=lambda item: self._seconds[item.nodeid]))
        _, status = os.wait()
        return os.waitstatus_to_exitcode(status) == _SURVIVED

    def _look(self, items: Sequence[pytest.Item]) -> None:
        found = defaultdict(list)
        for item, following in zip_longest(items, items[1:]):
            state()._stats.clear()
            begun = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._seconds[item.nodeid] = time.process_time() - begun
            for function in state()._stats:
                found[function].append(item.nodeid)
        self.tests = {each: sorted(ids, key=self._seconds.__getitem__) for each, ids in found.items()}

    def _try_all(self, session: pytest.Session, items: dict[str, pytest.Item]) -> None:
        running: dict[int, str] = {}
        for name in self._names:
            tests = self.tests.get(function_of(name))
            if not tests:
                self.settled(name, "no tests")
                continue
            while len(running) >= AT_ONCE:
                self._ended(running)
            running[self._begin(session, name, [items[each] for each in tests])] = name
        while running:
            self._ended(running)

    def _ended(self, running: dict[int, str]) -> None:
        pid, status = os.wait()
        name = running.pop(pid, None)
        if name is not None:
            words = {_KILLED: "killed", _SURVIVED: "survived"}
            self.settled(name, words.get(os.waitstatus_to_exitcode(status), "timeout"))

    def _begin(self, session: pytest.Session, name: str, items: Sequence[pytest.Item]) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = _KILLED
        try:
            _silent(math.ceil(5 + 5 * sum(self._seconds[item.nodeid] for item in items)))
            set_mutant_under_test(name)
            code = _KILLED if _noticed(session, items) else _SURVIVED
        finally:
            os._exit(code)


def function_of(name: str) -> str:
    """Mutmut's name for the function that a mutant is one of."""
    return name.partition("__mutmut_")[0]


def _noticed(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    following: Iterable[pytest.Item | None] = (*items[1:], None)
    for item, after in zip(items, following, strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            return True
    return False


def _silent(seconds: int) -> None:
    """CPU is what counts; the clock ends what waits for something, on a busy machine late enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    signal.alarm(10 * seconds)
