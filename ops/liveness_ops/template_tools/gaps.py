"""The places of template.yaml that name each alarm function, and what is missing there."""

import re
from collections.abc import Iterable

from liveness_ops.policy import block
from liveness_ops.template_tools.alarms import logical_id, slug
from liveness_ops.template_tools.load import parse
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.settings import CORRECTED
from responder.respond.playbook import Playbook

_FUNCTION = """\
  {id}:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub ${{AWS::StackName}}-{slug}
      Description: Answers {alarm}
      Handler: alarms.{module}.handler
      LoggingConfig: {{ LogGroup: !Ref {id}Log }}
      Environment:
        Variables:
          ALARM_NAME: {name}
      Events:
        Alarm:
          Type: EventBridgeRule
          Properties:
            Pattern:
              source: [aws.cloudwatch]
              detail-type: [CloudWatch Alarm State Change]
              detail:
                alarmName: [{answered}]
                state: {{ value: [ALARM, OK, INSUFFICIENT_DATA] }}
            DeadLetterConfig: {{ Arn: !GetAtt Undelivered.Arn }}
            RetryPolicy: {{ MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 20 }}
{policy}

  {id}Log:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /aws/lambda/${{AWS::StackName}}-{slug}
      RetentionInDays: 90

"""
_PREFIX = "FaceAuth-"
_FUNCTIONS = r"\nResources:\n(?s:.*?)(?=  # --- an alarm of the service without)"
_KNOWN = r"- anything-but:\n"
_LISTED = " " * 22 + "- "
_SENDERS = r"aws:SourceArn:\n(?= *- !GetAtt \w+Alarm\.Arn\n)"
_DASHBOARD = r"title: Alarms of the service\n *alarms:\n"
_OUTPUT = r'!Join\n      - " "\n      - '
_HERE = "${{AWS::Region}}:${{AWS::AccountId}}"
_SHOWN = " " * 18 + f"- !Sub arn:${{{{AWS::Partition}}}}:cloudwatch:{_HERE}:alarm:{{shown}}\n"


@frozen
class Gap:
    """`lines` are missing after the line(s) `after` (a pattern) of template.yaml."""

    what: str
    after: str
    lines: str

    def fill(self, text: str) -> str:
        """The template's text with the gap closed."""
        place = re.search(self.after, text)
        if place is None:
            raise ValueError(f"template.yaml has no place for {self.what}")
        return text[: place.end()] + self.lines + text[place.end() :]


def gaps(module: str, playbook: Playbook, text: str) -> list[Gap]:
    """Everything that template.yaml does not say yet of this module."""
    own = logical_id(module)
    template = parse(text)
    resources = template["Resources"]
    known, listed = _known(resources), template["Outputs"]["AlarmFunctions"]["Value"]["Fn::Join"][1]
    name, shown = _named(own, playbook.alarm, template["Parameters"])
    corrected = f"{shown}{CORRECTED}" if playbook.corrected else ""
    flow = name if name.startswith("!Ref") else f'!Sub "{shown}"'
    answered = f'{flow}, !Sub "{corrected}"' if corrected else flow
    names = {"id": own, "slug": slug(module), "module": module, "alarm": playbook.alarm, "answered": answered}
    function = _FUNCTION.format(policy="\n".join(block(playbook.needs())), name=name, **names)
    return [
        gap
        for there, gap in (
            (own in resources, Gap("its function", _FUNCTIONS, function)),
            (shown in known, Gap("what UnknownAlarm leaves alone", _KNOWN, f"{_LISTED}{name}\n")),
            (
                not corrected or corrected in known,
                Gap("its corrected alarm, which it leaves alone", _KNOWN, f"{_LISTED}!Sub {corrected}\n"),
            ),
            (
                f"{own}Alarm" in _senders(resources),
                Gap("its rule's queue", _SENDERS, f"{' ' * 18}- !GetAtt {own}Alarm.Arn\n"),
            ),
            (
                f":alarm:{shown}'" in str(resources["Dashboard"]),
                Gap("its alarm on the dashboard", _DASHBOARD, _SHOWN.format(shown=shown)),
            ),
            ({"Ref": own} in listed, Gap("its name in the outputs", _OUTPUT, f"- !Ref {own}\n{' ' * 8}")),
        )
        if not there
    ]


def shown_name(own: str, alarm: str, parameters: Iterable[str]) -> str:
    """The name of an alarm as it is inside a Sub. `own`: logical id of its function."""
    return _named(own, alarm, parameters)[1]


def _named(own: str, alarm: str, parameters: Iterable[str]) -> tuple[str, str]:
    """The name of its alarm, as YAML and inside of a Sub: a parameter where there is one, as for those of the
    service; any other follows from the prefix."""
    if f"{own}AlarmName" in parameters:
        return f"!Ref {own}AlarmName", f"${{{own}AlarmName}}"
    shown = f"${{AlarmPrefix}}{alarm.removeprefix(_PREFIX)}"
    return f"!Sub {shown}", shown


def _known(resources: Json) -> set[str]:
    """The alarms that the generic function leaves alone."""
    pattern = resources["UnknownAlarm"]["Properties"]["Events"]["Alarm"]["Properties"]["Pattern"]
    named = pattern["detail"]["alarmName"][0]["anything-but"]
    return {each.get("Fn::Sub", f"${{{each.get('Ref')}}}") for each in named}


def _senders(resources: Json) -> set[str]:
    """The rules that may send to the queue of what was not delivered."""
    (allowed,) = resources["UndeliveredPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    return {each["Fn::GetAtt"][0] for each in allowed["Condition"]["ArnEquals"]["aws:SourceArn"]}
