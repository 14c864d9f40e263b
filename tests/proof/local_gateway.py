"""The project's own AWS client for the local AWS: for code that runs in a thread of the test."""

from typing import Any

import boto3

from local_aws.client import LocalAws
from rehearsal.drill.stack import STACK
from rehearsal.world.names import REGION
from responder.aws.boto import Boto
from responder.core.settings import Settings
from responder.store import Incidents


class _Session:
    """What `Boto` asks of one."""

    def __init__(self, endpoint: str, keys: dict[str, str]) -> None:
        self._endpoint = endpoint
        # Its types know a service by a literal only, and the type checker tries all four hundred.
        self._session: Any = boto3.Session(
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=keys.get("AWS_SESSION_TOKEN"),
            region_name=REGION,
        )

    def client(self, service: str, **given: Any) -> Any:
        return self._session.client(service, endpoint_url=self._endpoint, **given)


def gateway_of(aws: LocalAws, slug: str = "") -> Boto:
    """Under the role of a function of the stack; the administrator's without one."""
    gateway = Boto(REGION)
    gateway._session = _Session(aws.endpoint, aws.assume(f"{STACK}-{slug}") if slug else aws.environment())
    return gateway


def settings_of(aws: LocalAws, slug: str) -> Settings:
    """The variables that a function of the stack is deployed with."""
    found = aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{slug}")
    variables: dict[str, str] = found["Environment"]["Variables"]
    return Settings.read({**variables, "AWS_REGION": REGION})


def incidents_of(aws: LocalAws) -> Incidents:
    """The settings document, written by an administrator."""
    return Incidents(gateway_of(aws), settings_of(aws, "high-error-rate").incidents_table)
