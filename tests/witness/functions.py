"""The code of our functions, run in this process in place of Lambda, with the variables that they are
deployed with."""

import json
import os
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from typing import Any
from unittest.mock import patch

from moto.cloudwatch.models import cloudwatch_backends
from moto.events.models import events_backends

from rehearsal.drill.watched_alarms import event_of
from rehearsal.world.names import ACCOUNT, REGION
from responder.core.plain_data import Data, Json
from tests.witness.calls import Calls

_KEPT = ("PATH", "HOME", "LANG", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_SECONDS = 60_000


@dataclass(frozen=True)
class LambdaContext:
    """What the functions and Powertools ask of it."""

    function_name: str
    memory_limit_in_mb: int = 1769
    aws_request_id: str = "6f1b1c1e-6c7c-4b1e-9c39-1d7a6a0c3d11"

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return _SECONDS


@dataclass
class Functions:
    """`deployed`: handler and variables of each, by name; `log`: what was thrown."""

    deployed: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    queued: list[Data] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calls = Calls(self.accept, self.announce)
        self.outside = {key: os.environ[key] for key in _KEPT if key in os.environ}

    def load(self) -> None:
        """Their code."""
        for handler, _ in self.deployed.values():
            import_module(handler.rpartition(".")[0])

    def accept(self, given: Data) -> Json | None:
        """An invocation: its answer now, or later what it does."""
        if given["FunctionName"].rpartition(":function:")[2].partition(":")[0] not in self.deployed:
            return None
        if given.get("InvocationType") == "Event":
            self.queued.append(given)
            return {}
        return self.answer(given)

    def announce(self, given: Data) -> None:
        """An alarm has changed, and EventBridge hands that to the functions whose rules it matches."""
        words, data = given["StateReason"], given.get("StateReasonData", "{}")
        event: Any = event_of(given["AlarmName"], {}, datetime.now(UTC), words, data)
        event["detail"]["state"]["value"] = given["StateValue"]
        payload = json.dumps(event).encode()
        for rule in events_backends[ACCOUNT][REGION].event_buses["default"].rules.values():
            pattern = rule.event_pattern
            if rule.state == "ENABLED" and pattern.get_pattern() and pattern.matches_event(event):
                self.queued += [
                    {"FunctionName": target["Arn"], "Payload": payload} for target in rule.targets
                ]
        # moto evaluates no rule.
        for alarm in cloudwatch_backends[ACCOUNT][REGION].alarms.values():
            if alarm.rule == f'ALARM("{given["AlarmName"]}")':
                alarm.update_state(words, data, given["StateValue"])
                self.announce({**given, "AlarmName": alarm.name})

    def answer(self, given: Data) -> Json:
        """As Invoke returns it."""
        name = given["FunctionName"].rpartition(":function:")[2].partition(":")[0]
        try:
            answer = self.run(name, json.loads(given.get("Payload") or b"{}"))
        except Exception as error:
            self.log.append(traceback.format_exc())
            failed = {"errorType": type(error).__name__, "errorMessage": str(error)}
            return {"FunctionError": "Unhandled", "Payload": BytesIO(json.dumps(failed).encode())}
        return {"Payload": BytesIO(json.dumps(answer).encode())}

    def run(self, name: str, event: Any) -> Any:
        """Its handler, once. Raises what it raises."""
        module, _, attribute = self.deployed[name][0].rpartition(".")
        with self.running(name):
            return getattr(import_module(module), attribute)(event, LambdaContext(name))

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """With its variables, and what is called is called by it."""
        own = {"AWS_LAMBDA_FUNCTION_NAME": name, "AWS_REGION": REGION, **self.deployed[name][1]}
        before, self.calls.caller = self.calls.caller, name
        try:
            with patch.dict(os.environ, {**self.outside, **own}, clear=True):
                yield
        finally:
            self.calls.caller = before
