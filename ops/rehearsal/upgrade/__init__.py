"""`make upgrade FROM=<commit>`: that commit on a local AWS, this checkout over it, then that commit again."""
