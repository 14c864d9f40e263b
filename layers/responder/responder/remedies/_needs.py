"""Rights that several remedies share, with the reason that stands beside each in the template."""

from responder.permissions import Permission, no_layers

_READS = ("GetFunctionConfiguration", "ListAliases", "ListVersionsByFunction")


def to_configure(function_arn: str, purpose: str) -> tuple[Permission, ...]:
    """Read, change and release one function's configuration; never bring code into it."""
    return (
        *(Permission(f"lambda:{read}", function_arn) for read in _READS),
        Permission("lambda:UpdateFunctionConfiguration", function_arn, purpose),
        Permission("lambda:PublishVersion", function_arn, "an alias serves only what is published"),
        Permission("lambda:UpdateAlias", function_arn, "let the alias serve what was changed"),
        no_layers(function_arn),
    )
