"""The same calls on two imitations of AWS that know nothing of each other: the local AWS and moto."""
