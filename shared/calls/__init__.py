"""Service-to-service calls."""

from shared.calls.port import Calls

__all__ = ["Calls"]
