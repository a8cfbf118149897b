"""Accounting: invoices and the double-entry ledger.

Owns invoice drafts, invoices and their gap-free numbers, journal entries and account totals. Drafts at confirmation or
approval, posts at dispatch (PROMISES 13), recognises revenue and cost of sales at delivery. Never touches money, stock
or an order's state: it only hears of them. An entry, once posted, is never changed or removed.
"""
