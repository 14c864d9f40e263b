"""moto's server on loopback, with what moto has in this process: for what speaks HTTP."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

from rehearsal.world.names import REGION
from tests.witness.usable import HOST, free_port


@contextmanager
def served(port: int = 0) -> Iterator[dict[str, str]]:
    """Variables for the SDK. `port`: 0 lets the kernel choose. Raises NotUsable where it is in use."""
    port = free_port(port)
    server = ThreadedMotoServer(ip_address=HOST, port=port, verbose=False)
    server.start()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": HOST,
        }
    finally:
        server.stop()
