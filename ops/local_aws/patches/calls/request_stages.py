"""Stages of every AWS call: fault before, rate, permission, rules, canned answer, service, fault after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core.router import extract_region

from local_aws.patches import patching
from local_aws.patches.dynamodb import scaling
from local_aws.patches.iam import decisions

from . import canned_answers, empty_members, faults, rates, sizes, trail
from .wire import ANSWER, CURRENT, Answer, Raw, Request, error, read

# Error code, message and, unless it is 400, status; or the whole answer.
type Refusal = tuple[str, str] | tuple[str, str, int] | Answer | None
type Rule = Callable[[Request], Refusal]

# (service, operation) -> rules that may refuse an authorised call as AWS would.
RULES: dict[tuple[str, str], list[Rule]] = {}


def rule(service: str, *operations: str) -> Callable[[Rule], Rule]:
    """Register a rule that AWS has and ministack does not."""

    def register(check: Rule) -> Rule:
        for operation in operations:
            RULES.setdefault((service, operation), []).append(check)
        return check

    return register


def install() -> None:
    """Put these stages around ministack's dispatch and around each service's handler."""
    parameters = "method path headers body query_params request_id"
    _SERVICE.append(patching.swap(app, "_dispatch_service_request", parameters, _dispatch))
    patching.need(app, "SERVICE_HANDLERS", "detect_service", "_routing_params")
    for service, handler in list(app.SERVICE_HANDLERS.items()):
        app.SERVICE_HANDLERS[service] = _guarded(handler)


_SERVICE: list[Callable[..., Any]] = []
# Headers that ministack adds to every answer, and AWS to S3's alone: each costs the caller time.
_FOREIGN = (
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "x-amz-request-id",
    "x-amz-id-2",
)


async def _dispatch(*given: Any) -> Answer:
    raw = Raw(*given[:5])
    request = read(
        raw, lambda: app.detect_service(raw.method, raw.path, raw.headers, app._routing_params(*raw))
    )
    CURRENT.set(request)

    async def run() -> Answer:
        if turned_away := rates.refused(request, extract_region(raw.headers)):
            return turned_away
        if request.service in canned_answers.SERVICES:
            region = extract_region(raw.headers)
            return decisions.authorise(request, region) or _canned_answer(request, region)
        answer: Answer = await _SERVICE[0](*given)
        if request.service != "s3":
            for name in _FOREIGN:
                answer[1].pop(name, None)
        return answer

    return await faults.around(request, run)


def _canned_answer(request: Request, region: str) -> Answer:
    entry = canned_answers.find(request)
    served = canned_answers.answer(entry, request) if entry else scaling.answer(request)
    if served is None:
        return canned_answers.absent(request)
    trail.note(request, region, served)
    return served


def _guarded(handler: Callable[..., Any]) -> Callable[..., Any]:
    async def guarded(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Answer:
        request = CURRENT.get()
        # A service that calls another one inside the process comes here with a foreign request.
        known = request is not None and request.headers is headers
        decisions.act()
        answer = _instead(request) if request and known else None
        if answer is None:
            answer = await handler(method, path, headers, body, query_params)
        if request and known:
            answer = empty_members.left_out(request.service, answer)
        ANSWER.set(answer)
        return answer

    return guarded


def _instead(request: Request) -> Answer | None:
    if entry := canned_answers.find(request):
        return canned_answers.answer(entry, request)
    if too_large := sizes.refused(request):
        return too_large
    refusals = (check(request) for check in RULES.get((request.service, request.operation), []))
    refused: Any = next((each for each in refusals if each), None)
    return error(request.headers, *refused) if refused and isinstance(refused[0], str) else refused
