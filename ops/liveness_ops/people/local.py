"""--local: the local AWS that runs on this machine, and never another one."""

import http.client
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import typer

from liveness_ops.help_page import PANELS
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.options import Common
from responder.core.plain_data import Data, Json
from responder.core.text import text
from responder.messages.language import say
from responder.respond.gather import loopback

_ENDPOINT = "AWS_ENDPOINT_URL"
COMPLETING = "_LIVENESS_OPS_COMPLETE"
# In the temporary folder, while one runs; `ops/local_aws/client/process.py` writes it.
_RUNNING = "local-aws-*/running.json"
# A busy one answers later than an idle one.
_BUSY_SECONDS = 5.0
# Its administrator, without the caller's own AWS configuration.
_ADMINISTRATOR = {
    "AWS_ACCESS_KEY_ID": "123456789012",
    "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "NO_PROXY": "127.0.0.1,localhost",
}

# Not exported: the keys of the real AWS stay those of the shell, whose session token belongs to them.
_KEYS = "AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=x AWS_SESSION_TOKEN="
_COMMANDS = [each for panel, names in PANELS.items() if panel != "try" for each in names]
# One command and its options: up to the end of the line, the next command, or the next tag of a page.
_OURS = re.compile(
    rf"\bliveness-ops ({'|'.join(_COMMANDS)})\b(?!-)((?:(?!\bliveness-ops |\baws [a-z]|[<\n]).)*)"
)
_WHERE = re.compile(r" --(?:local|endpoint-url)\b")


def stay_local(variables: MutableMapping[str, str], common: Common) -> None:
    """Point the SDK at the local AWS: the one that `AWS_ENDPOINT_URL` or `--endpoint-url` names, else the
    one of the checkout of this folder, else the only one that runs, and a line on standard error says whose
    it is. That of `liveness-ops local up` comes first. Its administrator acts, unless a profile, or keys
    beside the variable, were given; in the standing local AWS its first person, or the one that the profile
    names.

    Raises:
        EarlyExit: an endpoint that was given is not on this machine; none runs here, or several do.
    """
    endpoint = variables.get(_ENDPOINT, "")
    given = [url for name, url in variables.items() if name.startswith(_ENDPOINT) and url]
    foreign = next((url for url in given if not loopback(url)), None)
    if foreign is not None:
        raise EarlyExit(Exit.USAGE, text("ops.not_local", url=foreign), {"endpoint": foreign})
    found: Data = {"endpoint": endpoint} if endpoint else _only()
    whose = found.get("checkout", "")
    # A shell that completes a line shows nothing else.
    if whose and not _own(found) and COMPLETING not in variables:
        said = text("ops.foreign_local", checkout=whose, url=found["endpoint"])
        typer.echo(say(said, common.language), err=True)
    region = common.region or variables.get("AWS_REGION", "") if endpoint else found["region"]
    people: Mapping[str, Mapping[str, str]] = found.get("people", {})
    first = "" if common.administrator else next(iter(people), "")
    person = people.get(common.profile or first)
    keys = common.profile or (endpoint and variables.get("AWS_ACCESS_KEY_ID"))
    if person is not None or not keys:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            variables.pop(name, None)
        variables.update({**_ADMINISTRATOR, **(person or {})})
    # With AWS_IGNORE_CONFIGURED_ENDPOINT_URLS the SDK would go to the real AWS.
    variables.update({_ENDPOINT: found["endpoint"], "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"})
    if region:
        variables.update({"AWS_REGION": region, "AWS_DEFAULT_REGION": region})


def typed_here(words: str, endpoint: str) -> str:
    """A text with its commands as they reach the local AWS; as they are, they would reach the real one."""
    words = _OURS.sub(_with_local, words)
    words = re.sub(r"\baws (?=[a-z][a-z0-9-]* [a-z])", f"{_KEYS} aws --endpoint-url {endpoint} ", words)
    # SAM CLI has no such option, and knows no profile of the local AWS.
    words = re.sub(r"(\bsam deploy -[^<\n]*?) --profile [^\s<]+", r"\1", words)
    return re.sub(r"\bsam deploy (?=-)", f"{_KEYS} AWS_ENDPOINT_URL={endpoint} sam deploy ", words)


def local_commands(common: Common) -> Callable[[str], str]:
    """How a screen shows commands: where they would reach a local AWS only through an option of this command,
    with what makes them reach it, too."""
    if not (common.local or loopback(common.endpoint_url)):
        return str
    # The command `preflight` ends the one that it started before its result is shown.
    last = ""

    def shown(words: str) -> str:
        nonlocal last
        last = os.environ.get(_ENDPOINT, "") or last
        return typed_here(words, last)

    return shown


def _with_local(found: re.Match[str]) -> str:
    """The Region is that of the local AWS."""
    command, rest = found.groups()
    if _WHERE.search(rest):
        return found[0]
    changed, count = re.subn(r" --region [a-z0-9-]+", " --local", rest, count=1)
    return f"liveness-ops {command}{changed if count else f' --local{rest}'}"


def there_is_one(variables: Mapping[str, str], common: Common) -> bool:
    """`stay_local` has one to choose."""
    return bool(common.endpoint_url or variables.get(_ENDPOINT)) or any(found_running())


def _own(running: Data) -> bool:
    """Whether it belongs to the checkout of this folder."""
    return running["checkout"] in {str(each) for each in (Path.cwd(), *Path.cwd().parents)}


def _only() -> Data:
    silent: list[str] = []
    running = list(found_running(silent))
    running = [each for each in running if _own(each)] or running
    running = [each for each in running if each["standing"]] or running
    if not running and silent:
        said = text("ops.silent_local", urls=" ".join(silent), seconds=_BUSY_SECONDS)
        raise EarlyExit(Exit.AWS, said, {"endpoints": silent})
    if not running:
        raise EarlyExit(Exit.AWS, text("ops.none_local"))
    if len(running) > 1:
        listed = [each["endpoint"] for each in running]
        said = text("ops.several_local", urls=" ".join(listed))
        raise EarlyExit(Exit.USAGE, said, {"endpoints": listed})
    return running[0]


def found_running(silent: list[str] | None = None) -> Iterator[Data]:
    """`endpoint`, `region`, `standing`, `people` and `checkout` of those of this user that answer: one that
    was killed leaves its file behind. `silent` gets the endpoints of those that run and do not answer."""
    for path in sorted(Path(tempfile.gettempdir()).glob(_RUNNING)):
        url = ""
        try:
            if path.stat().st_uid != os.getuid():
                continue
            endpoint = json.loads(path.read_text())
            found: Json = {name: str(endpoint[name]) for name in ("endpoint", "region")}
            found |= {"standing": bool(endpoint.get("standing")), "people": dict(endpoint.get("people", {}))}
            found["checkout"] = str(endpoint.get("checkout", ""))
            url, where = found["endpoint"], urlsplit(found["endpoint"])
            if loopback(url) and where.port and answers(str(where.hostname), where.port):
                yield found
        except TimeoutError:
            if silent is not None:
                silent.append(url)
        except (OSError, ValueError, KeyError, TypeError):
            continue


def answers(host: str, port: int) -> bool:
    """A local AWS is ready there. Of one that ended, its port refuses immediately.

    Raises TimeoutError where it accepts the question and does not answer."""
    connection = http.client.HTTPConnection(host, port, timeout=_BUSY_SECONDS)
    try:
        connection.request("GET", "/_drill/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except TimeoutError:
        raise
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
