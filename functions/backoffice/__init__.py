"""What people on duty look at: one order's whole life, what waits for a decision, what failed, and the books.

Owns no documents: every fact on a page is asked of the service that owns it, every decision is that service's. Never
decides anything itself, and shows nobody but a signed-in operator anything.
"""
