"""One folder per bounded context; a service sees shared and itself, never another service."""
