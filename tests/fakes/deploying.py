"""Lambda as the owner of a service deploys to it."""
# ruff: noqa: N803 - the argument names are AWS's own

from abc import ABC, abstractmethod
from base64 import b64encode
from hashlib import sha256
from typing import Any

from responder.core.errors import Missing, Rejected
from responder.core.plain_data import Json
from tests.fakes.concurrency import Concurrency

ACCOUNT_ROLE = "arn:aws:iam::123456789012:role/"


class Deploying(Concurrency, ABC):
    """Mixed into StrictLambda."""

    @abstractmethod
    def add(self, name: str, variables: dict[str, str] | None = None, **configuration: Any) -> Any:
        """A deployed function."""

    def create_function(
        self, FunctionName: str, Code: dict[str, bytes], Environment: Json, **configuration: Any
    ) -> Json:
        operation = "CreateFunction"
        if FunctionName in self.functions:
            raise Rejected("lambda", operation, "ResourceConflictException")
        if not configuration["Role"].startswith(ACCOUNT_ROLE):
            raise Rejected("lambda", operation, "InvalidParameterValueException")
        variables, code = Environment["Variables"], _fingerprint(Code["ZipFile"])
        made = self.add(FunctionName, variables, CodeSha256=code, **configuration)
        self._touch(made.latest)
        return dict(made.latest)

    def update_function_code(self, FunctionName: str, ZipFile: bytes) -> Json:
        latest = self._deployed(FunctionName, "UpdateFunctionCode").latest
        self._may_change(latest, "UpdateFunctionCode", None)
        latest |= {"CodeSha256": _fingerprint(ZipFile), "LastUpdateStatus": "InProgress"}
        self._touch(latest)
        return dict(latest)

    def create_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> Json:
        function = self._deployed(FunctionName, "CreateAlias")
        if Name in function.aliases or FunctionVersion not in function.versions:
            raise Rejected("lambda", "CreateAlias", "InvalidParameterValueException")
        self._point(function, Name, FunctionVersion, None)
        return dict(function.aliases[Name])

    def delete_alias(self, FunctionName: str, Name: str) -> Json:
        self._deployed(FunctionName, "DeleteAlias").aliases.pop(Name, None)
        return {}

    def get_alias(self, FunctionName: str, Name: str) -> Json:
        function = self._deployed(FunctionName, "GetAlias")
        if Name not in function.aliases:
            raise Missing("lambda", "GetAlias", "ResourceNotFoundException")
        return dict(function.aliases[Name])

    def list_functions(self, **_: Any) -> Json:
        return {"Functions": [each.latest for each in self.functions.values()]}

    def put_function_concurrency(self, FunctionName: str, ReservedConcurrentExecutions: int) -> Json:
        self._deployed(FunctionName, "PutFunctionConcurrency")
        self.unreserved += self.reserved.get(FunctionName, 0) - ReservedConcurrentExecutions
        self.reserved[FunctionName] = ReservedConcurrentExecutions
        return {"ReservedConcurrentExecutions": ReservedConcurrentExecutions}

    def _deployed(self, name: str, operation: str) -> Any:
        if name not in self.functions:
            raise Missing("lambda", operation, "ResourceNotFoundException")
        return self.functions[name]

    @abstractmethod
    def _may_change(self, latest: Json, operation: str, revision: str | None) -> None: ...

    @abstractmethod
    def _touch(self, latest: Json) -> None: ...

    @abstractmethod
    def _point(self, function: Any, alias: str, version: str, routing: Json | None) -> None: ...


def _fingerprint(package: bytes) -> str:
    return b64encode(sha256(package).digest()).decode()
