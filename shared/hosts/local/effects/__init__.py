"""The effects of an order: every event, delivery and attempt, and what came of it, on the order's trace."""
