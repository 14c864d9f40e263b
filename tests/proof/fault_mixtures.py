"""Random mixtures of what goes wrong, and an independent oracle for what they justify.

Nothing here calls the rules under test: the oracle counts what was made, not what was read.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from rehearsal.world import request_endings
from rehearsal.world.lines import Format, lines
from rehearsal.world.traffic import Ending, Request
from responder.core.frozen import frozen
from responder.core.settings import Settings
from tests.fakes.gateway import NOW
from tests.unit.evidence import callers

CREATE, RESULT = Settings().functions
BOTH = (CREATE, RESULT)
# Which functions an alarm is about.
ABOUT = {
    "create-session-errors": (CREATE,),
    "get-result-errors": (RESULT,),
    "high-error-rate": BOTH,
    "low-success-rate": BOTH,
    "session-creation-errors": (CREATE,),
    "sure-faults": BOTH,
}
MINUTES = 180
WINDOWS = (15, 60, 180)

GET = request_endings.GET
_THROTTLED = request_endings.service_error("ThrottlingException", GET, retries=4)
SURE = {
    "internal error": request_endings.service_error("InternalServerError", GET),
    "internal error of the table": request_endings.service_error("InternalServerError", "PutItem"),
    "access denied": request_endings.service_error("AccessDeniedException", GET),
    "access to the table denied": request_endings.service_error("AccessDeniedException", "GetItem"),
    "import error": request_endings.import_error(),
}
THROTTLES = {
    "throttled": _THROTTLED,
    "throttled, then timed out": replace(request_endings.timed_out(15.0), lines=_THROTTLED.lines),
    "throttled by the table": request_endings.service_error(
        "ProvisionedThroughputExceededException", "UpdateItem", retries=9
    ),
    "a used-up quota": request_endings.service_error("ServiceQuotaExceededException", GET),
    "unavailable for too many requests": request_endings.service_error("ServiceUnavailable", "GetItem"),
    **{
        f"the code {code}": request_endings.service_error(code, GET)
        for code in ("429", "503", "509", "RequestThrottledException", "BandwidthLimitExceeded", "SlowDown")
    },
    # What a request continues without: it does not count as its failure, but shows load.
    "passed, without its audit log": request_endings.audit_log_failed("SlowDown", "reduce your request rate"),
    "passed, without a metric": request_endings.metric_failed("Throttling"),
    "a call turned away that nothing catches": request_endings.crashed(
        "ThrottlingException",
        "An error occurred (ThrottlingException) when calling the GetItem operation: slow down",
    ),
}
PROVOKED = {
    **THROTTLES,
    "timed out": request_endings.timed_out(15.0),
    "an internal error, then timed out": replace(
        request_endings.timed_out(15.0), lines=SURE["internal error"].lines
    ),
    "killed for its memory": request_endings.out_of_memory(),
    "an exception": request_endings.unexpected(),
    "an exception that nothing catches": request_endings.crashed("KeyError", "'x'"),
    "a resource that is not there": request_endings.service_error("ResourceNotFoundException", "GetItem"),
    "a proxy on the way": request_endings.service_error("504", "GetItem"),
    "a status that is not known": request_endings.service_error("529", GET),
    "a code that is not known": request_endings.service_error("TeapotException", GET),
}
NORMAL = {
    "session not found": request_endings.not_found(),
    "session expired": request_endings.expired(),
    "not finished": request_endings.unfinished(),
    "passed": Ending(),
    "passed, without an audit log that was denied": request_endings.audit_log_failed(
        "AccessDenied", "(SlowDown)"
    ),
}
KINDS = {**SURE, **PROVOKED, **NORMAL}
_DIES = {kind for kind, ending in KINDS.items() if ending.status}


@frozen
class Mixture:
    """What happened in the last three hours. Minutes count back from now; a request of minute 0 began less
    than one minute ago.

    Attributes:
        requests: function -> (minute, kind) -> how many.
        unlogged: function -> minute -> invocations that died and left no line.
        turned_away: function -> minute -> calls that Lambda throttled.
        table: minute -> throttle events.
        capped: function -> the minute back to which its log was read.
        unread: functions whose log was not read at all.
        blind: looks that failed.
        printed: function -> (minute, line) that the service printed as a caller had sent it.
    """

    slug: str
    requests: dict[str, Counter[tuple[int, str]]]
    unlogged: dict[str, Counter[int]] = field(default_factory=dict)
    turned_away: dict[str, Counter[int]] = field(default_factory=dict)
    table: Counter[int] = field(default_factory=Counter)
    capped: dict[str, int] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    blind: frozenset[str] = frozenset()
    form: Format = Format.TEXT
    printed: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def calls(self, function: str, minutes: int, newest: int = 0) -> int:
        """Invocations, also those that left no line. `newest`: how many minutes ago they end."""
        logged = [(ago, number) for (ago, _), number in self.requests[function].items()]
        counted = [*logged, *self.unlogged.get(function, Counter()).items()]
        return sum(number for ago, number in counted if newest <= ago < minutes)

    def by_minute(self, function: str) -> tuple[Counter[int], Counter[int]]:
        """Invocations and Lambda Errors of each minute, also of those without any."""
        calls, errors = (Counter(dict.fromkeys(range(MINUTES), 0)) for _ in range(2))
        for (ago, kind), number in self.requests[function].items():
            calls[ago] += number
            errors[ago] += number if kind in _DIES else 0
        for each in (calls, errors):
            each.update(self.unlogged.get(function, {}))
        return calls, errors

    def seen(self, function: str, kinds: set[str], minutes: int, newest: int = 0) -> int:
        """Requests of these kinds whose lines could be read. `newest`: how many minutes ago they end."""
        most = min(minutes, self.capped.get(function, MINUTES))
        if function in self.unread:
            return 0
        return sum(
            n for (ago, kind), n in self.requests[function].items() if kind in kinds and newest <= ago < most
        )

    def log(self, function: str) -> Iterator[tuple[datetime, str, str]]:
        """(time, stream, line) of what a look would read."""
        number = 0
        for (minute, kind), count in self.requests[function].items():
            for _ in range(count):
                number += 1
                if minute >= self.capped.get(function, MINUTES) or function in self.unread:
                    continue
                at = NOW - timedelta(minutes=minute + 0.5)
                name = str(UUID(int=(number << 8) + (function == CREATE)))
                request = Request(function, at, name, "session", "EMP1", KINDS[kind], logged=True)
                # All lines of it within its own minute, as the oracle counts it.
                yield from ((at, name, line) for _, line in lines(request, self.form))
        for place, (minute, line) in enumerate(self.printed.get(function, ())):
            if minute < self.capped.get(function, MINUTES) and function not in self.unread:
                name = str(UUID(int=(place << 64) + 1))
                yield NOW - timedelta(minutes=minute + 0.5), name, line.replace(callers.REQUEST, name)


def justified(mixture: Mixture, *without: int) -> bool:
    """Sure faults of one function alone meet every number, also without the newest minute, whose invocations
    may not all have arrived, and `without` so many."""
    return any(
        all(_justified(mixture, function, newest) for newest in (0, 1, *without))
        for function in ABOUT[mixture.slug]
    )


def _justified(mixture: Mixture, function: str, newest: int) -> bool:
    if "failures" in mixture.blind or "invocations" in mixture.blind or function in mixture.unread:
        return False
    # Of the time before its log is known, neither number is.
    windows = [min(each, mixture.capped.get(function, MINUTES)) for each in WINDOWS]
    window = next((each for each in windows if mixture.calls(function, each, newest) >= 20), windows[-1])
    calls = mixture.calls(function, window, newest)
    faults = mixture.seen(function, set(SURE), window, newest)
    recent = mixture.seen(function, set(SURE), min(15, window), newest)
    return calls >= 20 and faults >= 5 and recent >= 3 and faults * 100 > 5 * calls


def throttled(mixture: Mixture) -> bool:
    """Something was turned away within the hour, wherever it was seen."""
    lines_say = any(mixture.seen(function, set(THROTTLES), 60) for function in BOTH)
    calls = any(n and ago < 60 for each in mixture.turned_away.values() for ago, n in each.items())
    table = any(n and ago < 60 for ago, n in mixture.table.items())
    return lines_say or calls or table


def known(mixture: Mixture) -> bool:
    """That nothing was turned away could have been seen."""
    return not (mixture.blind or mixture.unread or any(minute < 60 for minute in mixture.capped.values()))


def may_act(mixture: Mixture) -> bool:
    """The liveness check may be switched off without asking."""
    # A throttle of the last three minutes may not have arrived.
    return justified(mixture, 3) and not throttled(mixture) and known(mixture)


def mixture(rng: Random, slug: str, *, readable: bool = False) -> Mixture:
    """One of them; about half hold sure faults that would suffice alone. `readable`: no look fails."""
    calm = rng.random() < 0.7
    requests = {name: _requests(rng, calm=calm) for name in BOTH}
    found = Mixture(slug, requests, form=rng.choice([*Format]))
    if rng.random() < 0.2:
        silent = (_minute(rng) for _ in range(rng.choice((1, 8, 30))))
        found.unlogged[rng.choice(BOTH)] = Counter(silent)
    elif rng.random() < 0.5:
        found.printed[rng.choice(BOTH)] = _printed(rng, found.form)
    if not calm:
        _turned_away(rng, found)
    return found if readable or rng.random() < 0.7 else _partly_blind(rng, found)


def _requests(rng: Random, *, calm: bool) -> Counter[tuple[int, str]]:
    """Of one function; `calm`: none of them was throttled."""
    requests = Counter[tuple[int, str]]()
    _some(rng, requests, [*NORMAL], rng.choice((0, 5, 18, 60, 200)))
    if rng.random() < 0.3:
        _at_the_edge(rng, requests)
    elif rng.random() < 0.6:
        _some(rng, requests, [*SURE], rng.choice((2, 4, 5, 6, 12, 40)))
    if rng.random() < 0.6:
        kinds = [kind for kind in PROVOKED if not (calm and kind in THROTTLES)]
        _some(rng, requests, kinds, rng.choice((1, 3, 6, 30, 80)))
    return requests


def _at_the_edge(rng: Random, requests: Counter[tuple[int, str]]) -> None:
    """Just enough sure faults or just too few, of about twenty requests or about one in twenty of many."""
    kind = rng.choice([*SURE])
    recent, earlier = rng.choice((2, 3)), rng.choice((1, 2, 3))
    requests[rng.randrange(15), kind] += recent
    requests[rng.randrange(15, 60), kind] += earlier
    wanted = rng.choice((20, 20 * (recent + earlier))) + rng.choice((-1, 0, 1))
    requests[rng.randrange(15, 60), "passed"] += max(0, wanted - sum(requests.values()))


def _printed(rng: Random, form: Format) -> list[tuple[int, str]]:
    """Lines that a caller made up, of a few minutes."""
    write = {Format.TEXT: callers.text, Format.JSON: callers.in_json}[form]
    known = [line for line, of in callers.printed("") if of is form.setting]
    known += [write("ERROR", said) for said in callers.behind_any_error("")]
    kinds = rng.sample(known, k=rng.choice((1, 2, 5)))
    return [(_minute(rng), rng.choice(kinds)) for _ in range(rng.choice((3, 30, 200)))]


def _turned_away(rng: Random, found: Mixture) -> None:
    if rng.random() < 0.4:
        found.turned_away[rng.choice(BOTH)] = Counter({_minute(rng): rng.choice((1, 40))})
    if rng.random() < 0.4:
        minutes = (_minute(rng) for _ in range(rng.choice((1, 3, 9))))
        found.table.update(dict.fromkeys(minutes, rng.choice((1, 400))))


def _partly_blind(rng: Random, found: Mixture) -> Mixture:
    what = rng.choice(("capped", "unread", "failures", "invocations", "table_pressure"))
    if what == "capped":
        return replace(found, capped={rng.choice(BOTH): rng.choice((0, 5, 14, 30, 59, 60, 90))})
    if what == "unread":
        return replace(found, unread=frozenset({rng.choice(BOTH)}))
    return replace(found, blind=frozenset({what}))


def _some(rng: Random, requests: Counter[tuple[int, str]], kinds: list[str], count: int) -> None:
    """Mostly of one or two kinds, as faults come."""
    mine = rng.sample(kinds, k=min(len(kinds), rng.choice((1, 1, 2, 4))))
    for _ in range(count):
        requests[_minute(rng), rng.choice(mine)] += 1


def _minute(rng: Random) -> int:
    """Mostly of the last quarter; else within the hour, or before. A look asks for three hours up to the end
    of the running minute, so that the oldest minute is not among them."""
    return rng.randrange(rng.choice((15, 15, 15, 60, MINUTES - 1)))
