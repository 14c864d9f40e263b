"""The console of the on-call team, `liveness-ops`. Never shipped to Lambda."""
