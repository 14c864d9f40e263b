"""From what was found to what is wrong: the cause, what mends it, and the steps a person takes. Pure."""
