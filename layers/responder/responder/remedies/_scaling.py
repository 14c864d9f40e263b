"""What Application Auto Scaling manages, and would change back."""

from typing import Any

from responder.context import Context

_KEPT = ("ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity")


def scaled(context: Context, namespace: str) -> list[dict[str, Any]]:
    """Scalable targets of one service, as far as a snapshot needs them."""
    pages = context.aws.pages(
        "application-autoscaling", "describe_scalable_targets", ServiceNamespace=namespace
    )
    found = (each for page in pages for each in page["ScalableTargets"])
    return [{key: each[key] for key in _KEPT if key in each} for each in found]
