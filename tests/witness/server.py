"""moto's server on loopback, with what moto has in this process: for what speaks HTTP."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

from moto.server import ThreadedMotoServer

from rehearsal.world.names import REGION
from tests.witness.moto_version import NotUsable

HOST = "127.0.0.1"


@contextmanager
def served(port: int = 0) -> Iterator[dict[str, str]]:
    """Variables for the SDK. `port`: 0 lets the kernel choose. Raises NotUsable where it is taken."""
    try:
        with closing(socket.create_server((HOST, port))) as probe:
            port = port or int(probe.getsockname()[1])
    except OSError as error:
        why = os.strerror(error.errno or 0)
        hint = "PORT=… names another, none lets the system choose"
        raise NotUsable(f"Port {port} of {HOST} cannot be used ({why}): {hint}") from None
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
