"""Our own stack: it may change the service, so its bucket, tables and functions are judged as closely."""

from collections.abc import Iterator

from responder.checks import commands
from responder.checks.commands import aws
from responder.checks.finding import AMBER, RED, Checked, CheckItem, Items
from responder.checks.security import bucket
from responder.core.errors import AwsError
from responder.core.permissions import ANY, APPROVALS_TABLE, CLAIMS_TABLE, INCIDENTS_TABLE, Permission
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import text

# The pages of ListFunctions.
type ListedOrError = list[Json] | AwsError

CHAPTER = "セキュリティ監査"
_STACK = "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AWS::StackName}/*"
# Those of our functions have the stack's name as their path, those of their schedules begin with it.
_ROLES = tuple(
    f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/${{AWS::StackName}}{each}"
    for each in ("/*", "-*")
)
_RIGHTS = (
    (
        "dynamodb",
        ("DescribeTable", "DescribeContinuousBackups"),
        (INCIDENTS_TABLE, CLAIMS_TABLE, APPROVALS_TABLE),
    ),
    ("iam", ("GetRole", "ListRolePolicies", "ListAttachedRolePolicies", "GetRolePolicy"), _ROLES),
    ("cloudformation", ("DescribeStacks", "GetTemplate", "ListStackResources"), (_STACK,)),
    ("lambda", ("ListFunctions",), (ANY,)),
)
NEEDS = (
    *(Permission(f"{of}:{each}", on) for of, actions, where in _RIGHTS for each in actions for on in where),
    *bucket.needs("${ReportsBucket.Arn}"),
)


def layers(found: ListedOrError, settings: Settings) -> Items:
    """Code that a function of this stack runs and that another account can change."""
    this = Checked.FUNCTION_LAYERS.of(chapter=CHAPTER)
    if isinstance(found, AwsError):
        return (this.unread(text("check.security.part.functions"), found),)
    ours = {
        name: [str(layer["Arn"]) for layer in each.get("Layers", ())]
        for name, each in functions(found).items()
        if name.startswith(f"{settings.stack}-")
    }
    if not ours:
        return (this.unknown(text("check.security.no_functions", stack=settings.stack)),)
    foreign = {
        name: arns
        for name, used in ours.items()
        if (arns := [each for each in used if each.split(":")[4] != settings.account])
    }
    if not foreign:
        return (this.green(text("check.security.layers", count=len(ours))),)
    details = [
        text("check.security.layer", function=name, layer=arn)
        for name, used in foreign.items()
        for arn in used
    ]
    said = text("check.security.layers.foreign", count=len(details))
    command = " && ".join(
        _use(settings, name, ours[name], [arn for arn in ours[name] if arn not in arns])
        for name, arns in foreign.items()
    )
    caution = text("check.security.caution.layers", functions=", ".join(foreign))
    return (this.red(said, *details, text("check.security.by_hand"), command=command, caution=caution),)


def _use(settings: Settings, function: str, now: list[str], layers: list[str]) -> str:
    region, query = settings.region, "to_string(Layers[].Arn)"
    show = "lambda get-function-configuration"
    read = aws(show, region, function_name=function, query=query, output="text")
    left = layers or "[]"
    change = aws("lambda update-function-configuration", region, function_name=function, layers=left)
    return commands.unchanged(read, commands.written(now), change)


def functions(found: list[Json]) -> dict[str, Json]:
    """The functions in the pages of ListFunctions, by name."""
    return {str(each["FunctionName"]): each for page in found for each in page.get("Functions", ())}


def other_roles(found: ListedOrError, settings: Settings) -> Iterator[CheckItem]:
    """Functions of the service under another role than the one that is judged, and functions of this stack
    under
    a role that no stack gave them: the stack's roles have its name as their path."""
    if isinstance(found, AwsError):
        return
    roles = {name: str(each["Role"]) for name, each in functions(found).items() if each.get("Role")}
    service = (settings.create_function, settings.result_function, *settings.rollout_functions)
    theirs = [name for name in service if name in roles and _name(roles[name]) != settings.service_role]
    ours = [name for name in roles if name.startswith(f"{settings.stack}-")]
    strange = [name for name in ours if not name.startswith(f"{_path(roles[name])}-")]
    for light, kind, key, names in (
        (AMBER, Checked.SERVICE_FUNCTION_ROLES, "other_role", theirs),
        (RED, Checked.OWN_FUNCTION_ROLES, "strange_role", strange),
    ):
        if names:
            said = text(f"check.security.{key}", functions=", ".join(names), role=settings.service_role)
            details = (
                text("check.security.other_role.one", function=each, role=_name(roles[each]))
                for each in names
            )
            command = aws("iam list-attached-role-policies", role_name=_name(roles[names[0]]))
            yield kind.of(chapter=CHAPTER).item(light, said, *details, command=command)


def _name(role: str) -> str:
    return role.rpartition("/")[2]


def _path(role: str) -> str:
    """Its first part; `/` without one, with which no function's name begins."""
    return role.partition(":role/")[2].rpartition("/")[0].partition("/")[0] or "/"


def in_vpc(found: ListedOrError, settings: Settings) -> bool:
    """A liveness function runs in a VPC, as it is known to be deployed where that cannot be read."""
    if isinstance(found, AwsError):
        return True
    there = functions(found)
    names = (settings.create_function, settings.result_function)
    return any((there.get(name, {}).get("VpcConfig") or {}).get("VpcId") for name in names)
