"""A local AWS that stays, with the service and our stack, to try every command on."""
