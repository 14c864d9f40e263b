"""Follows the incidents of a standing local AWS as Lambda would: each durable execution, in real time."""

import threading
import time
from datetime import UTC, datetime
from typing import NoReturn

from local_aws.client import Execution, LocalAws
from rehearsal.drill import execution_process
from rehearsal.drill.driver import Driver, WallClock

_TICK_SECONDS = 1.0
_DAYS = 400
_DAY_SECONDS = 86_400


class Following:
    """Starts what is started on the local AWS; all of it ends with this process."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws
        self._known: set[str] = set()

    def look(self) -> None:
        """Follow what was started since the last look."""
        for each in self._aws.executions():
            if each.arn not in self._known:
                self._known.add(each.arn)
                threading.Thread(target=self._follow, args=(each,), daemon=True).start()

    def forever(self) -> NoReturn:
        """Look once a second."""
        while True:
            self.look()
            time.sleep(_TICK_SECONDS)

    def _follow(self, wanted: Execution) -> None:
        run = execution_process.execute(
            self._aws, wanted, datetime.now(UTC), 0, Driver(WallClock()).reach, seconds=_DAYS * _DAY_SECONDS
        )
        if run.error:
            print(run.error, flush=True)
