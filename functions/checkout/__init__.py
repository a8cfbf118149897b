"""Takes orders and quotes.

Owns the checkout saga and the order as it was placed. Never touches stock, money or an order's later life itself: it
asks crm, pricing, inventory, furniture, fraud and payment by derived keys, and undoes what it began when one of them
says no.
"""
