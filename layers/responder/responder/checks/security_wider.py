"""What a role or managed policy of ours has beyond the template, and what takes it away. Pure."""

from responder.check import Item, Light
from responder.checks.security_beyond import Beyond
from responder.checks.security_own import CHAPTER
from responder.checks.security_template import POLICY, Given
from responder.text import text


def wider(physical: str, said: Given, more: Beyond) -> Item:
    """`physical`: the name of a role, the ARN of a managed policy."""
    parts = {
        "inline": more.inline,
        "attached": tuple(each.rpartition("/")[2] for each in more.attached),
        "actions": more.actions,
        "trusted": more.trusted,
        "undenied": more.undenied,
    }
    details = (
        *(
            text(f"check.security.beyond.{name}", names=", ".join(found))
            for name, found in parts.items()
            if found
        ),
        text("check.security.by_hand"),
    )
    told = text("check.security.role.wider", role=physical.rpartition("/")[2])
    return Item(Light.RED, told, details, CHAPTER, _mend(physical, said, more))


def _mend(physical: str, said: Given, more: Beyond) -> str:
    """What was added beside the template can be taken away; what was changed within has to be read first."""
    if said.kind == POLICY:
        return f"aws iam list-policy-versions --policy-arn {physical}"
    role = f"--role-name {physical}"
    added = [
        *(f"aws iam delete-role-policy {role} --policy-name {each}" for each in more.inline),
        *(f"aws iam detach-role-policy {role} --policy-arn {each}" for each in more.attached),
    ]
    if added:
        return " && ".join(added)
    if more.trusted:
        return f"aws iam get-role {role} --query Role.AssumeRolePolicyDocument"
    return f"aws iam get-role-policy {role} --policy-name {min(said.inline)}"
