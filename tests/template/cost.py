"""What the stack costs, by the template and a list of prices: `python -m tests.template.cost` prints it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from rich.console import Console

from liveness_ops.template_tools import load
from responder.core.plain_data import Data, Json

# Parts that are left out by default; `options` of the list says what they cost.
_OPTIONAL = ("WithSlack", "ReservesConcurrency")
_KNOWN: Json = yaml.safe_load(Path(__file__).with_name("prices.yaml").read_text(encoding="utf-8"))
PRICES: Mapping[str, Data] = _KNOWN["prices"]


def usd(used: Mapping[str, float]) -> dict[str, float]:
    """By kind of thing."""
    return {kind: amount * PRICES[kind]["usd"] for kind, amount in used.items()}


def idle(template: Data) -> dict[str, float]:
    """USD a month while nothing happens, with every alarm, without Slack and dashboard."""
    used: dict[str, float] = dict.fromkeys(PRICES, 0.0)
    for kind, amount in (*_resources(template), *_runs(template), *_KNOWN["idle"].items()):
        used[kind] += amount
    return {kind: amount for kind, amount in usd(used).items() if amount}


def options() -> dict[str, float]:
    """USD a month on top, by name."""
    return {name: sum(usd(used).values()) for name, used in _KNOWN["options"].items()}


def incidents() -> dict[str, float]:
    """USD of one, by what happens."""
    return {name: sum(usd(used).values()) for name, used in _KNOWN["incidents"].items()}


def _resources(template: Data) -> Iterator[tuple[str, float]]:
    for name, resource in template["Resources"].items():
        if resource.get("Condition") in _OPTIONAL:
            continue
        match resource["Type"]:
            case "AWS::CloudWatch::Alarm":
                metrics = resource["Properties"].get("Metrics", ())
                yield "alarm_metric", sum("MetricStat" in each for each in metrics) or 1
            case "AWS::CloudWatch::CompositeAlarm":
                yield "composite_alarm", 1
            case "AWS::Logs::MetricFilter":
                # With a default value a metric has values in each hour in which anything is logged.
                reported = resource["Properties"]["MetricTransformations"]
                yield "custom_metric", sum("DefaultValue" in each for each in reported)
            case "AWS::KMS::Key" | "AWS::SecretsManager::Secret" | "AWS::CloudWatch::AnomalyDetector":
                raise LookupError(f"{name}: prices.yaml has no price for it")


def _runs(template: Data) -> Iterator[tuple[str, float]]:
    known = load.functions(dict(template))
    clock = {
        name for name, each in known.items() if any(_by_clock(one) for one in each.get("Events", {}).values())
    }
    assert clock == set(_KNOWN["scheduled"]), clock ^ set(_KNOWN["scheduled"])
    for name, each in _KNOWN["scheduled"].items():
        memory = known[name]["MemorySize"] / 1024
        yield "lambda_gigabyte_second", each["runs"] * each["seconds"] * memory
        yield "lambda_request", each["runs"]
        yield "trace", each["runs"]


def _by_clock(event: Data) -> bool:
    return str(event["Type"]).startswith("Schedule")


def main() -> None:
    """Print it."""
    show, found = Console(highlight=False, emoji=False).print, idle(load.template())
    for kind, amount in sorted(found.items(), key=lambda each: -each[1]):
        show(f"{amount:8.2f}  {kind}")
    show(f"{sum(found.values()):8.2f}  USD a month idle, us-east-1, every alarm, without Slack and dashboard")
    for name, amount in (*options().items(), *incidents().items()):
        show(f"{amount:8.2f}  {name}")


if __name__ == "__main__":
    main()
