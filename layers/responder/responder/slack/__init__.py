"""The only room that imports slack_sdk; its errors are translated here."""
