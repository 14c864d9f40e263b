"""A function's configuration against how it was deployed and how it was before. Pure."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from responder.checks.commands import unchanged
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.errors import AwsError
from responder.core.settings import Settings
from responder.core.text import Text, Value, text
from responder.evidence.functions import DeployedFunction

CHAPTER = "アラート4: Lambda エラー"
NONE = "–"
MEMORY, TIMEOUT, RESERVED, VPC = "memory", "timeout", "reserved", "vpc"
LEVEL, GROUP, VARIABLES = "log_level", "log_group", "variables"
# Fields that are compared with the day before alone: nothing says how they should be.
_FREE = ("log_format", "runtime", "handler", "layers", "role", "architecture", "storage", "key")
# At 100 to 1,000 sessions a day a few run at once; less than this turns users away at a busy minute.
FEW = 10
# Above WARN the lines that tell why a check failed are not written.
_SILENT_LEVELS = ("ERROR", "FATAL")


@dataclass(frozen=True, slots=True)
class FunctionAsIs:
    """A function as it is; `refused`: why its reservation could not be read."""

    facts: Mapping[str, str]
    refused: AwsError | None = None


@dataclass(frozen=True, slots=True)
class FunctionBefore:
    """How the functions were.

    Attributes:
        day: of the report that `facts` are from; None without one.
        facts: by function.
        reserved: by function that is switched off now, the last reservation that was not 0.
        ours: by function, settings that a remedy of ours has set and that are in force, with their values.
        unread: the reports of earlier days could not be read.
    """

    day: date | None = None
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reserved: Mapping[str, str] = field(default_factory=dict)
    ours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unread: bool = False

    def with_reserved(self, reserved: Mapping[str, str]) -> "FunctionBefore":
        """The same, with what was reserved before functions were switched off."""
        return replace(self, reserved=reserved)


def facts(name: str, answer: Mapping[str, Any], concurrency: Mapping[str, Any] | None) -> Mapping[str, str]:
    """What is compared and kept; of variables the names alone. What could not be read is left out."""
    network = answer.get("VpcConfig") or {}
    parts = (network.get("SubnetIds") or (), network.get("SecurityGroupIds") or ())
    logging = answer.get("LoggingConfig") or {}
    found = {
        MEMORY: str(answer.get("MemorySize") or 128),
        # Absent in an answer means Lambda's own default.
        TIMEOUT: str(answer.get("Timeout") or 3),
        VPC: " / ".join(", ".join(sorted(each)) for each in parts) if any(parts) else NONE,
        "log_format": str(logging.get("LogFormat") or "Text"),
        LEVEL: str(logging.get("ApplicationLogLevel") or NONE),
        GROUP: str(logging.get("LogGroup") or _group(name)),
        "runtime": str(answer.get("Runtime") or NONE),
        "handler": str(answer.get("Handler") or NONE),
        "layers": ", ".join(_layer(str(each.get("Arn", ""))) for each in answer.get("Layers") or ()) or NONE,
        "role": str(answer.get("Role", "")).rpartition("/")[2] or NONE,
        "architecture": ", ".join(answer.get("Architectures") or ("x86_64",)),
        "storage": str((answer.get("EphemeralStorage") or {}).get("Size") or 512),
        "key": str(answer.get("KMSKeyArn") or NONE).rpartition("/")[2],
    }
    environment = answer.get("Environment") or {}
    if not environment.get("Error"):
        found[VARIABLES] = ", ".join(sorted(environment.get("Variables") or {})) or NONE
    if concurrency is not None:
        reserved = concurrency.get("ReservedConcurrentExecutions")
        found[RESERVED] = NONE if reserved is None else str(reserved)
    return found


def judged(
    now: Mapping[str, FunctionAsIs],
    wanted: Mapping[str, DeployedFunction],
    before: FunctionBefore,
    settings: Settings,
) -> tuple[CheckItem, ...]:
    """Functions that are switched off in red; then one line for each kind of difference, with the functions
    that have it; then how many are as they should be."""
    off = [name for name, each in now.items() if each.facts.get(RESERVED) == "0"]
    odd = {name: tuple(_differences(name, each, wanted[name], before)) for name, each in now.items()}
    items = [_off(name, wanted[name], before, settings) for name in off if wanted[name].reserved != 0]
    groups: list[tuple[tuple[Text, ...], list[str]]] = []
    for name, parts in odd.items():
        group = next((names for known, names in groups if known == parts), None)
        if group is not None:
            group.append(name)
        elif parts:
            groups.append((parts, [name]))
    items += [_drifted(names, parts, now, wanted, settings) for parts, names in groups]
    fine = [name for name, parts in odd.items() if not parts and name not in off]
    return (*items, *((_fine(fine, now, before),) if fine else ()))


def _off(name: str, wanted: DeployedFunction, before: FunctionBefore, settings: Settings) -> CheckItem:
    """No invocation is accepted: the service is down for its users until the reservation is lifted."""
    where = ["--region", settings.region, "--function-name", name]
    earlier = before.reserved.get(name) or (NONE if wanted.reserved is None else str(wanted.reserved))
    if earlier.isdecimal() and int(earlier):
        command = ["aws", "lambda", "put-function-concurrency", *where]
        command += ["--reserved-concurrent-executions", earlier]
        said = text("check.configuration.off.before", function=name, reserved=earlier)
    else:
        command = ["aws", "lambda", "delete-function-concurrency", *where]
        said = text("check.configuration.off", function=name)
    caution = text("check.configuration.off.ask")
    ask = ["aws", "lambda", "get-function-concurrency", *where, "--query", "ReservedConcurrentExecutions"]
    lift = unchanged(shlex.join([*ask, "--output", "text"]), "0", shlex.join(command))
    return CheckItem(
        Checked.FUNCTION_OFF.of(name),
        CheckStatus.RED,
        said,
        (),
        CHAPTER,
        lift,
        {RESERVED: 0.0},
        caution=caution,
    )


def _differences(
    name: str, now: FunctionAsIs, wanted: DeployedFunction, before: FunctionBefore
) -> Iterator[Text]:
    found, ours = now.facts, before.ours.get(name, {})
    last = before.facts.get(name, {})
    yield from _size(found, wanted, last, before.day, ours)
    yield from _network(found, wanted, last, before.day)
    yield from _logging(name, found, last, before.day)
    yield from _reserved(found, wanted, last, before.day)
    for each in _FREE:
        yield from _new(each, found, last, before.day)
    yield from _variables(found, last, before.day, ours)


def _size(
    found: Mapping[str, str],
    wanted: DeployedFunction,
    last: Mapping[str, str],
    day: date | None,
    ours: Mapping[str, str],
) -> Iterator[Text]:
    if found[MEMORY] not in (str(wanted.memory), ours.get("MemorySize")):
        yield _not_as(MEMORY, found, str(wanted.memory), last, day)
    if found[TIMEOUT] != str(wanted.timeout):
        yield _not_as(TIMEOUT, found, str(wanted.timeout), last, day)


def _network(
    found: Mapping[str, str], wanted: DeployedFunction, last: Mapping[str, str], day: date | None
) -> Iterator[Text]:
    if (found[VPC] != NONE) is not wanted.vpc:
        yield text("check.configuration.vpc_gone" if wanted.vpc else "check.configuration.vpc_new")
    else:
        yield from _new(VPC, found, last, day)


def _logging(
    name: str, found: Mapping[str, str], last: Mapping[str, str], day: date | None
) -> Iterator[Text]:
    if found[LEVEL] in _SILENT_LEVELS:
        yield text("check.configuration.silent", level=found[LEVEL])
    else:
        yield from _new(LEVEL, found, last, day)
    if found[GROUP] != _group(name):
        yield text("check.configuration.elsewhere", group=found[GROUP])


def _reserved(
    found: Mapping[str, str], wanted: DeployedFunction, last: Mapping[str, str], day: date | None
) -> Iterator[Text]:
    reserved = found.get(RESERVED, NONE)
    should = NONE if wanted.reserved is None else str(wanted.reserved)
    if RESERVED not in found or reserved in ("0", should):
        return
    if wanted.reserved is not None:
        yield _not_as(RESERVED, found, should, last, day)
    elif int(reserved) < FEW:
        yield text("check.configuration.few", reserved=reserved)
    else:
        yield from _new(RESERVED, found, last, day)


def _variables(
    found: Mapping[str, str], last: Mapping[str, str], day: date | None, ours: Mapping[str, str]
) -> Iterator[Text]:
    if day is None or VARIABLES not in found or VARIABLES not in last:
        return
    now, then = (_names(each[VARIABLES]) for each in (found, last))
    set_by_us = {name for each in ours for name in each.split(", ")}
    added, removed = sorted(now - then - set_by_us), sorted(then - now)
    shown = ", ".join((*(f"+{each}" for each in added), *(f"-{each}" for each in removed)))
    if shown:
        yield text("check.configuration.variables", names=shown, day=day.isoformat())


def _names(listed: str) -> set[str]:
    return set() if listed == NONE else set(listed.split(", "))


def _not_as(
    field: str, found: Mapping[str, str], wanted: str, last: Mapping[str, str], day: date | None
) -> Text:
    """Different from how it was deployed; and since when, where it is new."""
    given: dict[str, Value] = {
        "field": text(f"check.configuration.field.{field}"),
        "now": found[field],
        "wanted": wanted,
    }
    if day is not None and last.get(field, found[field]) != found[field]:
        return text("check.configuration.not_as.since", before=last[field], day=day.isoformat(), **given)
    return text("check.configuration.not_as", **given)


def _new(field: str, found: Mapping[str, str], last: Mapping[str, str], day: date | None) -> Iterator[Text]:
    """Another value than on the day before."""
    if day is not None and last.get(field, found[field]) != found[field]:
        yield text(
            "check.configuration.changed",
            field=text(f"check.configuration.field.{field}"),
            now=found[field],
            before=last[field],
            day=day.isoformat(),
        )


def _drifted(
    names: list[str],
    parts: tuple[Text, ...],
    now: Mapping[str, FunctionAsIs],
    wanted: Mapping[str, DeployedFunction],
    settings: Settings,
) -> CheckItem:
    said = text("check.configuration.drifted", functions=", ".join(names), differences=parts)
    details = (text("check.configuration.cdk"), *(_summary(name, now[name]) for name in names))
    commands = [_mend(name, now[name], wanted[name], settings) for name in names]
    command = " && ".join(each for each in commands if each)
    numbers = {"functions": float(len(names))}
    caution = text("check.configuration.drifted.ask") if command else None
    # What is said of yesterday is said once.
    facts = tuple(f"{name} {field}={value}" for name in names for field, value in now[name].facts.items())
    this = Checked.FUNCTION_DRIFT.of(",".join(names))
    return CheckItem(
        this, CheckStatus.AMBER, said, details, CHAPTER, command, numbers, caution=caution, facts=facts
    )


def _mend(name: str, now: FunctionAsIs, wanted: DeployedFunction, settings: Settings) -> str:
    """The deployed time-out and memory again; what is a release's to change is not undone by a command."""
    options: list[str] = []
    if now.facts[TIMEOUT] != str(wanted.timeout):
        options += ["--timeout", str(wanted.timeout)]
    # More memory does no harm and may be wanted: it is shown, not taken away.
    if int(now.facts[MEMORY]) < wanted.memory:
        options += ["--memory-size", str(wanted.memory)]
    if not options:
        return ""
    where = ["--region", settings.region, "--function-name", name]
    ask = ["aws", "lambda", "get-function-configuration", *where]
    ask += ["--query", "to_string([Timeout,MemorySize])", "--output", "text"]
    change = ["aws", "lambda", "update-function-configuration", *where, *options]
    said = f"[{now.facts[TIMEOUT]},{now.facts[MEMORY]}]"
    return unchanged(shlex.join(ask), said, shlex.join(change))


def _fine(names: list[str], now: Mapping[str, FunctionAsIs], before: FunctionBefore) -> CheckItem:
    details = tuple(_summary(name, now[name]) for name in names)
    numbers = {"functions": float(len(names))}
    if before.unread:
        said = text("check.configuration.fine.alone", count=len(names))
    elif before.day is None:
        said = text("check.configuration.fine.first", count=len(names))
    else:
        said = text("check.configuration.fine", count=len(names), day=before.day.isoformat())
    return CheckItem(Checked.CONFIGURATION.of(), CheckStatus.GREEN, said, details, CHAPTER, "", numbers)


def _summary(name: str, now: FunctionAsIs) -> Text:
    found = now.facts
    shown = {each: found.get(each, "?") for each in (MEMORY, TIMEOUT, RESERVED, "runtime")}
    return text("check.configuration.summary", function=name, **shown)


def _group(name: str) -> str:
    return f"/aws/lambda/{name}"


def _layer(arn: str) -> str:
    """`name:3` of a layer's version."""
    return ":".join(arn.split(":")[-2:])
