"""The console command `liveness-ops`: drills on a local AWS. Never shipped to Lambda."""
