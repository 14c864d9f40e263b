"""A local AWS with the service of one of the drill's worlds, and some traffic of the last hours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from liveness_ops.local_aws import LocalAws
from liveness_ops.world import seed
from liveness_ops.world.build import World, build
from liveness_ops.world.endings import normal
from liveness_ops.world.names import REGION
from liveness_ops.world.points import of_requests
from liveness_ops.world.traffic import unfold


@contextmanager
def started(world: World) -> Iterator[tuple[str, str]]:
    """Its endpoint and its Region; it ends with the block."""
    with LocalAws(region=REGION) as aws:
        aws.settings(evaluates=0)
        fill(aws, world)
        yield aws.endpoint, REGION


def fill(aws: LocalAws, world: World) -> None:
    """The service, and what its users left."""
    build(aws.client, world)
    requests = unfold(normal(), datetime.now(UTC))
    seed.put_points(aws, of_requests(requests, world.qualifier))
