"""The audit of the alarms: what is deployed, whether it can fire, and whether its notification arrives."""
