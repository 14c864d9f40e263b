"""Plain data: events, findings, proposals, changes, commands, reports, settings. Nothing here calls AWS."""
