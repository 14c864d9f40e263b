"""Start the local AWS: ministack with its patches, on one port of 127.0.0.1.

Run by ``local_aws.client`` with the interpreter of ministack's own environment. It ends
when its standard input ends, so that it never outlives the process that started it.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
import tempfile
import threading
from binascii import a2b_qp
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib import parse

from botocore import session

PATCHES = (
    "drill.clock",
    "iam.policy_variables",
    "iam.decisions",
    "iam.policy_simulation",
    "calls.request_stages",
    "cloudwatch.alarm_types",
    "cloudwatch.alarm_history",
    "cloudwatch.suppression",
    "iam.sessions",
    "iam.late_policies",
    "cloudwatch.alarm_events",
    "cloudwatch.alarms",
    "cloudwatch.alarm_math",
    "cloudwatch.metric_data",
    "logs.log_patterns",
    "logs.metric_filters",
    "lambda_.functions",
    "lambda_.function_urls",
    "calls.sizes",
    "iam.documents",
    "cloudwatch.refusals",
    "dynamodb.queries",
    "lambda_.provisioned",
    "dynamodb.tables",
    "dynamodb.restores",
    "lambda_.async_invokes",
    "delivery.queue_delivery",
    "delivery.event_delivery",
    "lambda_.executions",
    "cloudformation.deployed",
    "dynamodb.deployed_tables",
    "cloudformation.stacks",
    "cloudformation.change_sets",
    "delivery.schedules",
    "lambda_.workers",
    "delivery.mail",
    "calls.trail",
)


_NO_BYTE = re.compile("%(?![0-9A-Fa-f]{2})")


def main() -> None:
    """Serve until the parent goes away or asks to stop."""
    import uvicorn  # type: ignore[import-not-found]

    # Most of what is made here stays: the garbage collector need not look for the rest so often.
    gc.set_threshold(50_000)
    sys.path[0] = str(Path(__file__).parents[1])  # the folder above, so that the patches are a package
    install()
    threading.Thread(target=_watch_parent, daemon=True).start()
    threading.Thread(target=_warm_up, daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            port=int(os.environ["GATEWAY_PORT"]),
            http="httptools",
            loop="uvloop",
            ws="none",
            proxy_headers=False,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            # A request sent while the server closes its connection fails, and the drill does not repeat it.
            timeout_keep_alive=24 * 3600,
        )
    )
    server.handle_exit = lambda *_: _end()
    server.run()


def install() -> None:
    """Apply every patch; a private name that has moved stops the start by its name."""
    # The body of one form is decoded six times on its way.
    parse.unquote = lru_cache(256)(partial(unquoted, parse.unquote))
    # Each reader of AWS's models has a session: one for all, or each of them parses every model anew.
    session.__dict__["get_session"] = lru_cache(1)(session.get_session)
    _leave_out()
    from local_aws.patches import patching

    patching.check_version()
    # Before anything imports it.
    patching.swap(import_module("ministack.core.responses"), "new_uuid", "", new_uuid)
    for patch in [import_module(f"local_aws.patches.{name}") for name in PATCHES]:
        patch.install()


def new_uuid() -> str:
    """As `uuid.uuid4` makes it; each log line has one."""
    found = os.urandom(16).hex()
    variant = "89ab"[int(found[16], 16) % 4]
    return f"{found[:8]}-{found[8:12]}-4{found[13:16]}-{variant}{found[17:20]}-{found[20:]}"


def unquoted(unquote: Any, text: str, encoding: str = "utf-8", errors: str = "replace") -> str:
    """`urllib.parse.unquote`, which takes a message in Japanese apart byte by byte: in C, as quoted-printable
    text, which has another sign and lines of its own."""
    if not text.isascii() or "\n" in text or "\r" in text or _NO_BYTE.search(text):
        return str(unquote(text, encoding, errors))
    return a2b_qp(text.replace("=", "=3D").replace("%", "=")).decode(encoding, errors)


def _leave_out() -> None:
    """Athena's database, Docker's client and a key of Cognito's, which ministack loads at each start: a
    quarter of its CPU. The key would be a file outside of this run's folder."""
    modules: dict[str, Any] = sys.modules
    modules["duckdb"] = modules["docker"] = modules["cryptography"] = None
    import_module("ministack.services.cognito")
    del modules["cryptography"]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Control requests go to the drill, everything else is AWS."""
    from ministack import app

    from local_aws.patches.calls import connection
    from local_aws.patches.drill import control

    connection.remember(scope, send)
    if scope["type"] == "http":
        connection.join(scope, send)
    if scope["type"] == "http" and scope["path"].startswith("/_drill/"):
        await control.serve(scope, receive, send)
    else:
        await app.app(scope, receive, send)


def _warm_up() -> None:
    """Load what the first call of a service would otherwise wait for (S3 alone: over a second)."""
    from ministack import app

    for name in ("iam", "sts", "ssm", "dynamodb", "sqs", "cloudformation", "s3"):
        app._get_module(name)


def _watch_parent() -> None:
    sys.stdin.read()
    _end()


def _end() -> None:
    from ministack.core import lambda_runtime

    for workers in list(lambda_runtime._workers.values()):
        for worker in workers:
            if worker._proc is not None:
                worker._proc.kill()
    folder = tempfile.gettempdir()
    if Path(folder).name.startswith("local-aws-"):  # made for this run, never the system's own
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
