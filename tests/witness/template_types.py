"""The resource types of our template that moto's CloudFormation does not know, made through moto's own API
from the properties that it has resolved."""

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import boto3

# With all of its own types: of two of one name moto takes the later.
from moto.cloudformation import parsing as _own_types  # noqa: F401
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.common_models import CloudFormationModel

from responder.core.plain_data import Json

type Properties = Json


class _ThroughApi:
    """A resource that one operation makes. `answer`: what that operation has answered."""

    kind: ClassVar[str] = ""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.physical_resource_id = name
        self.type = self.kind
        self._attributes = attributes

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.kind

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self._attributes[attribute_name]

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> "_ThroughApi":
        name, attributes = MAKERS[cls.kind](resource_name, cloudformation_json["Properties"], region_name)
        return cls(name, attributes)


type Made = tuple[str, Mapping[str, str]]
type Maker = Callable[[str, Properties, str], Made]


def _client(service: str, region: str) -> Any:
    make: Any = boto3.client
    return make(service, region_name=region)


def _typed(shape: Any, value: Any) -> Any:
    """CloudFormation takes a number or a truth as text, the API does not."""
    match shape.type_name:
        case "structure":
            return {key: _typed(shape.members[key], member) for key, member in value.items()}
        case "list":
            return [_typed(shape.member, member) for member in value]
        case "integer" | "long":
            return int(value)
        case "double" | "float":
            return float(value)
        case "boolean":
            return str(value).lower() == "true"
    return value


def _call(client: Any, operation: str, **given: Any) -> Any:
    api = client.meta.method_to_api_mapping[operation]
    shape = client.meta.service_model.operation_model(api).input_shape
    return getattr(client, operation)(**_typed(shape, given))


def _alarm(name: str, given: Properties, region: str) -> Made:
    own = {key: value for key, value in given.items() if key != "Tags"}
    alarm = own.setdefault("AlarmName", name)
    _call(_client("cloudwatch", region), "put_metric_alarm", **own)
    return alarm, {"Arn": f"arn:aws:cloudwatch:{region}:{DEFAULT_ACCOUNT_ID}:alarm:{alarm}"}


def _lower(value: Any) -> Any:
    """As the API of CloudWatch Logs writes it."""
    if isinstance(value, list):
        return [_lower(member) for member in value]
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: _lower(member) for key, member in value.items()}
    return value


def _metric_filter(name: str, given: Properties, region: str) -> Made:
    own = _lower({"FilterName": name, **given})
    for metric in own["metricTransformations"]:
        if "dimensions" in metric:
            metric["dimensions"] = {pair["key"]: pair["value"] for pair in metric["dimensions"]}
    _call(_client("logs", region), "put_metric_filter", **own)
    return own["filterName"], {}


def _queue_policy(name: str, given: Properties, region: str) -> Made:
    for url in given["Queues"]:
        _client("sqs", region).set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": json.dumps(given["PolicyDocument"])}
        )
    return name, {}


def _bucket_policy(_: str, given: Properties, region: str) -> Made:
    # moto reads no condition: a Deny of what is not encrypted on its way would deny everything.
    document = given["PolicyDocument"]
    plain = [part for part in document["Statement"] if "Condition" not in part]
    if plain:
        policy = json.dumps({**document, "Statement": plain})
        _client("s3", region).put_bucket_policy(Bucket=given["Bucket"], Policy=policy)
    return given["Bucket"], {}


def _subscription(_: str, given: Properties, region: str) -> Made:
    place = {key: given[key] for key in ("TopicArn", "Protocol", "Endpoint")}
    attributes = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in given.items()
        if key not in place
    }
    made = _client("sns", region).subscribe(**place, Attributes=attributes, ReturnSubscriptionArn=True)
    return made["SubscriptionArn"], {}


def _url(_: str, given: Properties, region: str) -> Made:
    own = {"FunctionName": given["TargetFunctionArn"], "AuthType": given["AuthType"]}
    made = _client("lambda", region).create_function_url_config(**own)
    return made["FunctionArn"], {"FunctionUrl": made["FunctionUrl"]}


def _invoke_config(name: str, given: Properties, region: str) -> Made:
    # moto keeps one of a function, not of a version or alias.
    own = {key: value for key, value in given.items() if key != "Qualifier"}
    _call(_client("lambda", region), "put_function_event_invoke_config", **own)
    return name, {}


def _alias(_: str, given: Properties, region: str) -> Made:
    made = _call(_client("lambda", region), "create_alias", **given)
    return made["AliasArn"], {}


def _version(_: str, given: Properties, region: str) -> Made:
    made = _client("lambda", region).publish_version(FunctionName=given["FunctionName"])
    return made["FunctionArn"], {"Version": made["Version"]}


def _schedule(name: str, given: Properties, region: str) -> Made:
    schedule = given.get("Name", name)
    made = _call(_client("scheduler", region), "create_schedule", **{**given, "Name": schedule})
    return schedule, {"Arn": made["ScheduleArn"]}


MAKERS: Mapping[str, Maker] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::Lambda::Alias": _alias,
    "AWS::Lambda::EventInvokeConfig": _invoke_config,
    "AWS::Lambda::Url": _url,
    # moto has it, without its attribute `Version`.
    "AWS::Lambda::Version": _version,
    "AWS::Logs::MetricFilter": _metric_filter,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SNS::Subscription": _subscription,
    "AWS::SQS::QueuePolicy": _queue_policy,
    "AWS::Scheduler::Schedule": _schedule,
}
# moto finds them as direct subclasses of its own.
TYPES = tuple(
    type(kind.rpartition(":")[2], (_ThroughApi, CloudFormationModel), {"kind": kind}) for kind in MAKERS
)
