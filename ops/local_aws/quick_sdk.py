"""botocore with the same results for less CPU: it works out again, for each session, client and request, what
follows from names and from AWS's models alone.

For processes of drills and tests, never for the product. ``worker_parent.py`` loads this file by its path,
with the botocore of a layer.
"""

import http.client
from email._policybase import Compat32
from functools import cache, lru_cache
from typing import Any, Self
from urllib import parse

from botocore import auth, awsrequest, compat, hooks, loaders, parsers, regions


def quicken() -> None:
    """From now on, in this process and its forks."""
    _read_models_once()
    _make_sessions_once()
    _pass_headers_quickly()
    _cache_what_is_read()


def _cache_what_is_read() -> None:
    # The body of a form is quoted twice: to sign it, and to send it.
    quote = parse.quote_from_bytes
    once = lru_cache(64)(quote)
    parse.__dict__["quote_from_bytes"] = lambda bs, safe="/": (once if type(bs) is bytes else quote)(bs, safe)
    # Metrics have data at the same minutes.
    parsers.__dict__["DEFAULT_TIMESTAMP_PARSER"] = lru_cache(4096)(parsers.DEFAULT_TIMESTAMP_PARSER)


def _read_models_once() -> None:
    """AWS's models of its services, and which there are: that is most of what a session costs."""
    loader: Any = loaders.Loader
    load = cache(loaders.JSONFileLoader().load_file)
    loaders.JSONFileLoader.load_file = lambda self, file_path: load(file_path)  # type: ignore[method-assign]
    look, found = loader.list_available_services, dict[tuple[str, ...], list[str]]()

    def services(self: Any, type_name: str) -> list[str]:
        key = (type_name, *self.search_paths)
        if key not in found:
            found[key] = look(self, type_name)
        return found[key]

    loader.list_available_services = services


def _make_sessions_once() -> None:
    inner: Any = regions
    events: Any = hooks.EventAliaser
    # Bound methods are new each time, their functions are not.
    takes = cache(hooks.accepts_kwargs)
    hooks.accepts_kwargs = lambda func: takes(getattr(func, "__func__", func))
    name_of, names = events._alias_event_name, dict[str, str]()

    def alias(self: Any, event_name: str) -> str:
        if event_name not in names:
            names[event_name] = name_of(self, event_name)
        return names[event_name]

    made, provider = dict[int, tuple[Any, Any]](), inner.EndpointProvider

    def provide(*, ruleset_data: Any, **more: Any) -> Any:
        # Kept with its data, so that no other data get their address.
        if id(ruleset_data) not in made:
            made[id(ruleset_data)] = (provider(ruleset_data=ruleset_data, **more), ruleset_data)
        return made[id(ruleset_data)][0]

    events._alias_event_name, inner.EndpointProvider = alias, provide


class _Key(str):
    """A header's name, equal to the same one in other letters."""

    __slots__ = ("written",)
    written: str

    def __new__(cls, name: str) -> Self:
        """In lower case."""
        made = super().__new__(cls, name.lower())
        made.written = name
        return made

    def __str__(self) -> str:
        return self.written

    def __repr__(self) -> str:
        return repr(self.written)


class _AsIs(Compat32):
    """Headers of requests are ASCII, those of answers are read as ISO 8859-1: nothing in them is replaced."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The value."""
        return value


_AS_IS = _AsIs()


class _Headers(compat.HTTPHeaders):
    _headers: list[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__(policy=_AS_IS)

    def __setitem__(self, name: str, value: str) -> None:
        self._headers.append((name, value))

    def items(self) -> list[tuple[str, str]]:
        """A copy, as of any message."""
        return self._headers[:]


def _pass_headers_quickly() -> None:
    """A third of what a request costs its caller."""
    sent: Any = awsrequest
    signed: Any = auth
    sent._HeaderKey = lru_cache(4096)(_Key)
    sent.HeadersDict.items = lambda self: [(str(key), value) for key, value in self._dict.items()]
    # Twice for each request, of the same few addresses.
    if hasattr(signed, "_host_from_url"):
        signed._host_from_url = lru_cache(1024)(signed._host_from_url)
    sent.HTTPHeaders = signed.HTTPHeaders = _Headers
    read = http.client.__dict__["_parse_header_lines"]

    def parsed(lines: list[bytes], kind: Any = http.client.HTTPMessage) -> Any:
        pairs = [line.decode("iso-8859-1").partition(":") for line in lines[:-1]]
        if any(not colon or not name.isascii() or " " in name for name, colon, _ in pairs):
            return read(lines, kind)
        message = kind(policy=_AS_IS)
        for name, _, value in pairs:
            message.set_raw(name, value.lstrip(" \t").rstrip("\r\n"))
        return message

    http.client.__dict__["_parse_header_lines"] = parsed
