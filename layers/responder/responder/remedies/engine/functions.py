"""Lambda functions as they are right now, and the few figures that decide whether a remedy would help."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from responder.core.context import Context, Gateway
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.evidence import metrics

LATEST = "$LATEST"
_THREADS = 12
_SCALING = ("ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity")


@frozen
class Alias:
    """A name through which traffic can reach a function. `served` is the configuration of its published
    version; empty where it is on $LATEST or its version is unknown."""

    name: str
    version: str
    revision: str | None
    weighted: bool
    served: Mapping[str, Any] = field(repr=False)


class FunctionNow:
    """One function. It knows values of variables, so it has no repr and cannot be copied or stored.

    Attributes:
        revision: AWS's token of this very state; without one no write leaves, as the SDK refuses None.
        code: CodeSha256.
        runtime: `python3.9`; empty for an image.
        state: a function that was never anything else names none.
        modified: when AWS changed it last (UTC); `dated` is the same, as a change keeps it.
        released: aliases on a published version, which an update of $LATEST does not reach.
    """

    def __init__(self, name: str, configuration: Mapping[str, Any], aliases: tuple[Alias, ...] = ()) -> None:
        self.name = name
        self.configuration = configuration
        self.aliases = aliases
        self.revision: str | None = configuration.get("RevisionId")
        self.code = str(configuration.get("CodeSha256", ""))
        self.runtime = str(configuration.get("Runtime", ""))
        self.state = str(configuration.get("State", "Active"))
        self.update_status = str(configuration.get("LastUpdateStatus", "Successful"))
        at = configuration.get("LastModified")
        self.modified = None if at is None else datetime.fromisoformat(at).astimezone(UTC)
        self.dated = () if self.modified is None else (self.modified,)
        self.released = tuple(alias for alias in aliases if alias.version != LATEST)

    def __reduce__(self) -> str:
        raise TypeError("knows values that must not be stored")


def read(aws: Gateway, name: str) -> FunctionNow:
    """One function; raises our errors."""
    found = read_all(aws, [name])[name]
    if isinstance(found, AwsError):
        raise found
    return found


def read_all(aws: Gateway, names: Iterable[str]) -> dict[str, FunctionNow | AwsError]:
    """All of them side by side; a failed one is its error. One round trip deep, and one more for a function
    with an alias on a published version: only then its versions are asked for."""

    def collected(
        name: str, configuration: Future[dict[str, Any]], aliases: Future[tuple[Alias, ...]]
    ) -> FunctionNow | AwsError:
        try:
            return FunctionNow(name, configuration.result(), aliases.result())
        except AwsError as error:
            return error

    with ThreadPoolExecutor(_THREADS) as pool:
        asked = {
            name: (
                pool.submit(aws.call, "lambda", "get_function_configuration", FunctionName=name),
                pool.submit(_aliases, aws, name),
            )
            for name in names
        }
        return {name: collected(name, *futures) for name, futures in asked.items()}


def listed(aws: Gateway, operation: str, key: str, name: str) -> list[dict[str, Any]]:
    """Every entry of all pages of a list about one function; raises our errors."""
    pages = aws.pages("lambda", operation, FunctionName=name)
    return [each for page in pages for each in page.get(key, [])]


def alias_of(answer: Mapping[str, Any], versions: Mapping[str, Mapping[str, Any]] | None = None) -> Alias:
    """An alias as AWS describes it, with what it serves where the versions are known."""
    weights = (answer.get("RoutingConfig") or {}).get("AdditionalVersionWeights")
    version = str(answer["FunctionVersion"])
    served = (versions or {}).get(version, {})
    return Alias(str(answer["Name"]), version, answer.get("RevisionId"), bool(weights), served)


def _aliases(aws: Gateway, name: str) -> tuple[Alias, ...]:
    found = listed(aws, "list_aliases", "Aliases", name)
    released = any(each["FunctionVersion"] != LATEST for each in found)
    versions = listed(aws, "list_versions_by_function", "Versions", name) if released else []
    served = {each["Version"]: each for each in versions}
    return tuple(alias_of(each, served) for each in found)


def requests_through(context: Context, function: str, aliases: Iterable[str]) -> dict[str, float]:
    """Invocations of the last hour, by alias: AWS counts them under the dimension Resource."""
    asked = {
        alias: metrics.Metric(
            "AWS/Lambda",
            "Invocations",
            "Sum",
            (("FunctionName", function), ("Resource", f"{function}:{alias}")),
        )
        for alias in aliases
    }
    if not asked:
        return {}
    start = context.ago(hours=1).replace(second=0, microsecond=0)
    found = metrics.read(context, asked, start, context.now)
    return {alias: series.total for alias, series in found.items()}


def scaled(context: Context, namespace: str) -> list[dict[str, Any]]:
    """Scalable targets of one service, as far as a snapshot needs them."""
    pages = context.aws.pages(
        "application-autoscaling", "describe_scalable_targets", ServiceNamespace=namespace
    )
    found = (each for page in pages for each in page["ScalableTargets"])
    return [{key: each[key] for key in _SCALING if key in each} for each in found]
