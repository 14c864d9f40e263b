"""The first line of what the follow-up tells: what the reader must do."""

MESSAGES: dict[str, tuple[str, str]] = {
    "must.take_over": (
        "対応できる人が引き受け（ack）、「次の作業」を上から行ってください。",
        "Acknowledge it if you take it, and work through What you do below.",
    ),
    "must.take_over_answer": (
        "対応できる人が引き受け（ack）、承認か却下をしてください（{until} まで）。",
        "Acknowledge it if you take it, and approve or reject what is proposed (by {until}).",
    ),
    "must.no_work": ("操作は不要です。", "Nothing to do."),
    "must.told_later": (
        "操作は不要です。復旧を確認したら知らせます。",
        "Nothing to do; you will be told once the recovery is proven.",
    ),
    "must.ends_alone": (
        "期限が来たら自動で戻すので、操作は不要です。",
        "It is taken back by itself when its time comes; nothing to do.",
    ),
    "must.asked_from": (
        "{at} 以降に、元に戻す承認を求めます。それまで操作は不要です。",
        "From {at} on you are asked to approve taking it back; nothing to do until then.",
    ),
    "must.answer_back": (
        "元に戻す承認の依頼が続けて届くので、答えてください。",
        "A request to approve the way back follows: answer it.",
    ),
    "must.asked_again": (
        "元に戻す承認は、あらためて求めます。",
        "You will be asked again to approve taking it back.",
    ),
    "must.ask_back": (
        "元に戻すには、liveness-ops revert で依頼して承認してください。",
        "To take it back, ask for it by liveness-ops revert and approve it.",
    ),
    "must.postponed": (
        "この理由がなくなれば自動で再開します。急ぐ場合は、理由（停止設定やモード）を解除してください。",
        "It goes on by itself once that reason is gone; lift it (the pause, the mode) if you cannot wait.",
    ),
    "must.find_out": (
        "「次の作業」で理由を確認し、手で直してください。",
        "Find out why with What you do below, and put it right by hand.",
    ),
    "must.mend_settings": (
        "「次の作業」のとおり設定文書を直し、それまでは手で対処してください。"
        "この通知はインシデントごとに 1 回だけです。",
        "Mend it with What you do below, and act by hand until then; this is sent once for each incident.",
    ),
    "must.fix_cause": (
        "アラームはまだ ALARM です。原因の解消を急いでください。",
        "The alarm is still in ALARM: fix the cause soon.",
    ),
    "must.ends_at": ("{until} までに自動で戻します。", "It is taken back by itself by {until}."),
    "must.keep_or_undo": (
        "CDK の定義に反映するか、元に戻してください（次の cdk deploy で失われます）。",
        "Put it into the CDK definition or take it back (the next cdk deploy undoes it).",
    ),
    "must.watch_traffic": (
        "次のリクエストで再発しないか、見てください。",
        "Watch whether the next requests succeed.",
    ),
    "must.restore_by_hand": (
        "有効なまま残っている変更: {remedy}。自動では戻らないので、手で戻してください。",
        "Still in force: {remedy}. Nothing takes it back any more: do it by hand.",
    ),
    "must.read_newer": (
        "以後は新しいインシデントのメッセージを見てください。",
        "Read the messages of the newer incident from now on.",
    ),
}
