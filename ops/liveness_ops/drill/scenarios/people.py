"""People at the entry, and past it: with the rights of on-call's policy, which IAM enforces."""

from liveness_ops.drill import deeds
from liveness_ops.drill.deeds import Act, AlarmDeleted, Deed, EntryDown, WithSession
from liveness_ops.drill.scenario import Expect, Scenario, Step
from liveness_ops.drill.scenarios._shared import OFF, failing
from liveness_ops.drill.scenarios.settings import LOWER, LOWERED, NEAR
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, service_error

PEOPLE, ALARM, OUT = "people", "high-error-rate", "rollout_to_zero"
TRAFFIC = failing(service_error("InternalServerError", GET))
ASKED = Expect(cause="cause.internal", results={OUT: "asked"}, because={OUT: "guard.mode_approve"})
NOTHING = Expect(messages=0)
APPLIED = Expect(results={OUT: "applied"}, after=OFF)


def _asked(name: str, words: Words, *then: Step, denied: bool = False) -> Scenario:
    """Turning the check off waits for an approval."""
    return Scenario(
        ALARM,
        name,
        words,
        ASKED,
        traffic=TRAFFIC,
        modes={OUT: "approve"},
        then=then,
        part=PEOPLE,
        denied=denied,
    )


def _denied(act: Act, words: Words) -> Deed:
    return Deed(
        what=words,
        command="past the entry",
        who="oncall",
        act=act,
        expect=NOTHING,
        ends="AccessDeniedException",
    )


SCENARIOS = (
    _asked(
        "people-approve",
        Words("当番がコンソールから承認する", "On-call approves at the console"),
        Deed(
            what=Words(
                "署名したリクエストで承認し、適用する", "A signed request approves it, and it is applied"
            ),
            command="approve",
            who="oncall",
            act=deeds.approves,
            expect=APPLIED,
        ),
    ),
    _asked(
        "people-forge",
        Words(
            "当番の 1 人が入口を通らずに、別の人の承認を作ろうとする",
            "One person on call tries to make an approval of another one, past the entry",
        ),
        _denied(deeds.forges_a_row, Words("承認の行を書く", "Write a row of approvals")),
        _denied(deeds.commands, Words("アラームの関数に直接指示する", "Command the alarm's function")),
        _denied(
            deeds.forges_an_event,
            Words(
                "呼び出し元を偽ったイベントで入口の関数を呼ぶ",
                "Invoke the entry's function with a forged caller",
            ),
        ),
        _denied(deeds.raises_the_mode, Words("モードを auto に上げる", "Raise the mode to auto")),
        denied=True,
    ),
    _asked(
        "people-reject",
        Words("却下し、取り下げ、別の人が承認する", "Rejected, withdrawn, and approved by another person"),
        Deed(
            what=Words("当番が却下する", "On-call rejects"),
            command="reject",
            who="oncall",
            act=deeds.rejects,
            expect=NOTHING,
        ),
        Deed(
            what=Words("リーダーの承認は通らない", "The lead's approval is declined"),
            command="approve",
            who="lead",
            act=deeds.approves,
            expect=NOTHING,
            ends="denial.rejected_before",
        ),
        Deed(
            what=Words("別の人の却下は取り下げられない", "Another person's rejection cannot be withdrawn"),
            command="withdraw",
            who="lead",
            act=deeds.withdraws,
            expect=NOTHING,
            ends="denial.not_rejected",
        ),
        Deed(
            what=Words("当番が却下を取り下げる", "On-call withdraws the rejection"),
            command="withdraw",
            who="oncall",
            act=deeds.withdraws,
            expect=NOTHING,
        ),
        Deed(
            what=Words("リーダーが承認し、適用する", "The lead approves, and it is applied"),
            command="approve",
            who="lead",
            act=deeds.approves,
            expect=APPLIED,
        ),
    ),
    _asked(
        "people-close",
        Words(
            "アラームが削除され、当番がインシデントを終了する",
            "The alarm is deleted, and on-call closes the incident",
        ),
        Deed(
            what=Words("ALARM の間は終了できない", "Not while the alarm is raised"),
            command="close",
            who="oncall",
            act=deeds.closes,
            expect=NOTHING,
            ends="denial.still_raised",
        ),
        Deed(
            what=Words(
                "アラームが削除されたあと、終了を依頼する", "Once it is deleted, the request is on record"
            ),
            command="close",
            who="oncall",
            act=deeds.closes,
            expect=NOTHING,
            before=(AlarmDeleted("FaceAuth-Liveness-HighErrorRate"),),
        ),
    ),
    _asked(
        "people-down",
        Words("入口が応答しない間に止める", "Stop everything while the entry does not answer"),
        Deed(
            what=Words("承認のリクエストに応答がない", "A request to approve has no answer"),
            command="approve",
            who="oncall",
            act=deeds.approves,
            expect=NOTHING,
            ends="console.no_answer",
            before=(EntryDown(),),
        ),
        Deed(
            what=Words("SSM に直接停止を書く", "Write a stop directly to SSM"),
            command="stop",
            who="oncall",
            act=deeds.stops,
            expect=Expect(messages=0, after={"stop drill": deeds.stop_of("oncall")}),
        ),
        Deed(
            what=Words(
                "入口が戻っても、承認は実行されない", "The entry is back, and the approval is not carried out"
            ),
            command="approve",
            who="oncall",
            act=deeds.approves,
            expect=Expect(results={OUT: "refused"}, because={OUT: "guard.paused"}),
            ends="person.not_done",
        ),
    ),
    Scenario(
        "low-success-rate",
        "people-twice",
        Words(
            "2 人の承認が必要な変更を、1 人が 2 つの ID で承認する",
            "One person approves with two identities what two people have to approve",
        ),
        Expect(cause="cause.near_threshold", results={LOWER: "asked"}),
        traffic=NEAR,
        part=PEOPLE,
        twists=(WithSession("oncall"),),
        then=(
            Deed(
                what=Words("IAM ユーザーとして承認する", "Approves as an IAM user"),
                command="approve",
                who="oncall",
                act=deeds.approves,
                expect=NOTHING,
            ),
            Deed(
                what=Words(
                    "同じ人がロールのセッションで承認する", "The same person, by the session of a role"
                ),
                command="approve",
                who="oncall",
                session=True,
                act=deeds.approves,
                expect=NOTHING,
            ),
            Deed(
                what=Words("別の人が承認し、下げる", "Another person approves, and it is lowered"),
                command="approve",
                who="lead",
                act=deeds.approves,
                expect=Expect(results={LOWER: "applied"}, after=LOWERED),
            ),
        ),
    ),
)
