"""The configuration of the service's functions against how they were deployed."""
