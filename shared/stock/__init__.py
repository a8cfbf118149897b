"""The domain that inventory and furniture share: stock documents, movements, costing, allocation and reservations.

Services may not import each other, so what both are made of lives here; each gives it a `Ledger` that says which SKUs
it owns and what its events are called. Everything runs in the owner's transaction, on documents got by key.
"""
