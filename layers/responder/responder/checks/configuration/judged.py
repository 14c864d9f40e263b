"""A function's configuration against how it was deployed and how it was before. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime

from responder.checks import commands
from responder.checks.finding import AMBER, RED, Checked, CheckItem
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Text, Texts, Values, text
from responder.evidence.configuration import DeployedFunction

CHAPTER = "アラート4: Lambda エラー"
NONE = "–"
MEMORY, TIMEOUT, RESERVED, VPC = "memory", "timeout", "reserved", "vpc"
LEVEL, GROUP, VARIABLES = "log_level", "log_group", "variables"
THRESHOLD, ROLLOUT = "threshold", "rollout"
# Of stored facts: the day that they are of, where that is not the day of their report.
AS_OF = "as_of"
# Fields that are compared only with the known value: nothing defines their right one.
_FREE = (
    *("log_format", "runtime", "handler", "layers", "role", "architecture", "storage", "key"),
    *("code", "tracing", "mounts"),
)
# Lambda does not count setting it as a modification of the function, so it is never accepted with one.
_ASIDE = frozenset({RESERVED})
# At 100 to 1,000 sessions a day a few run at once; less than this throttles users in a busy minute.
FEW = 10
# Above WARN the lines that say why a check failed are not written.
_SILENT_LEVELS = ("ERROR", "FATAL")

_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,6})?")

type Facts = Mapping[str, str]


@frozen
class FunctionAsIs:
    """A function as it is; `refused`: why its reservation could not be read. `modified`: when Lambda last
    changed it; `by_stack`: for the service's stack."""

    facts: Facts
    refused: AwsError | None = None
    modified: datetime = datetime.min.replace(tzinfo=UTC)
    by_stack: bool = False


@frozen
class FunctionBefore:
    """How the functions were before any change that neither the service's stack made nor a person accepted.

    Attributes:
        day: of the report that `facts` are from; None without one.
        facts: by function; with the day that they are of.
        reserved: by function that is switched off now, the last reservation that was not 0.
        ours: by function, settings that a remedy has set and that are in force, with their values.
        unread: the reports of earlier days could not be read.
    """

    day: date | None = None
    facts: Mapping[str, Facts] = field(default_factory=dict)
    reserved: Facts = field(default_factory=dict)
    ours: Mapping[str, Facts] = field(default_factory=dict)
    unread: bool = False


def facts(name: str, answer: Data, concurrency: Data | None, settings: Settings) -> Facts:
    """The facts that are compared and stored; of variables only the names, and the values of the two that
    decide how strict the liveness check is. What could not be read is left out."""
    network = answer.get("VpcConfig") or {}
    parts = (network.get("SubnetIds") or (), network.get("SecurityGroupIds") or ())
    logging = answer.get("LoggingConfig") or {}
    # `name:3` of a layer's version.
    layers = (":".join(str(each.get("Arn", "")).split(":")[-2:]) for each in answer.get("Layers") or ())
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
        "layers": ", ".join(layers) or NONE,
        "role": str(answer.get("Role", "")).rpartition("/")[2] or NONE,
        "architecture": ", ".join(answer.get("Architectures") or ("x86_64",)),
        "storage": str((answer.get("EphemeralStorage") or {}).get("Size") or 512),
        "key": str(answer.get("KMSKeyArn") or NONE).rpartition("/")[2],
        "code": str(answer.get("CodeSha256") or NONE)[:12],
        "mounts": ", ".join(sorted(str(each.get("Arn")) for each in answer.get("FileSystemConfigs") or ()))
        or NONE,
        "tracing": str((answer.get("TracingConfig") or {}).get("Mode") or "PassThrough"),
    }
    found |= _environment(answer.get("Environment") or {}, settings)
    if concurrency is not None:
        reserved = concurrency.get("ReservedConcurrentExecutions")
        found[RESERVED] = NONE if reserved is None else str(reserved)
    return found


def _environment(environment: Data, settings: Settings) -> Facts:
    """Nothing where AWS could not decrypt it."""
    if environment.get("Error"):
        return {}
    variables = environment.get("Variables") or {}
    compared = ((THRESHOLD, settings.threshold_variable), (ROLLOUT, settings.rollout_variable))
    values = {fact: _number(str(variables[name])) for fact, name in compared if name in variables}
    return {VARIABLES: ", ".join(sorted(variables)) or NONE, **values}


def known(now: Facts, last: Facts, day: date | None, *, by_stack: bool) -> Facts:
    """The facts to store: until a change is accepted, the value before it stays the known one, with the day
    that it is of. What could not be read now stays known, too."""
    if day is None:
        return now
    accepted = now.keys() - _ASIDE if by_stack else frozenset()
    before = {each: value for each, value in last.items() if each != AS_OF and each not in accepted}
    kept = {**now, **before}
    return now if kept == now else kept | {AS_OF: last.get(AS_OF, day.isoformat())}


def _number(value: str) -> str:
    """A value that is no number may be anything: it is not stored."""
    return value if _NUMBER.fullmatch(value) else "?"


def _group(name: str) -> str:
    return f"/aws/lambda/{name}"


def judged(
    now: Mapping[str, FunctionAsIs],
    wanted: Mapping[str, DeployedFunction],
    before: FunctionBefore,
    settings: Settings,
) -> Iterator[CheckItem]:
    """Functions that are switched off in red; then one line for each kind of difference, with the functions
    that have it; then how many are as they should be."""
    groups: dict[str, tuple[Texts, list[str]]] = {}
    fine: list[str] = []
    weak: set[str] = set()
    for name, each in now.items():
        off = each.facts.get(RESERVED) == "0"
        if off and wanted[name].reserved != 0:
            yield _off(name, wanted[name], before, settings)
        compared = _Comparison(
            name,
            each,
            wanted[name],
            before.facts.get(name, {}),
            before.day,
            before.ours.get(name, {}),
            settings,
        )
        weak |= {name} if compared.weaker else set()
        if differences := tuple(compared.differences()):
            # Texts hold mappings, which cannot be keys.
            groups.setdefault(repr(differences), (differences, []))[1].append(name)
        elif not off:
            fine.append(name)
    for differences, names in groups.values():
        yield _drifted(names, differences, now, wanted, settings, weaker=not weak.isdisjoint(names))
    if fine:
        yield _fine(fine, now, before)


@frozen
class _Comparison:
    """One function now, as deployed, as of `day`, and what remedies have set."""

    name: str
    now: FunctionAsIs
    wanted: DeployedFunction
    last: Facts
    day: date | None
    ours: Facts
    settings: Settings

    @property
    def found(self) -> Facts:
        return self.now.facts

    @property
    def weaker(self) -> bool:
        """It lets more pass than it was deployed to, and no remedy of ours is the reason."""
        other = self._other_threshold
        return other == "?" or (other != "" and float(other) < self.settings.confidence_threshold)

    @property
    def _other_threshold(self) -> str:
        """A threshold that neither a deployment nor a remedy of ours set; "" where there is none."""
        found = self.found.get(THRESHOLD, "")
        if found in ("", "?"):
            return found
        ours = found == self.ours.get(self.settings.threshold_variable)
        return "" if ours or float(found) == self.settings.confidence_threshold else found

    def differences(self) -> Iterator[Text]:
        if self._other_threshold:
            yield self._not_as(THRESHOLD, f"{self.settings.confidence_threshold:g}")
        memory, timeout = str(self.wanted.memory), str(self.wanted.timeout)
        if self.found[MEMORY] not in (memory, self.ours.get("MemorySize")):
            yield self._not_as(MEMORY, memory)
        if self.found[TIMEOUT] != timeout:
            yield self._not_as(TIMEOUT, timeout)
        if (self.found[VPC] != NONE) is not self.wanted.vpc:
            yield text("check.configuration.vpc_gone" if self.wanted.vpc else "check.configuration.vpc_new")
        else:
            yield from self._changed(VPC)
        if self.found[LEVEL] in _SILENT_LEVELS:
            yield text("check.configuration.silent", level=self.found[LEVEL])
        else:
            yield from self._changed(LEVEL)
        if self.found[GROUP] != _group(self.name):
            yield text("check.configuration.elsewhere", group=self.found[GROUP])
        yield from self._reserved()
        yield from self._changed(*_FREE)
        yield from self._rollout()
        if not self.now.by_stack:
            yield from self._variables()

    def _rollout(self) -> Iterator[Text]:
        if self.found.get(ROLLOUT) != self.ours.get(self.settings.rollout_variable):
            yield from self._changed(ROLLOUT)

    def _reserved(self) -> Iterator[Text]:
        reserved = self.found.get(RESERVED, NONE)
        should = NONE if self.wanted.reserved is None else str(self.wanted.reserved)
        if RESERVED not in self.found or reserved in ("0", should):
            return
        if self.wanted.reserved is not None:
            yield self._not_as(RESERVED, should)
        elif int(reserved) < FEW:
            yield text("check.configuration.few", reserved=reserved)
        else:
            yield from self._changed(RESERVED)

    def _variables(self) -> Iterator[Text]:
        if self.day is None or VARIABLES not in self.found or VARIABLES not in self.last:
            return
        now, then = (set(each[VARIABLES].split(", ")) - {NONE} for each in (self.found, self.last))
        set_by_us = {name for each in self.ours.values() for name in each.split(", ")}
        added, removed = sorted(now - then - set_by_us), sorted(then - now)
        shown = ", ".join((*(f"+{each}" for each in added), *(f"-{each}" for each in removed)))
        if shown:
            yield text("check.configuration.variables", names=shown, day=self._day)

    def _not_as(self, field: str, wanted: str) -> Text:
        """Differences from the deployment; and since when, if new."""
        since = self._since(field)
        key = "check.configuration.not_as.since" if since else "check.configuration.not_as"
        name = text(f"check.configuration.field.{field}")
        return text(key, field=name, now=self.found[field], wanted=wanted, **since)

    def _changed(self, *fields: str) -> Iterator[Text]:
        """Another value than the known one, and not accepted."""
        for each in fields:
            if self.now.by_stack and each not in _ASIDE:
                continue
            if each in self.found and (since := self._since(each)):
                name = text(f"check.configuration.field.{each}")
                yield text("check.configuration.changed", field=name, now=self.found[each], **since)

    def _since(self, field: str) -> Values:
        before = self.last.get(field, self.found[field])
        if self.day is None or before == self.found[field]:
            return {}
        return {"before": before, "day": self._day}

    @property
    def _day(self) -> str:
        return self.last.get(AS_OF) or (self.day.isoformat() if self.day else NONE)


def _off(name: str, wanted: DeployedFunction, before: FunctionBefore, settings: Settings) -> CheckItem:
    """No invocation is accepted: the service is down for its users until the reservation is lifted."""
    region = settings.region
    earlier = before.reserved.get(name) or (NONE if wanted.reserved is None else str(wanted.reserved))
    if earlier.isdecimal() and int(earlier):
        put = {"function_name": name, "reserved_concurrent_executions": earlier}
        command = commands.aws("lambda put-function-concurrency", region, **put)
        said = text("check.configuration.off.before", function=name, reserved=earlier)
    else:
        command = commands.aws("lambda delete-function-concurrency", region, function_name=name)
        said = text("check.configuration.off", function=name)
    query = {"query": "ReservedConcurrentExecutions", "output": "text"}
    read = commands.aws("lambda get-function-concurrency", region, function_name=name, **query)
    return Checked.FUNCTION_OFF.of(name, chapter=CHAPTER).red(
        said,
        command=commands.unchanged(read, "0", command),
        numbers={RESERVED: 0.0},
        caution=text("check.configuration.off.ask"),
    )


def _drifted(  # noqa: PLR0913  one value per fact
    names: list[str],
    differences: Texts,
    now: Mapping[str, FunctionAsIs],
    wanted: Mapping[str, DeployedFunction],
    settings: Settings,
    *,
    weaker: bool,
) -> CheckItem:
    mends = (_mend(name, now[name].facts, wanted[name], settings) for name in names)
    command = " && ".join(each for each in mends if each)
    return Checked.FUNCTION_DRIFT.of(",".join(names), chapter=CHAPTER).item(
        RED if weaker else AMBER,
        text("check.configuration.drifted", functions=", ".join(names), differences=differences),
        *((text("check.configuration.weaker"),) if weaker else ()),
        text("check.configuration.cdk"),
        *(_summary(name, now[name].facts) for name in names),
        command=command,
        numbers={"functions": float(len(names))},
        caution=text("check.configuration.drifted.ask") if command else None,
        # Yesterday's figures are reported once.
        facts=tuple(f"{name} {field}={value}" for name in names for field, value in now[name].facts.items()),
    )


def _mend(name: str, found: Facts, wanted: DeployedFunction, settings: Settings) -> str:
    """The command that restores the deployed timeout and memory; what a release changes has no command."""
    options: dict[str, str] = {}
    if found[TIMEOUT] != str(wanted.timeout):
        options["timeout"] = str(wanted.timeout)
    # More memory does no harm and may be intended: it is reported, not reduced.
    if int(found[MEMORY]) < wanted.memory:
        options["memory_size"] = str(wanted.memory)
    if not options:
        return ""
    query = {"query": "to_string([Timeout,MemorySize])", "output": "text"}
    read = commands.aws("lambda get-function-configuration", settings.region, function_name=name, **query)
    change = commands.aws(
        "lambda update-function-configuration", settings.region, function_name=name, **options
    )
    return commands.unchanged(read, f"[{found[TIMEOUT]},{found[MEMORY]}]", change)


def _fine(names: list[str], now: Mapping[str, FunctionAsIs], before: FunctionBefore) -> CheckItem:
    released = [
        name for name in names if now[name].by_stack and _changed(now[name], before.facts.get(name, {}))
    ]
    if before.unread:
        said = text("check.configuration.fine.alone", count=len(names))
    elif before.day is None:
        said = text("check.configuration.fine.first", count=len(names))
    else:
        said = text("check.configuration.fine", count=len(names), day=before.day.isoformat())
    details = [text("check.configuration.by_stack", functions=", ".join(released))] if released else []
    details += (_summary(name, now[name].facts) for name in names)
    this = Checked.CONFIGURATION.of(chapter=CHAPTER)
    return this.green(said, *details, numbers={"functions": float(len(names))})


def _changed(now: FunctionAsIs, last: Facts) -> bool:
    return any(last.get(each, value) != value for each, value in now.facts.items() if each not in _ASIDE)


def _summary(name: str, found: Facts) -> Text:
    shown: Values = {each: found.get(each, "?") for each in (MEMORY, TIMEOUT, RESERVED, "runtime")}
    if shown[RESERVED] == NONE:
        shown[RESERVED] = text("check.configuration.unreserved")
    return text("check.configuration.summary", function=name, **shown)
