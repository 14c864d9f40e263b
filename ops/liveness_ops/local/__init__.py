"""A local AWS on this machine to try every command on. It belongs to a checkout."""
