"""An order's life after checkout; the only service that changes an order's state.

Owns one document per order: every fact heard about it and every decision made on it, from which its status is folded.
Holds the review queue: people approve or reject, silent scores are asked for again, overdue reviews are rejected.
Publishes fraud's decisions for fraud, which no event reaches or leaves.
Never touches stock, money or parcels: their owners listen to what is decided here.
"""
