"""The same scenarios on moto, an independent imitation of AWS, next to the local AWS: `make witness`."""
