"""How soon a fault becomes an alarm here: at the real traffic, with the alarms as they are deployed."""
