"""The deployed stack: its settings, and where its tables are."""

from collections.abc import Mapping
from typing import Any

from liveness_ops.people.ending import Exit, Stop
from responder.core.context import Gateway
from responder.core.errors import AwsError
from responder.core.settings import Settings
from responder.core.text import text


def read_stack(aws: Gateway, name: str, region: str) -> tuple[Settings, Mapping[str, str]]:
    """What the console needs of the stack's parameters, and its outputs.

    Raises:
        Stop: it does not exist in the Region, or is no stack of ours.
        AwsError: it cannot be read.
    """
    try:
        (found,) = aws.call("cloudformation", "describe_stacks", StackName=name)["Stacks"]
    except AwsError as error:
        # CloudFormation has no code of its own for a stack that does not exist.
        if error.code != "ValidationError":
            raise
        said = text("ops.no_such_stack", stack=name, region=region or "–")
        raise Stop(Exit.AWS, said, {"stack": name, "region": region}) from None
    given = {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])}
    told = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    if not {"IncidentsTable", "ApprovalsTable"} <= told.keys():
        raise Stop(Exit.AWS, text("console.no_stack", stack=name))
    read: dict[str, Any] = {
        field: Settings.read({field.upper(): given[parameter]})
        for parameter, field in _PARAMETERS.items()
        if given.get(parameter)
    }
    settings = Settings(
        stack=name,
        region=region,
        incidents_table=told["IncidentsTable"],
        approvals_table=told["ApprovalsTable"],
        **{field: getattr(known, field) for field, known in read.items()},
    )
    return settings, told


_PARAMETERS = {
    "CreateFunctionName": "create_function",
    "ResultFunctionName": "result_function",
}
