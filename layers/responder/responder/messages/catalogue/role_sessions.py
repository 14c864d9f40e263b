"""Why an AWS identity does not stand for one person (`responder.evidence.role_sessions`)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "session.no_person": (
        "IAM ユーザーでもロールのセッションでもないため、人とみなせません",
        "the caller is neither an IAM user nor the session of a role",
    ),
    "session.another_account": (
        "ロール {role} は別のアカウントにあり、信頼ポリシーを確認できません",
        "the role {role} belongs to another account, so its trust policy cannot be read",
    ),
    "session.unreadable": (
        "ロール {role} の信頼ポリシーを解釈できません",
        "the trust policy of the role {role} cannot be understood",
    ),
    "session.principal": (
        "ロール {role} を、1 つのアカウントまたは 1 つの ID プロバイダーの利用者以外も引き受けられます",
        "the role {role} can be assumed by others than the users of one account or one identity provider",
    ),
    "session.name": (
        "ロール {role} の信頼ポリシーがセッション名を本人の名前に固定していないため、名前を自由に選べます",
        "anyone who assumes the role {role} can choose the name of the session: its trust policy does not "
        "demand the caller's own name",
    ),
    "session.source_only": (
        "ロール {role} の信頼ポリシーはソース ID だけを固定しており、セッション名は自由に選べます",
        "the role {role} forces the source identity only; the name of the session can still be chosen",
    ),
    "session.several": (
        "ロール {role} の信頼ポリシーはセッション名を複数の方法で決めるため、2 人が同じ名前になれます",
        "the role {role} makes the name of a session in several ways, so two people can get the same name",
    ),
}
