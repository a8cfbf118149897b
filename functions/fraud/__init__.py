"""Fraud: scores orders before money moves, on Azure.

Owns its decisions, kept by order, and the history it scores by; both behind a port of its own, `history.py`. Receives
no event and emits none, never changes an order, and keeps e-mail addresses only as digests.
"""
