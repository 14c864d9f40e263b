"""Every setting that a remedy could touch, and every stop, as text, so that two moments can be compared."""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.drill.complete_answers import complete
from rehearsal.drill.stack import STACK
from rehearsal.world.build import Clients
from rehearsal.world.names import ALIAS, FUNCTIONS, LIVENESS, TABLE
from responder.core.switches import read_stop

type State = Mapping[str, str]


# What is read besides functions, as `LocalAws.answers` takes it.
ASKED = (
    ("dynamodb", "DescribeTable", {"TableName": TABLE}),
    ("ssm", "GetParametersByPath", {"Path": f"/{STACK}/stops", "Recursive": True}),
)


def read(client: Clients) -> State:
    """`target setting` -> value."""
    stops_of = client("ssm").get_paginator("get_parameters_by_path").paginate(**ASKED[1][2])
    return of(_functions(client("lambda")), _described(client("dynamodb")), stops_of.build_full_result())


def of(functions: Mapping[str, Any], table: Mapping[str, Any], parameters: Mapping[str, Any]) -> State:
    """The same from what `LocalAws.functions` and `LocalAws.answers` to `ASKED` return.

    Raises ValueError where an answer is an error or a part, except for a table that does not exist.
    """
    known = None if _gone(table) else complete(table)["Table"]
    stored = complete(parameters)["Parameters"]
    found: dict[str, str] = {}
    for name, each in functions.items():
        found |= _settings(name, each["config"])
        if ALIAS in each["aliases"]:
            found |= _settings(f"{name}:{ALIAS}", each["aliases"][ALIAS])
            if name in LIVENESS:
                warm = each["provisioned"].get(ALIAS, {}).get("RequestedProvisionedConcurrentExecutions", 0)
                found[f"{name}:{ALIAS} provisioned"] = str(warm)
    return found | _table(known) | _stops(stored)


def _gone(answer: Mapping[str, Any]) -> bool:
    return str(answer.get("__type", "")).endswith("ResourceNotFoundException")


def _functions(aws: Any) -> dict[str, Any]:
    listed = aws.get_paginator("list_functions").paginate().build_full_result()["Functions"]
    mine = {each["FunctionName"]: each for each in listed if each["FunctionName"] in FUNCTIONS}
    return {
        name: {"config": config, "aliases": _alias(aws, name), "provisioned": _provisioned(aws, name)}
        for name, config in mine.items()
    }


def differences(before: State, after: State) -> dict[str, tuple[str, str]]:
    """What differs: setting -> (before, after); "" where it did not exist."""
    keys = sorted(before.keys() | after.keys())
    pairs = {key: (before.get(key, ""), after.get(key, "")) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _alias(aws: Any, function: str) -> dict[str, Any]:
    """What the alias serves, where there is one."""
    if all(alias["Name"] != ALIAS for alias in aws.list_aliases(FunctionName=function)["Aliases"]):
        return {}
    return {ALIAS: aws.get_function_configuration(FunctionName=function, Qualifier=ALIAS)}


def _settings(label: str, found: Mapping[str, Any]) -> dict[str, str]:
    variables = found.get("Environment", {}).get("Variables", {})
    settings = {f"{label} {variable}": value for variable, value in variables.items()}
    for setting in ("MemorySize", "Timeout", "Runtime", "Handler", "Role", "CodeSha256"):
        settings[f"{label} {setting}"] = str(found[setting])
    settings[f"{label} Layers"] = ",".join(layer["Arn"] for layer in found.get("Layers", []))
    return settings


def _provisioned(aws: Any, function: str) -> dict[str, Any]:
    if function not in LIVENESS:
        return {}
    try:
        return {ALIAS: aws.get_provisioned_concurrency_config(FunctionName=function, Qualifier=ALIAS)}
    except ClientError:
        return {}


def _described(dynamodb: Any) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = dynamodb.describe_table(TableName=TABLE)
    except ClientError as error:
        return {"__type": error.response["Error"]["Code"]}
    return found


def _table(table: Mapping[str, Any] | None) -> dict[str, str]:
    if table is None:
        return {}
    billing = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    found = {f"{TABLE} billing": billing, f"{TABLE} units": _units(table)}
    for index in table.get("GlobalSecondaryIndexes", []):
        found[f"{TABLE} {index['IndexName']} units"] = _units(index)
    return found


def _stops(parameters: Iterable[Mapping[str, str]]) -> dict[str, str]:
    found = {each["Name"].rsplit("/", 1)[-1]: each["Value"] for each in parameters}
    # Why a remedy is only asked for names its incident, which is another one each time.
    return {f"stop {name}": read_stop(name, value).asks or value for name, value in found.items()}


def _units(where: Mapping[str, Any]) -> str:
    throughput = where.get("ProvisionedThroughput", {})
    return f"{throughput.get('ReadCapacityUnits', 0)}/{throughput.get('WriteCapacityUnits', 0)}"
