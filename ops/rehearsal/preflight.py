"""A local AWS with the service of one of the drill's worlds, and some traffic of the last hours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from local_aws.client import LocalAws
from rehearsal.world import seed
from rehearsal.world.build import World, build
from rehearsal.world.names import REGION
from rehearsal.world.points import of_requests
from rehearsal.world.request_endings import normal
from rehearsal.world.traffic import unfold


@contextmanager
def started(world: str) -> Iterator[tuple[str, str]]:
    """Its endpoint and its Region; it ends with the block. `world`: a value of `World`."""
    with LocalAws(region=REGION) as aws:
        aws.settings(evaluates=0)
        fill(aws, World(world))
        yield aws.endpoint, REGION


def fill(aws: LocalAws, world: World) -> None:
    """The service, and what its users left."""
    build(aws.client, world)
    requests = unfold(normal(), datetime.now(UTC))
    seed.put_points(aws, of_requests(requests, world.qualifier))
