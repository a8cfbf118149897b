"""From a request to a typed function and back: routing, validation, problem+json, idempotency, authentication."""
