"""What on-call sees and switches from a terminal: incidents, leases, pauses, modes, failures."""
