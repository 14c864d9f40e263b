"""Whether moto can be the second witness here: tried before it is imported, which an older one may break."""

import os
import socket
from importlib.metadata import PackageNotFoundError, version

from local_aws.client.process import INTERPRETER

HOST = "127.0.0.1"
# It has `scheduler`, TransactWriteItems with every condition, and function URLs.
OLDEST = (5, 2, 5)
_LAST = 65_535


class NotUsable(Exception):
    """One line for people: what is missing."""


def check(port: str) -> int:
    """The port of moto's server, which must be free; 0: the system chooses later. Raises NotUsable."""
    try:
        installed = version("moto")
    except PackageNotFoundError:
        installed = "none"
    parts = tuple(int(part) for part in installed.split(".")[:3] if part.isdigit())
    if parts < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise NotUsable(f"moto {installed} is installed, and {wanted} or newer is needed: make setup")
    if not INTERPRETER.exists():
        raise NotUsable("The environment of the local AWS is missing: make setup")
    if not port.isdecimal() or int(port) > _LAST:
        raise NotUsable(f"{port} is no port: PORT is a number up to {_LAST}; 0 lets the system choose")
    free_port(int(port))
    return int(port)


def free_port(port: int) -> int:
    """That port, or one that the system chooses where it is 0. Raises NotUsable where it is in use."""
    try:
        with socket.create_server((HOST, port)) as probe:
            return int(probe.getsockname()[1])
    except OSError as error:
        why = os.strerror(error.errno or 0)
        hint = "PORT=… names another, none lets the system choose"
        raise NotUsable(f"Port {port} of {HOST} cannot be used ({why}): {hint}") from None
