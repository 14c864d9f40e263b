"""What each class of remedy is called."""

MESSAGES: dict[str, tuple[str, str]] = {
    "class.lowers_security": ("セキュリティを下げる対応", "lowers security"),
    "class.costs_money": ("費用がかかる対応", "costs money"),
    "class.changes_code": ("動くコードを変える対応", "changes the code that runs"),
    "class.restores_configuration": ("設定を元に戻す対応", "restores configuration"),
    "class.never_applied": ("人だけが行う変更", "only ever done by a person"),
    "class.restores_security": ("セキュリティを元に戻す対応", "restores security"),
}
