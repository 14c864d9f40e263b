"""``LocalAws``: the AWS that drills and end-to-end tests run on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .administrator import ACCOUNT, SECRET, environment
from .control import Control
from .controls import SimulationControls
from .process import INTERPRETER, Process
from .records import Call, Execution, Mail


class LocalAws(SimulationControls):
    """A local AWS in a separate process; use it as a context manager.

    ``client`` acts as the account's administrator. Function code runs under its own role.
    """

    account = ACCOUNT

    def __init__(
        self,
        region: str = "ap-northeast-1",
        interpreter: Path = INTERPRETER,
        parents: Path | None = None,
    ) -> None:
        """Choose region and interpreter; ``start`` launches it. ``parents``: a folder in which all that are
        given it share the processes that their functions' workers are forks of."""
        self.region = region
        self._process = Process(region, interpreter, parents)
        self._control = Control(self.endpoint, self.region)
        self._clients: dict[str, Any] = {}

    @property
    def endpoint(self) -> str:
        """The one URL that serves every AWS service."""
        return f"http://127.0.0.1:{self._process.port}"

    def start(self) -> Self:
        """Launch it and wait until it is ready."""
        self._process.start(timeout=60)
        return self

    def stop(self) -> None:
        """End it and remove its files."""
        self._disconnect()
        self._process.stop()

    def announce(self, **about: object) -> None:
        """Store more about it for other programs of this machine, next to its address."""
        self._process.announce(about)

    def _disconnect(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._control.close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop, whatever happened."""
        self.stop()

    def environment(self) -> dict[str, str]:
        """Variables for sam, the AWS CLI or any SDK to act as the administrator here."""
        return environment(self.endpoint, self.region)

    def assume(self, function_name: str) -> dict[str, str]:
        """Variables to act as that function's code does: under its role, with its rights, and recorded."""
        return {**self.environment(), **self._control.call("credentials", function=function_name)}

    def client(self, service: str) -> Any:
        """A boto3 client of the administrator (any boto3 service; they are kept)."""
        if service not in self._clients:
            keys = (ACCOUNT, SECRET, None)
            config = Config(proxies={}, retries={"max_attempts": 0})
            self._clients[service] = self.client_with(keys, service, config=config)
        return self._clients[service]

    def client_with(
        self, keys: tuple[str, str, str | None], service: str, *, region: str = "", **more: Any
    ) -> Any:
        """A boto3 client that acts with these keys: access key, secret key and, of a session, its token."""
        access_key, secret_key, token = keys
        # The types know a service by a literal only, and the type checker tries all four hundred.
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.endpoint,
            region_name=region or self.region,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=token,
            **more,
        )

    def log(self, lines: int = 50) -> str:
        """The end of the server's own log."""
        return self._process.tail(lines)

    def counts(self) -> tuple[int, int]:
        """How many calls and how many messages there are."""
        calls, messages = self._control.call("counts")
        return calls, messages

    def calls(self, since: int = 0) -> list[Call]:
        """Every decision of IAM about calls made under a role, oldest first, without the first ``since``."""
        return [Call(**entry) for entry in self._control.call("calls", since=since)]

    def inbox(self, since: int = 0) -> list[Mail]:
        """Every message published to a topic, oldest first, without the first ``since``."""
        entries = self._control.call("inbox", since=since)
        return [Mail(**{**entry, "recipients": tuple(entry["recipients"])}) for entry in entries]

    def confirm(self, *, by_link: bool = False) -> list[str]:
        """Confirm every address of mail that has not, with the token that SNS sent it; which ones.

        ``by_link``: as the link in the mail does it, so that a link can end it again.
        """
        signed = {} if by_link else {"AuthenticateOnUnsubscribe": "true"}
        done = []
        for each in self._control.call("confirmations"):
            # A subscription that was confirmed or deleted meanwhile.
            with suppress(ClientError):
                self.client("sns").confirm_subscription(TopicArn=each["topic"], Token=each["token"], **signed)
                done.append(each["endpoint"])
        return done

    def executions(self) -> list[Execution]:
        """Every durable execution that was started asynchronously, oldest first."""
        return [Execution(**entry) for entry in self._control.call("executions")]

    def functions(self, names: Iterable[str]) -> dict[str, Any]:
        """Of each of these functions that is there: `config`, and by alias `aliases` and `provisioned`, as
        Lambda's API shows them. One call in place of a dozen."""
        found: dict[str, Any] = self._control.call("functions", names=list(names))
        return found

    def answers(self, *asked: tuple[str, str, Mapping[str, Any]]) -> list[dict[str, Any]]:
        """What DynamoDB, SSM and CloudWatch Logs answer to these operations, each as (service, operation,
        parameters), as on the wire: an error has its code in `__type`. One call in place of several."""
        found: list[dict[str, Any]] = self._control.call("answers", asked=asked)
        return found

    def clear(self) -> None:
        """Forget calls, mail, executions, faults and canned answers."""
        self._control.call("clear")

    def snapshot(self, name: str) -> None:
        """Remember the state of all services under a name."""
        self._control.call("snapshot", name=name)

    def save(self, name: str, path: Path) -> None:
        """Write a snapshot to a file, for `load`."""
        self._control.call("save", name=name, path=str(path))

    def load(self, name: str, path: Path) -> None:
        """Become what another local AWS was when it took this snapshot; it is a snapshot of this one too."""
        self._control.call("load", name=name, path=str(path))

    def restore(self, name: str, cold: bool = False) -> None:
        """Go back to a snapshot and to the machine's time; warm workers of unchanged functions stay, unless
        ``cold``."""
        self.ahead = timedelta()
        self._control.call("restore", name=name, cold=cold)

    def busy(self) -> int:
        """How many asynchronous invocations are queued, waiting for a retry or running."""
        found = self._control.call("idle")
        return int(found["pending"] + found["running"])

    def wait_idle(self, timeout: float = 60) -> None:
        """Wait until no asynchronous invocation is queued, waiting for a retry or running."""
        if any(self._control.call("idle", wait=timeout).values()):
            raise TimeoutError(f"functions still run after {timeout} s:\n{self.log()}")
