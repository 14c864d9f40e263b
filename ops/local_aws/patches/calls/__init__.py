"""Every AWS call, whatever its service: how it is read, refused, failed, answered and recorded."""
