"""Our own stack in the local AWS: deployed by SAM CLI, then from its package until something changes."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import alone, sam
from rehearsal.drill.package_cache import deploy_again, keep, package
from rehearsal.drill.scenario import Aws
from rehearsal.drill.watched_alarms import event_of, watched_alarm
from rehearsal.world.build import World, build
from rehearsal.world.names import ACCOUNT, CREATE, LOGINS, REGION, RESULT
from responder.core.settings_document import CLASSES, People, Person, SettingsDocument, parse

STACK = "liveness-responder"
APPROVER, SECOND = "oncall", "lead"
# That every one of them may assume.
ROLE = "OnCall"
PRINCIPALS = {name: f"arn:aws:iam::{ACCOUNT}:user/{name}" for name in (APPROVER, SECOND)}
PRINCIPAL = PRINCIPALS[APPROVER]
APPROVERS = tuple(Person(name, aws=(arn,), may=frozenset(CLASSES)) for name, arn in PRINCIPALS.items())
_DAYS = 12


def install(aws: LocalAws, world: World, language: Language) -> None:
    """One world and our stack in it, remembered as a snapshot of the world's name."""
    build(aws.client, world)
    deploy(aws, parameters(world, language))
    aws.confirm()
    register(aws, APPROVERS, given=settings(world))
    aws.age(_DAYS)
    aws.snapshot(world)


def register(
    aws: Aws, people: Iterable[Person], stack: str = STACK, given: Mapping[str, Any] | None = None
) -> None:
    """As an administrator of the account: these people are in the settings document. `given`: its other keys;
    those that it has already where it is None."""
    ssm, name = aws.client("ssm"), f"/{stack}/settings"
    if given is None:
        found = ssm.get_parameters(Names=[name])["Parameters"]
        given = parse(found[0]["Value"]).given if found else {}
    document = SettingsDocument(People(tuple(people)), given=given)
    ssm.put_parameter(Name=name, Value=document.to_json(), Type="String", Overwrite=True)


def warm_up(aws: LocalAws, alarms: Iterable[str]) -> None:
    """Let the functions of these alarms answer once.

    What a cold start costs here, several at the same time on a busy machine, is no measure for Lambda. The
    answer is waited for, not queued: one that fails must not be tried again a minute later.
    """
    now = datetime.now(UTC)
    for slug in alarms:
        event = json.dumps(event_of(watched_alarm(slug).name, {}, now, "warm-up", "{}"))
        aws.client("lambda").invoke(FunctionName=f"{STACK}-{slug}", Payload=event)
    aws.wait_idle()


def parameters(world: World, language: Language) -> dict[str, str]:
    """What an owner of that world would give `make deploy`."""
    return {
        "InitialMode": "auto",
        "Language": language.value,
        "OnCallEmail": "ops@company.example",
        "LastResortEmail": "last-resort@company.example",
        "FirstApprover": PRINCIPAL,
        "CorrectedAlarms": "on" if world is World.ROLLED_OUT else "off",
    }


def settings(world: World) -> dict[str, Any]:
    """What an owner of that world would set in the settings document: which functions read a variable."""
    if world is not World.ROLLED_OUT:
        return {}
    return {"rollout_readers": list(LOGINS), "threshold_readers": [CREATE, RESULT]}


def deploy(aws: LocalAws, values: Mapping[str, str]) -> None:
    """What is built, with these parameters: the first time by SAM CLI, which packages it; from then on that
    package. Meanwhile other processes wait for it."""
    with alone():
        packaged = package()
        if packaged is None:
            _first(aws, values)
            keep(aws)
            return
    deploy_again(packaged, aws, STACK, values)


def _first(aws: LocalAws, values: Mapping[str, str]) -> None:
    """`sam deploy`, asking nothing."""
    pairs = [f'{name}="{value}"' for name, value in values.items() if value]
    sam(
        {**aws.environment(), "SAM_CLI_POLL_DELAY": "0.2"},
        "deploy",
        *("--stack-name", STACK, "--region", REGION),
        *("--no-confirm-changeset", "--no-progressbar"),
        *("--parameter-overrides", *pairs),
    )
