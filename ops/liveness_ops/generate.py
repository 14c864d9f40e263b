"""Write everything that follows from the playbooks and their remedies: `make generate`.

In template.yaml each alarm's function with its rule, log group and policies, the places that list alarms,
the alarms on throttled functions and the first modes; in events/ a file for each state and command; the
compiled message catalogue; the pages of parameters and settings,
the runbook, and the number of alarms in both READMEs.
What is written manually is in docs/extending.md. Running it twice changes nothing.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import compile_texts
from liveness_ops import policy, runbook, settings_docs
from liveness_ops.template_tools.alarms import GENERIC, alarm_modules, logical_id, playbook_of, slug
from liveness_ops.template_tools.event_stub import STATES, Watched, alarms_of, state_change, watched
from liveness_ops.template_tools.gaps import gaps, shown_name
from liveness_ops.template_tools.load import EVENTS, TEMPLATE, parse
from responder.checks.run.alarm_names import FROM_PREFIX, service_slugs
from responder.core.alarm_event import parse as parse_event
from responder.core.command import CommandKind
from responder.core.metric_ranges import BELOW
from responder.core.remedy import REMEDIES, RemedyName
from responder.core.settings import Settings
from responder.respond.playbook import PLAYBOOKS, Playbook
from responder.store.incidents import incident_id

# An alarm takes ten metrics, and the result is one of them (CloudWatch, PutMetricAlarm).
_MOST = 9
_RESERVED = (*map(logical_id, alarm_modules()), "ResponseFailed", "People")
_THROTTLED = """\
  {name}:
    Type: AWS::CloudWatch::Alarm
    Condition: ReservesConcurrency
    Properties:
      AlarmName: !Sub LivenessResponder-{short}-${{AWS::StackName}}
      AlarmDescription: >-
        {said}
      Metrics:
        - Id: throttled
          Label: invocations that Lambda turned away
          Expression: >-
            SUM([{terms}])
{metrics}
      EvaluationPeriods: 5 # FILL: see ThrottledAlarm
      DatapointsToAlarm: 1
      Threshold: 0
      ComparisonOperator: GreaterThanThreshold
      TreatMissingData: notBreaching
      AlarmActions: [!Ref LastResort]

"""
_SAID = (
    "Lambda turns functions of the responder away: their reserved executions are used up. "
    "Alarms or people are\n        answered late. Raise ReservedConcurrency."
)
_THROTTLES = """\
        - Id: {id}
          ReturnData: false
          MetricStat:
            Stat: Sum
            Period: 60
            Metric:
              Namespace: AWS/Lambda
              MetricName: Throttles
              Dimensions: [{{ Name: FunctionName, Value: !Ref {function} }}]"""


def template(text: str) -> str:
    """The text of template.yaml with everything that follows from playbooks and remedies."""
    for module in alarm_modules():
        for gap in gaps(module, playbook_of(module), text) if module != GENERIC else ():
            text = gap.fill(text)
    return policy.written(_first_modes(_alarm_names(_reserved(text))))


def _alarm_names(text: str) -> str:
    parameters = set(parse(text)["Parameters"])
    modules = [each.replace("-", "_") for each in service_slugs(PLAYBOOKS)]
    shown = [shown_name(logical_id(each), playbook_of(each).alarm, parameters) for each in modules]
    names = [FROM_PREFIX if "AlarmPrefix" in each else each for each in shown]
    return re.sub(r"(?<=ALARM_NAMES: !Sub )\S+", lambda _: ",".join(names), text)


def _reserved(text: str) -> str:
    """As many alarms as are needed, in the order of the functions' names."""
    functions = sorted(_RESERVED)
    parts = [functions[start : start + _MOST] for start in range(0, len(functions), _MOST)]
    shorts = ("ThrottledReserved", "ThrottledOtherReserved", *(f"ThrottledReserved{n}" for n in range(3, 9)))
    alarms = "".join(_throttled(short, part) for short, part in zip(shorts, parts, strict=False))
    old = r"^  ThrottledReservedAlarm:\n(?s:.*?)(?=^  (?!Throttled\w*Reserved\d?Alarm:)[\w#])"
    return re.sub(old, lambda _: alarms, text, count=1, flags=re.MULTILINE)


def _throttled(short: str, functions: list[str]) -> str:
    ids = [each[0].lower() + each[1:] for each in functions]
    terms, half = [f"FILL({each}, 0)" for each in ids], max(len(ids) // 2, 1)
    lines = [", ".join(part) for part in (terms[:half], terms[half:]) if part]
    metrics = [_THROTTLES.format(id=id_, function=each) for id_, each in zip(ids, functions, strict=True)]
    return _THROTTLED.format(
        name=f"{short}Alarm",
        short=short,
        said=_SAID,
        terms=",\n            ".join(lines),
        metrics="\n".join(metrics),
    )


def _first_modes(text: str) -> str:
    """Each remedy begins with the highest mode that it can have; the global one decides."""
    modes = {name: spec.ceiling for name, spec in REMEDIES.items() if spec.applied}
    lines = "".join(f"          {name}: {mode}\n" for name, mode in modes.items())
    return re.sub(r"(?<=          everywhere: !Ref InitialMode\n)(?: {10}\w+: \w+\n)+", lambda _: lines, text)


# What a reservation for all takes, as the pages of parameters say it.
_TAKEN = (
    (r"(?<=each of )\d+(?= functions)", 1, 0),
    (r"(?<=reserved: )\d+(?= executions)", 5, 0),
    (r"(?<=executions, with Slack )\d+", 5, 5),
    (r"(?<=of )\d+(?= for `all`)", 5, 105),
    (r"\d+(?= 個の関数)", 1, 0),
    (r"(?<=予約した分（)\d+", 5, 0),
    (r"(?<=Slack を使う場合は )\d+", 5, 5),
    (r"(?<=`all` なら )\d+", 5, 105),
)


def reservations(page: str) -> str:
    """The text of a page of parameters with what a reservation for all takes."""
    for pattern, each, more in _TAKEN:
        page = re.sub(pattern, str(each * len(_RESERVED) + more), page)
    return page


def events(folder: Path = EVENTS) -> Iterator[tuple[Path, str]]:
    """The files in events/ that an alarm has to have and has not: each state of it, and each command."""
    for module in alarm_modules():
        playbook, mine = playbook_of(module), folder / slug(module)
        if module == GENERIC:
            continue
        changes = {
            name: state_change(playbook.alarm, _watched(playbook), state) for name, state in STATES.items()
        }
        kept = mine / "alarm.json"
        alarm = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else changes["alarm"]
        files = changes | _commands(playbook, incident_id(parse_event(alarm)))
        for name, event in files.items():
            if not (mine / f"{name}.json").exists():
                yield mine / f"{name}.json", json.dumps(event, indent=2) + "\n"


def _watched(playbook: Playbook) -> Watched:
    """As the alarm is defined; one datapoint beyond the threshold, one well within."""
    if playbook.definition is None:
        raise ValueError(f"{playbook.slug} does not say how its alarm is defined")
    if ours := alarms_of(parse(TEMPLATE.read_text(encoding="utf-8"))).get(playbook.alarm):
        return watched(ours, *_beside(float(ours["Threshold"]), ours["ComparisonOperator"]))
    watch = playbook.definition.watch(Settings())
    limit, below = watch.threshold or 1.0, watch.comparison == BELOW
    bad, good = _beside(limit, watch.comparison)
    return Watched(
        namespace=watch.namespace,
        metric=watch.metric,
        statistic=watch.statistic,
        threshold=float(limit),
        bad=(bad,) * watch.datapoints,
        good=(good,),
        comparison="less than" if below else "greater than",
        function=dict(watch.dimensions).get("FunctionName", ""),
        period=watch.period or 300,
    )


def _beside(limit: float, comparison: str) -> tuple[float, float]:
    return (limit / 2, limit * 1.05) if comparison == BELOW else (limit + 1, limit / 2)


def _commands(playbook: Playbook, incident: str) -> dict[str, dict[str, str]]:
    """About the playbook's first remedy; of an alarm without any, about what is only written down."""
    about = next(iter(playbook.remedies), None)
    remedy = RemedyName.PROPOSE_CHANGE if about is None else about.name
    scope = "" if about is None else about.scope
    found = {}
    for order in CommandKind:
        event = {"command": order, "incident": incident}
        if order not in (CommandKind.RE_EVALUATE, CommandKind.CHECK_LEASES):
            event |= {"remedy": remedy, "scope": scope}
        if order is CommandKind.APPLY:
            event["proposal"] = "0" * 16
        found[order.replace("-", "_")] = event
    return found


def readmes() -> dict[Path, str]:
    """Both READMEs with the number of alarms that have their own function."""
    number = str(len(alarm_modules()) - 1)
    pages = (TEMPLATE.with_name(name) for name in ("README.md", "README.ja.md"))
    count = r"(?<=\*\*Answers )\d+(?= alarms)|(?<=\*\*)\d+(?= 種類のアラーム)"
    return {page: re.sub(count, number, page.read_text(encoding="utf-8")) for page in pages}


def stale() -> dict[Path, str]:
    """What has to be written, by file."""
    pages = {path: reservations(text) for path, text in settings_docs.files()}
    made = {**pages, **runbook.pages(), **readmes(), **dict(events())}
    wanted = {TEMPLATE: template(TEMPLATE.read_text(encoding="utf-8")), **made}
    return {
        path: text
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main() -> None:
    """Write it."""
    compile_texts.write()
    for path, text in stale().items():
        print(path.relative_to(TEMPLATE.parent))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
