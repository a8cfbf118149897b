"""The Database port: documents got by key, optimistic transactions, declared indexes, an outbox; and its adapters."""

from shared.storage.database import Database, Transaction
from shared.storage.documents import Document, Index, Page

__all__ = ["Database", "Document", "Index", "Page", "Transaction"]
