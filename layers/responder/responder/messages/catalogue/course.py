"""The course of an incident, line by line."""

MESSAGES: dict[str, tuple[str, str]] = {
    "label.course": ("経過", "Course"),
    "course.news": ("要点", "News"),
    "course.elapsed": ("経過時間", "Lasts"),
    "course.since": (
        "発報から {span}（手順書の {minutes} 分以内）",
        "{span} since the first ALARM, within the manual's {minutes} min",
    ),
    "course.since_calm": ("発報から {span}", "{span} since the first ALARM"),
    "course.since_late": (
        "発報から {span}（手順書の {minutes} 分を超過）",
        "{span} since the first ALARM, beyond the manual's {minutes} min",
    ),
    "course.tried": ("自動対応", "Tried"),
    "course.tried_one": ("{remedy}: {what}", "{remedy}: {what}"),
    "course.tried_because": ("{remedy}: {what}（{because}）", "{remedy}: {what} ({because})"),
    "course.tried_nothing": (
        "なし（何も変更していません）",
        "nothing (the automation has changed nothing)",
    ),
    "course.ineffective": ("効果なし（反映後も ALARM が続いた）", "did not help (the alarm lasted on)"),
    "course.helped": ("ALARM が止まった（実施後は再発していない）", "the alarm has stayed calm since"),
    "course.working": ("反映中", "taking effect"),
    "course.judging": ("効果を確認中", "its effect is being watched"),
    "course.unseen_effect": (
        "効果は不明（アラームがない）",
        "its effect is not known: the alarm does not exist",
    ),
    "course.half": ("一部だけ実施", "partly done"),
    "course.going_back": ("元に戻している途中", "being taken back"),
    "course.gone": ("実施したが、今は有効でない", "was done, is not in force any more"),
    "answer.open": ("承認待ち", "waits for an answer"),
    "answer.approved": ("承認済み（まだ実行されていない）", "approved, not carried out yet"),
    "answer.rejected": ("却下された", "was rejected"),
    "answer.expired": ("期限までに承認されなかった", "not approved in time"),
    "answer.carried_out": ("承認され、実行済み", "approved and carried out"),
    "answer.not_carried_out": ("承認されたが、実行されなかった", "approved, but not carried out"),
    "course.proposed": ("承認待ち", "Waits for approval"),
    "course.asks": (
        "{remedy}: {change}（ID {id}、{until} まで有効{people}）",
        "{remedy}: {change} (id {id}, valid until {until}{people})",
    ),
    "course.change": (
        "{setting} {before} → {after}（{targets}）",
        "{setting} {before} → {after} ({targets})",
    ),
    "course.two_people": ("、2 人の承認が必要", ", two people have to approve"),
    "course.one_person": ("、1 人の承認で実行", ", one approval is enough"),
    "course.informed": ("連絡済み", "Told so far"),
    "course.at": ("{level}（{at}）", "{level} ({at})"),
    "course.at_once": ("{level}（発報時）", "{level} (at once)"),
    "course.ahead": ("次の連絡", "Told next"),
    "course.next_level": (
        "解決も引き受けもなければ、{at} に {level}",
        "{level} at {at}, unless it is solved or acknowledged",
    ),
    "course.last_level": ("なし（これが最後のレベル）", "nobody: this is the last level"),
    "course.taken": ("引き受け（ack）", "Acknowledged"),
    "course.taken_by": (
        "{person}（{until} まで、次のレベルへの連絡を止めています）",
        "by {person}, which holds the next level back until {until}",
    ),
    "course.taken_before": (
        "{person}（{until} に期限が切れ、連絡を再開しました）",
        "by {person}, until {until}; the escalation has gone on since",
    ),
    "course.taken_once": ("{person}（{until} まで）", "by {person}, until {until}"),
    "course.taken_by_nobody": (
        "まだ誰もいません（引き受けると {minutes} 分間、次のレベルへの連絡が止まります）",
        "by nobody yet (it holds the next level back for {minutes} min)",
    ),
    "course.detection": ("検知", "Detected"),
    "course.detected": (
        "最初の異常データから発報まで {span}",
        "{span} from the first bad datapoint to ALARM",
    ),
    "course.answer": ("最初の連絡", "First message"),
    "course.answered": (
        "発報から {span}（手順書の {minutes} 分以内）",
        "{span} after ALARM, within the manual's {minutes} min",
    ),
    "course.answered_late": (
        "発報から {span}（手順書の {minutes} 分を超過）",
        "{span} after ALARM, later than the manual's {minutes} min",
    ),
    "course.mitigation": ("緩和（OK）まで", "Mitigated"),
    "course.recovery": ("復旧まで", "Recovered"),
    "course.after": ("発報から {span}（{at}）", "{span} after ALARM ({at})"),
    "course.unproven_quiet": (
        "未確認（OK は続いたが、その間リクエストがなかった）",
        "not proven: OK lasted, but there was no traffic",
    ),
    "course.unproven_unread": (
        "未確認（リクエスト数を読めなかった）",
        "not proven: the traffic could not be read",
    ),
    "course.unproven_faulty": (
        "未確認（OK 後のリクエストに失敗が多い）",
        "not proven: too many requests failed since OK",
    ),
    "course.unproven_unreleased": (
        "未確認（$LATEST では Liveness が無効で、切り替えていないエイリアスがある）",
        "not proven: the liveness check is off in $LATEST and not in every alias",
    ),
    "course.unproven_off": (
        "未確認（Liveness を通していないため、リクエストで確かめられない）",
        "not proven: nobody is on the liveness check",
    ),
    "course.unproven_lowered": (
        "未確認（信頼度閾値を下げているため、正常とは言えない）",
        "not proven: the confidence threshold is lowered",
    ),
    "course.traffic": ("OK 後のリクエスト", "Requests since OK"),
    "course.step": ("この段階のリクエスト", "Requests at this step"),
    "course.counted": ("{requests} 件（うち失敗 {faults} 件）", "{requests}, of them {faults} failed"),
    "course.count": ("{requests} 件", "{requests}"),
    "course.unread": ("読めませんでした", "could not be read"),
    "course.keeps": ("今後", "From now on"),
    "course.keeps_warm": (
        "{remedy}は、復旧の {minutes} 分後に自動で戻します",
        "{remedy}: taken back {minutes} min after recovery",
    ),
    "course.keeps_billing": (
        "{remedy}は、復旧の {minutes} 分後に元に戻す承認を求めます",
        "{remedy}: asked for {minutes} min after recovery",
    ),
    "course.keeps_unreleased": (
        "{remedy}は、承認を得て元の値に戻します",
        "{remedy}: goes back to the old value once approved",
    ),
    "course.keeps_off": (
        "{remedy}は、承認を得て段階ごとに戻します。各段階は {enough} 件以上で失敗 1% 未満なら次へ、"
        "{minutes} 分たっても件数が足りなければ人が判断します",
        "{remedy}: comes back in approved steps; each needs {enough} requests with faults below 1%, "
        "or a person's decision after {minutes} min",
    ),
}
