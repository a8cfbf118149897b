"""The function that does nothing: what start-up is measured against."""

from flask import Request


def empty(request: Request) -> tuple[str, int]:
    """Answer 200."""
    return "{}", 200
