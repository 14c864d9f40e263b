"""Every five minutes: finds open incidents without a running follow-up and restarts it; reports
changes that nothing reverts, approvals that were not applied, and what it could not read."""

from responder.watchdog import round as rounds

handler = rounds.handle
needs = rounds.NEEDS
