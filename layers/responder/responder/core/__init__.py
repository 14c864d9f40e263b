"""The words of this library as types: events, incidents, findings, proposals, changes, commands, settings. Nothing here calls AWS."""
