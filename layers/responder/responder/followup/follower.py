"""What a follow-up does between two waits. Every method can be repeated after a crash at any point."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from responder.aws.gateway import patient
from responder.aws.translate import raised
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Denied, Missing, Rejected, ResponderError
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.permissions import (
    ANY,
    APPROVALS_TABLE,
    FOLLOW_UP,
    INCIDENTS_TABLE,
    TOPIC,
    Permission,
    asking_stops,
    responder,
)
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.evidence.base import reason
from responder.followup.look import FollowUpLook, look
from responder.followup.perform import note, perform, report_broken
from responder.followup_rules import DutyKind, FollowUpMemory, done, due, pause, planned
from responder.respond.alarm import store
from responder.respond.playbook import PLAYBOOKS, SWITCHES
from responder.respond.report import start
from responder.store import Incidents
from responder.store.switches import known

type Moment = Json

# A look may be late by a slow start; later than this the watchdog counts it as dead.
_GRACE = timedelta(minutes=2)
_BLIND_MOST = 20
_FAILED_MOST = 10
# A topic that throttles or does not answer for some hours delays a message: a new execution could not send it
# either. Each failure costs four operations, so one execution can hold them all; the next one counts anew.
_UNREPORTED_MOST = 240
# Anything else is no key of the table either: DynamoDB would refuse it, again and again.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BLIND_SECONDS = 60

# What the follow-up needs of AWS. No right over the service: commands run in the alarms' own functions.
_RECORD = "what was done is on the incident"

NEEDS = frozenset(
    {
        *SWITCHES,
        Permission("dynamodb:GetItem", INCIDENTS_TABLE),
        Permission("dynamodb:Query", INCIDENTS_TABLE),
        Permission("dynamodb:PutItem", INCIDENTS_TABLE, _RECORD),
        Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, _RECORD),
        Permission("dynamodb:Query", APPROVALS_TABLE),
        Permission("cloudwatch:DescribeAlarms", ANY),
        Permission("cloudwatch:GetMetricData", ANY),
        Permission("sns:Publish", TOPIC, "notify on-call"),
        Permission("s3:PutObject", "${ReportsBucket.Arn}/incidents/*", "file the closing report"),
        *asking_stops(),
        Permission("lambda:InvokeFunction", FOLLOW_UP, "hand over to the next execution"),
        *(
            Permission(
                "lambda:InvokeFunction", responder(slug), "send a command; the function checks it again"
            )
            for slug in PLAYBOOKS
        ),
    }
)


@frozen
class Follower:
    """One incident, followed. `clock` is the time of this place (UTC)."""

    incident: str
    aws: Gateway
    settings: Settings
    clock: Callable[[], datetime]

    def begin(self) -> Moment:
        """The first moment. An incident that is unknown, closed or another's is left alone."""
        context = self._context(self.clock())
        incidents = store(context)
        head = found = None
        if _NAME.fullmatch(self.incident):
            head, found = incidents.head(self.incident), incidents.find(self.incident)
        # One that was replaced without a follow-up, or closed without a message, is still to be reported.
        ended = head is None or head.remembered.closed
        if ended:
            # A name that is not stored may be anything, such as a person's id.
            name = self.incident if head is not None or found is not None else "-"
            log().warning("not followed: unknown or closed", extra={"incident": name})
        start = {"at": context.now.isoformat(), "pause": 0, "due": [], "blind": 0, "failed": {}}
        return {**start, "over": bool(ended), "generation": head.generation if head else 0}

    def look(self, last: Moment) -> Moment:
        """Look once. Time never runs backwards over a wait: at least what was waited for has passed."""
        if last.get("rest"):
            # The first look of an operation comes without a wait: what failed just now is not due yet.
            return {**last, "due": [], "pause": last["rest"], "rest": 0}
        at = max(self.clock(), datetime.fromisoformat(last["at"]) + timedelta(seconds=last["pause"]))
        moment = {**last, "at": at.isoformat(), "due": [], "blind": 0}
        try:
            looked = self._looked(at)
            if looked is None or looked.head.generation != last["generation"]:
                return {**moment, "over": True}
            plan = planned(looked.seen, looked.memory)
            moment["due"] = [each.id for each in due(looked.seen, looked.memory, plan)]
            moment["pause"] = pause(looked.seen, looked.memory, plan)
            kept = self._remember(looked, looked.memory, moment["pause"])
            return moment if kept else {**moment, "over": True}
        except ResponderError as error:
            blind = last["blind"] + 1
            log().warning("a look failed", extra={"incident": self.incident, "error": str(error)})
            if blind > _BLIND_MOST:
                raise
            return {**moment, "pause": _BLIND_SECONDS, "blind": blind}

    def do(self, duty_id: str, moment: Moment) -> Moment:
        """Do one duty, if it is still due. What fails is due again after a rest; the eleventh
        failure in a row is raised (of a topic that is away the 241st): this execution ends, and others are
        notified of it."""
        try:
            looked = self._looked(datetime.fromisoformat(moment["at"]))
            if looked is None or looked.head.generation != moment["generation"]:
                return {**moment, "over": True}
            return self._done(duty_id, looked, moment)
        except ResponderError as error:
            about = {"incident": self.incident, "duty": duty_id, "error": str(error)}
            log().warning("a duty failed", extra=about)
            times = moment.get("failed", {}).get(duty_id, 0) + 1
            # SNS throttles or does not answer, which passes; what it refuses, it will refuse again.
            away = isinstance(error, AwsError) and (error.service, error.operation) == ("sns", "Publish")
            passes = away and not isinstance(error, Denied | Missing | Rejected)
            if times > (_UNREPORTED_MOST if passes else _FAILED_MOST):
                raise
            failed = {**moment.get("failed", {}), duty_id: times}
            return {**moment, "rest": _BLIND_SECONDS, "failed": failed}

    def hand_over(self, moment: Moment) -> Moment:
        """Hand over to a new execution, before this one reaches its limits."""
        context = self._context(datetime.fromisoformat(moment["at"]))
        incidents = store(context)
        head = incidents.head(self.incident)
        if head is not None and head.generation == moment["generation"]:
            incidents.next_generation(head, context.now + _GRACE)
            head = incidents.head(self.incident)
        if head is not None:
            start(context, head)
        return {**moment, "over": True}

    def broken(self, moment: Data, kind: str, words: str = "") -> Moment:
        """Report that no follow-up watches this incident for now. `kind`, `words`: the error that ended
        it."""
        context = self._context(datetime.fromisoformat(moment["at"]))
        error = raised({"errorType": kind, "errorMessage": words})
        why = reason(error) if error is not None else kind
        report_broken(context, store(context), self.incident, why)
        return {**moment, "over": True}

    def _done(self, duty_id: str, looked: FollowUpLook, moment: Moment) -> Moment:
        context, seen, memory = self._context(looked.seen.now), looked.seen, looked.memory
        duty = next((each for each in due(seen, memory) if each.id == duty_id), None)
        if duty is None:
            # Done before a crash, or made unnecessary by the previous one. No wait precedes this either.
            return {**moment, "pause": 1}
        incidents = store(context)
        finished = perform(context, incidents, looked, duty)
        kept = self._remember(looked, done(duty, seen, memory) if finished else memory, 1)
        if finished:
            data = {"task": duty.task, "key": duty.key, "why": duty.why}
            if duty.task is DutyKind.JUDGE:
                data["helped"] = duty.data["helped"]
            note(context, incidents, looked, "duty", data)
        over = (finished and duty.task is DutyKind.CLOSE) or not kept
        failed = {key: times for key, times in moment.get("failed", {}).items() if key != duty_id}
        return {**moment, "pause": 1, "over": over, "failed": failed}

    def _looked(self, at: datetime) -> FollowUpLook | None:
        context = self._context(at)
        return look(context, store(context), self.incident)

    def _remember(self, looked: FollowUpLook, memory: FollowUpMemory, seconds: int) -> bool:
        next_look = looked.seen.now + timedelta(seconds=seconds) + _GRACE
        return Incidents(self.aws, self.settings.incidents_table).remember(looked.head, memory, next_look)

    def _context(self, now: datetime) -> Context:
        """The context with the current settings document, because an incident may last for days."""
        now = now.astimezone(UTC)
        return patient(known(self.aws, self.settings).context(self.aws, now))
