"""Provisioned concurrency, with AWS's rules."""
# ruff: noqa: N803 - the argument names are AWS's own

from responder.core.errors import Missing, Rejected
from responder.core.plain_data import Json

MINIMUM_UNRESERVED = 100


class Concurrency:
    """Mixed into StrictLambda."""

    functions: Json

    def __init__(self) -> None:
        self.provisioned: dict[tuple[str, str], Json] = {}
        self.reserved: dict[str, int] = {}
        self.unreserved = 1000

    def settle_concurrency(self) -> None:
        for config in self.provisioned.values():
            if config["Status"] == "IN_PROGRESS":
                config["Status"] = "READY"

    def provision(self, name: str, alias: str, wanted: int) -> None:
        """A person has set it, and it is there."""
        self.provisioned[name, alias] = {
            "RequestedProvisionedConcurrentExecutions": wanted,
            "Status": "READY",
        }

    def get_function_concurrency(self, FunctionName: str) -> Json:
        found = self.reserved.get(FunctionName)
        return {} if found is None else {"ReservedConcurrentExecutions": found}

    def put_provisioned_concurrency_config(
        self, FunctionName: str, Qualifier: str, ProvisionedConcurrentExecutions: int
    ) -> Json:
        operation = "PutProvisionedConcurrencyConfig"
        alias = self._alias(FunctionName, Qualifier, operation)
        reserved = self.reserved.get(FunctionName)
        free = self.unreserved - MINIMUM_UNRESERVED if reserved is None else reserved
        wrong = (
            alias["FunctionVersion"] == "$LATEST",
            bool(alias.get("RoutingConfig")),
            self.functions[FunctionName].latest.get("SnapStart", {}).get("ApplyOn") == "PublishedVersions",
            free < ProvisionedConcurrentExecutions,
        )
        if any(wrong):
            raise Rejected("lambda", operation, "InvalidParameterValueException")
        self.provision(FunctionName, Qualifier, ProvisionedConcurrentExecutions)
        self.provisioned[FunctionName, Qualifier]["Status"] = "IN_PROGRESS"
        return dict(self.provisioned[FunctionName, Qualifier])

    def get_provisioned_concurrency_config(self, FunctionName: str, Qualifier: str) -> Json:
        operation = "GetProvisionedConcurrencyConfig"
        self._alias(FunctionName, Qualifier, operation)
        if (FunctionName, Qualifier) not in self.provisioned:
            raise Missing("lambda", operation, "ProvisionedConcurrencyConfigNotFoundException")
        return dict(self.provisioned[FunctionName, Qualifier])

    def delete_provisioned_concurrency_config(self, FunctionName: str, Qualifier: str) -> Json:
        self._alias(FunctionName, Qualifier, "DeleteProvisionedConcurrencyConfig")
        self.provisioned.pop((FunctionName, Qualifier), None)
        return {}

    def _alias(self, name: str, qualifier: str, operation: str) -> Json:
        if qualifier == "$LATEST":
            raise Rejected("lambda", operation, "InvalidParameterValueException")
        function = self.functions.get(name)
        if function is None or qualifier not in function.aliases:
            raise Missing("lambda", operation, "ResourceNotFoundException")
        found: Json = function.aliases[qualifier]
        return found
