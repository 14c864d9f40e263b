"""Every five minutes: finds open incidents that nobody follows and brings their follow-up back; tells of
changes that nobody reverts, approvals that nobody carries out, and what it could not look at."""

from responder.watchdog import round as rounds

handler = rounds.handle
needs = rounds.NEEDS
