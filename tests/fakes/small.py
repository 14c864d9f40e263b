"""The services of which we use an operation or two."""
# ruff: noqa: N803 - the argument names are AWS's own

import json
import re
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

from responder.core.errors import Missing, Rejected
from responder.core.plain_data import Json

SNS_BYTES = 262_144
# GetParameters and DeleteParameters take ten names (SSM API reference).
SSM_NAMES = 10


class StrictSns:
    """`published`: the requests as sent. `letters`: subjects need not be ASCII, as botocore's model says and
    older pages deny."""

    def __init__(self) -> None:
        self.published: list[Json] = []
        self.letters = False

    def publish(self, **request: Any) -> Json:
        subject = request.get("Subject", "-")
        fine = 0 < len(subject) < 100 and (subject.isascii() or self.letters) and subject.isprintable()
        body = request["Message"]
        if request.get("MessageStructure") == "json":
            fine = fine and isinstance(json.loads(body).get("default"), str)
        if not fine or not body or len(body.encode()) > SNS_BYTES:
            raise Rejected("sns", "Publish", "InvalidParameter")
        self.published.append(request)
        return {"MessageId": f"message-{len(self.published)}"}


class Modes(MutableMapping[str, str]):
    """The modes that people have set, by remedy, as the one parameter that holds them; the global one is
    `everywhere`."""

    def __init__(self, parameters: dict[str, str], name: str = "/responder/modes") -> None:
        self._parameters, self._name = parameters, name

    @property
    def _all(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self._parameters.get(self._name, "{}"))
        return found

    def __getitem__(self, key: str) -> str:
        return self._all[key]

    def __setitem__(self, key: str, value: str) -> None:
        self._parameters[self._name] = json.dumps({**self._all, key: value})

    def __delitem__(self, key: str) -> None:
        left = self._all
        del left[key]
        self._parameters[self._name] = json.dumps(left)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class StrictSsm:
    """`parameters`: name -> value. `versions`: what was written through the API, oldest first."""

    def __init__(self) -> None:
        self.parameters: dict[str, str] = {}
        self.versions: dict[str, list[Json]] = {}

    @property
    def modes(self) -> Modes:
        """Those of the stack `responder`."""
        return Modes(self.parameters)

    def put_parameter(
        self, Name: str, Value: str, Type: str = "String", Overwrite: bool = False, Description: str = ""
    ) -> Json:
        legal = re.fullmatch(r"(/[A-Za-z0-9_.-]+){1,15}", Name) is not None and 0 < len(Value) <= 4096
        # Two braces in a row are a reference to another parameter.
        if not legal or Type != "String" or "{{" in Value or len(Description) > 1024:
            raise Rejected("ssm", "PutParameter", "ValidationException")
        if Name in self.parameters and not Overwrite:
            raise Rejected("ssm", "PutParameter", "ParameterAlreadyExists")
        self.parameters[Name] = Value
        versions = self.versions.setdefault(Name, [])
        versions.append(
            {"Name": Name, "Value": Value, "Description": Description, "Version": len(versions) + 1}
        )
        return {"Version": len(versions)}

    def get_parameter_history(self, Name: str, **_: Any) -> Json:
        if Name not in self.parameters:
            raise Missing("ssm", "GetParameterHistory", "ParameterNotFound")
        return {"Parameters": self.versions.get(Name, [])}

    def get_parameters_by_path(self, Path: str, Recursive: bool = False, **_: Any) -> Json:
        prefix = Path.rstrip("/") + "/"
        found = {name: value for name, value in self.parameters.items() if name.startswith(prefix)}
        return {
            "Parameters": [
                {"Name": name, "Value": value, "Type": "String"}
                for name, value in sorted(found.items())
                if Recursive or "/" not in name.removeprefix(prefix)
            ]
        }

    def get_parameter(self, Name: str) -> Json:
        if Name not in self.parameters:
            raise Missing("ssm", "GetParameter", "ParameterNotFound")
        return {"Parameter": {"Name": Name, "Value": self.parameters[Name], "Type": "String"}}

    def get_parameters(self, Names: list[str]) -> Json:
        if not 0 < len(Names) <= SSM_NAMES:
            raise Rejected("ssm", "GetParameters", "ValidationException")
        found = [name for name in Names if name in self.parameters]
        return {
            "Parameters": [
                {"Name": name, "Value": self.parameters[name], "Type": "String"} for name in found
            ],
            "InvalidParameters": [name for name in Names if name not in self.parameters],
        }

    def delete_parameters(self, Names: list[str]) -> Json:
        if not 0 < len(Names) <= SSM_NAMES:
            raise Rejected("ssm", "DeleteParameters", "ValidationException")
        found = [name for name in Names if self.parameters.pop(name, None) is not None]
        return {
            "DeletedParameters": found,
            "InvalidParameters": [name for name in Names if name not in found],
        }

    def delete_parameter(self, Name: str) -> Json:
        if self.parameters.pop(Name, None) is None:
            raise Missing("ssm", "DeleteParameter", "ParameterNotFound")
        return {}


class StrictAutoscaling:
    """`targets`, `policies` and `actions`: the descriptions as AWS gives them."""

    def __init__(self) -> None:
        self.targets: list[Json] = []
        self.policies: list[Json] = []
        self.actions: list[Json] = []

    def describe_scalable_targets(self, ServiceNamespace: str, **asked: Any) -> Json:
        return {"ScalableTargets": _of(self.targets, ServiceNamespace, asked.get("ResourceIds"))}

    def describe_scaling_policies(self, ServiceNamespace: str, **asked: Any) -> Json:
        wanted = asked.get("ResourceId")
        return {"ScalingPolicies": _of(self.policies, ServiceNamespace, [wanted] if wanted else None)}

    def describe_scheduled_actions(self, ServiceNamespace: str, **asked: Any) -> Json:
        wanted = asked.get("ResourceId")
        return {"ScheduledActions": _of(self.actions, ServiceNamespace, [wanted] if wanted else None)}

    def register_scalable_target(self, **put: Any) -> Json:
        _put(self.targets, put)
        return {}

    def put_scaling_policy(self, **put: Any) -> Json:
        self._registered(put, "PutScalingPolicy")
        _put(self.policies, put, "PolicyName")
        return {}

    def put_scheduled_action(self, **put: Any) -> Json:
        self._registered(put, "PutScheduledAction")
        _put(self.actions, put, "ScheduledActionName")
        return {}

    def _registered(self, put: Json, operation: str) -> None:
        if _identity(put) not in [_identity(each) for each in self.targets]:
            raise Missing("application-autoscaling", operation, "ObjectNotFoundException")


def _put(found: list[Json], put: Json, name: str = "") -> None:
    found[:] = [each for each in found if _identity(each, name) != _identity(put, name)]
    found.append(put)


def _identity(found: Json, name: str = "") -> list[Any]:
    return [found.get(each) for each in ("ServiceNamespace", "ResourceId", "ScalableDimension", name)]


def _of(found: list[Json], namespace: str, resources: Iterable[str] | None) -> list[Json]:
    return [
        each
        for each in found
        if each["ServiceNamespace"] == namespace and (resources is None or each["ResourceId"] in resources)
    ]
