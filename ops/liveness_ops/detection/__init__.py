"""How soon a fault becomes an alarm at the real traffic: the command `detect`."""
